/** The query gateway's user with a server that records the requests. */
import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { outcomesOf, selectSeries, trendOf } from '../../load/metrics/result/select.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import type { LoadRun } from '../../load/run/load-run.ts';
import { queryGatewayUser, type QueryMix } from '../../load/systems/query-gateway/query-gateway.ts';
import { noThinkTime } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import { runForReal } from '../instrument/real-load.ts';

interface Asked {
  readonly result: Result;
  /** In the order in which they came. */
  readonly texts: readonly string[];
  readonly paths: ReadonlySet<string>;
}

/** A load ends when the server has received so many requests. */
const enough = 100;

async function ask(mix: Omit<QueryMix, 'think'>, count = 1): Promise<Asked> {
  const texts: string[] = [];
  const paths = new Set<string>();
  let run: LoadRun | undefined;
  let requests = 0;
  const server = createServer((request, response) => {
    paths.add(`${request.method} ${request.url}`);
    if (request.url !== '/metrics') requests += 1;
    if (requests === enough) run?.stop({ cause: 'completed', detail: 'all was asked' });
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (body !== '') texts.push((JSON.parse(body) as { text: string }).text);
      response.setHeader('content-type', 'application/json');
      response.setHeader('x-router-latency', '3.5');
      response.end('{"label":"1","confidence":0.9}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const { result } = await runForReal({
      url: `http://127.0.0.1:${port}`,
      workload: users({ count, spawnRate: count * 100, duration: '60s' }),
      user: queryGatewayUser({ ...mix, think: noThinkTime }) as unknown as UserDefinition,
      during: (begun) => (run = begun),
    });
    return { result, texts, paths };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function ok(result: Result, labels?: Record<string, string>): number {
  return outcomesOf(selectSeries(result, { phases: 'all', labels })).ok ?? 0;
}

test('an answer to a text that was answered before has a label of its own', async () => {
  const { result, texts } = await ask({ common: 1, unique: 1 });
  const seen = new Set<string>();
  let repeats = 0;
  for (const text of texts) {
    if (seen.has(text)) repeats += 1;
    seen.add(text);
  }
  expect(repeats).toBeGreaterThan(0);
  expect(ok(result, { answered: 'before' })).toBe(repeats);
  expect(ok(result, { answered: 'never' })).toBe(texts.length - repeats);
  const rates = selectSeries(result, { phases: 'all' }).map(
    ({ rates: own }) => own['achievableHitRate'],
  );
  const sum = (name: 'hits' | 'total') => rates.reduce((all, rate) => all + (rate?.[name] ?? 0), 0);
  expect([sum('hits'), sum('total')]).toEqual([repeats, texts.length]);
});

test('unique texts are never sent twice, by whichever user', async () => {
  const { texts } = await ask({ unique: 1 }, 5);
  expect(texts.length).toBeGreaterThanOrEqual(enough);
  expect(new Set(texts).size).toBe(texts.length);
});

test('the same seed sends the same common texts in the same order', async () => {
  const [one, other] = [await ask({ common: 1 }), await ask({ common: 1 })];
  const length = Math.min(one.texts.length, other.texts.length);
  expect(length).toBeGreaterThanOrEqual(enough);
  expect(one.texts.slice(0, length)).toEqual(other.texts.slice(0, length));
});

test('what the gateway says it took is recorded beside', async () => {
  const { result, texts } = await ask({ common: 1 });
  const latencies = trendOf(selectSeries(result, { phases: 'all' }), 'routerLatency');
  expect([latencies.count, latencies.min, latencies.max]).toEqual([texts.length, 3.5, 3.5]);
});

for (const [mix, expected] of [
  [{ common: 1 }, ['POST /v1/query-classify']],
  [{ health: 1 }, ['GET /health/live']],
  [{ unique: 1, health: 1 }, ['POST /v1/query-classify', 'GET /health/live']],
] as const) {
  test(`a mix of ${Object.keys(mix).join(' and ')} asks nothing else but for the metrics`, async () => {
    const { paths } = await ask(mix);
    expect([...paths].sort()).toEqual([...expected, 'GET /metrics'].sort());
  });
}
