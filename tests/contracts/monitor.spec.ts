/**
 * The monitor during a real load: its readings match the system's own counts, and its requests are not
 * counted.
 */
import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { launchReference } from '../../fixtures/reference/launch.ts';
import { readResult } from '../../load/metrics/log/reader.ts';
import { outcomesOf, selectSeries } from '../../load/metrics/result/select.ts';
import { parseExposition } from '../engine/monitor/parse-exposition.ts';
import { increaseOf } from '../../load/monitor/prometheus-difference.ts';
import { queryGatewayUser } from '../../load/systems/query-gateway/query-gateway.ts';
import { constant } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import { runForReal, type RealOutcome } from '../instrument/real-load.ts';

const workload = users({ count: 5, spawnRate: 50, duration: '1s' });
const user = (): UserDefinition =>
  queryGatewayUser({ common: 3, unique: 1, think: constant('10ms') }) as unknown as UserDefinition;

function judgementOf({ verdict }: RealOutcome, key: string) {
  return verdict.judgements.find(({ name }) => name === key)!;
}

test('the figures are the reference gateway’s own counts, and the questions are not among them', async () => {
  const gateway = await launchReference('query-gateway');
  const logPath = test.info().outputPath('log.ndjson');
  try {
    // Requests before the load, so that totals of the server would show in the figures.
    const texts = Array.from({ length: 64 }, (_, i) => `before the load ${i}`);
    const headers = { 'content-type': 'application/json' };
    const post = (text: string) =>
      fetch(`${gateway.url}/v1/query-classify`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ text }),
      });
    await Promise.all(texts.map(post));
    const outcome = await runForReal({
      url: gateway.url,
      workload,
      user: user(),
      logPath,
      shortened: true,
      budgets: { cacheHitRate: '> 1 %', averageBatchSize: '< 30', cacheHitRateGap: '< 20 points' },
    });
    const { result } = outcome;
    const exposition = parseExposition(await (await fetch(`${gateway.url}/metrics`)).text());
    if ('unknown' in exposition) throw new Error(exposition.unknown);
    const nothing = { ...exposition, series: new Map() };
    const counted = increaseOf(nothing, exposition, { name: 'query_gateway_requests_total' });
    const { ok } = outcomesOf(selectSeries(result, { phases: 'all' }));
    expect(counted! - texts.length).toBe(ok);
    expect(result.scheduled).toBe(ok);
    const read = result.readings.map(({ ratios }) => ratios?.['cacheHitRate']?.whole ?? 0);
    // It reads a last time when the load ends, while at most one request per user is in flight.
    const inFlight = ok! - read.reduce((sum, whole) => sum + whole, 0);
    expect(inFlight).toBeGreaterThanOrEqual(0);
    expect(inFlight).toBeLessThanOrEqual(5);
    for (const key of ['cacheHitRate', 'averageBatchSize', 'cacheHitRateGap']) {
      // If the machine is too busy to send the load, none is decided.
      expect(['pass', 'undecided']).toContain(judgementOf(outcome, key).status);
    }
    expect((await readResult(logPath)).readings).toEqual(result.readings);
  } finally {
    await gateway.stop();
  }
});

const good =
  'query_gateway_requests_total{cache_hit="true"} 9\nquery_gateway_requests_total{cache_hit="false"} 1\n';

/** A gateway that answers correctly, with a `/metrics` page from the test. */
async function gatewayWith(metrics: (response: ServerResponse) => void): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/metrics') metrics(response);
    else {
      response.setHeader('content-type', 'application/json');
      response.end('{"label":"1","confidence":0.9}');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

for (const [what, metrics, note] of [
  ['is not there', (response) => response.writeHead(404).end(), 'status 404'],
  ['is a page of HTML', (response) => response.end('<html></html>\n'), 'a page of HTML'],
  ['breaks off', (response) => response.end(good.slice(0, -3)), 'breaks off within a line'],
  ['never answers', () => undefined, 'timeout'],
  ['closes the connection', (response) => response.destroy(), '/metrics was unknown'],
  ['leads round', (response) => response.writeHead(302, { location: '/metrics' }).end(), 'unknown'],
  [
    'redirects to another host',
    (response) => response.writeHead(302, { location: 'http://login.test/' }).end(),
    'redirected to another host: http://login.test/',
  ],
  [
    'has other series',
    (response) => response.end('up 1\n'),
    'cacheHitRate in /metrics was unknown',
  ],
  ['stands still', (response) => response.end(good), ''],
] as readonly [string, (response: ServerResponse) => unknown, string][]) {
  test(`a gateway whose /metrics ${what} has no hit rate, and a budget on it no data`, async () => {
    const server = await gatewayWith(metrics);
    try {
      const { port } = server.address() as AddressInfo;
      const outcome = await runForReal({
        url: `http://127.0.0.1:${port}`,
        workload,
        user: user(),
        budgets: { cacheHitRate: '>= 0 %', cacheHitRateGap: '<= 100 points' },
      });
      for (const key of ['cacheHitRate', 'cacheHitRateGap']) {
        expect(judgementOf(outcome, key)).toMatchObject({ status: 'no-data', value: undefined });
      }
      expect(outcome.verdict.verdict).not.toBe('pass');
      expect(outcome.result.notes.join('\n')).toContain(note);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
}
