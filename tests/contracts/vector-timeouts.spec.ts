/** Vector-store timeouts from a server's answer to the verdict, with any status. */
import { expect, test } from '@playwright/test';
import { outcomesOf, selectSeries } from '../../load/metrics/result/select.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import type { LoadRun } from '../../load/run/load-run.ts';
import { ragServiceUser } from '../../load/systems/rag-service/rag-service.ts';
import { constant } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { stages } from '../../load/workload/stages.ts';
import { runForReal, type RealOutcome } from '../instrument/real-load.ts';
import { httpServer, json, type Seen } from './client-harness.ts';

const good = {
  '/index': { collection: 'a', chunks: 12 },
  '/query': { answer: 'Ada', context: ['Ada looks after it.'], usage: { total_tokens: 9 } },
} as const;

interface Answer {
  readonly status: number;
  readonly body: object;
}

function isTenth(number: number): boolean {
  return number % 10 === 0;
}

/** A load ends when the server has received so many requests. */
const enough = 120;

/** With `bad`, every tenth request of the load gets that answer. */
async function loadOn(
  bad?: Answer,
  isBad = isTenth,
): Promise<RealOutcome & { readonly timeouts: number }> {
  let run: LoadRun | undefined;
  let number = 0;
  let timeouts = 0;
  const server = await httpServer(({ request }: Seen, response) => {
    number += 1;
    if (number === enough) run?.stop({ cause: 'completed', detail: 'all was asked' });
    if (bad === undefined || !isBad(number)) json(response, good[request.url as '/index']);
    else {
      timeouts += 1;
      json(response, bad.body, bad.status);
    }
  });
  try {
    const outcome = await runForReal({
      url: server.url,
      // Without its monitor, whose requests this server would count, too.
      user: { ...ragServiceUser, monitor: [] } as unknown as UserDefinition,
      workload: stages([{ users: 4, duration: '60s' }], { from: 4, thinkTime: constant('20ms') }),
      budgets: { vectorTimeoutRate: '< 0.1 %', errorRate: '< 90 %', degradedRate: '< 90 %' },
      during: (begun) => (run = begun),
    });
    return { ...outcome, timeouts };
  } finally {
    await server.close();
  }
}

function counted(result: Result): { hits: number; total: number } {
  const rates = selectSeries(result).map(({ rates: own }) => own['vectorTimeoutRate']);
  const sum = { hits: 0, total: 0 };
  for (const rate of rates) {
    sum.hits += rate?.hits ?? 0;
    sum.total += rate?.total ?? 0;
  }
  return sum;
}

const timeout = { error: 'vector store timeout' };
for (const { status, body, outcome } of [
  { status: 200, body: timeout, outcome: 'failed' },
  { status: 200, body: { ...good['/query'], ...good['/index'], ...timeout }, outcome: 'failed' },
  { status: 429, body: timeout, outcome: 'throttled' },
  { status: 500, body: { detail: 'deadline exceeded' }, outcome: 'failed' },
  { status: 503, body: timeout, outcome: 'degraded' },
  { status: 504, body: { detail: 'Deadline exceeded' }, outcome: 'failed' },
] as const) {
  test(`${status} ${Object.keys(body).join(', ')}: ${outcome}, and red`, async () => {
    const { result, verdict, timeouts } = await loadOn({ status, body });
    const judged = verdict.judgements.find(({ name }) => name === 'vectorTimeoutRate')!;
    expect(judged.status).toBe('fail');
    // By the server's own count.
    expect(timeouts).toBeGreaterThanOrEqual(enough / 10);
    expect(counted(result).hits).toBe(timeouts);
    const outcomes = selectSeries(result).map(({ outcomes: own }) => own[outcome] ?? 0);
    expect(outcomes.reduce((sum, count) => sum + count, 0)).toBe(timeouts);
    expect(judged.value).toBeCloseTo(timeouts / judged.samples, 9);
  });
}

for (const status of [200, 503] as const) {
  test(`a timeout with ${status} while users get ready is counted as any other`, async () => {
    const isBad = (number: number): boolean => number <= 2;
    const body = { ...good['/index'], ...timeout };
    const { result, verdict, timeouts } = await loadOn({ status, body }, isBad);
    const starting = result.series.filter(({ task }) => task === 'onStart');
    const [rate] = starting.flatMap(({ rates }) => rates['vectorTimeoutRate'] ?? []);
    // A user whose start failed starts again, if the load goes on for long enough.
    const { ok = 0, ...others } = outcomesOf(starting);
    expect(ok).toBeGreaterThanOrEqual(2);
    expect(others).toEqual({ [status === 200 ? 'failed' : 'degraded']: 2 });
    expect(rate).toEqual({ hits: 2, total: ok + 2 });
    expect(timeouts).toBe(2);
    const judged = verdict.judgements.find(({ name }) => name === 'vectorTimeoutRate')!;
    expect(judged).toMatchObject({ status: 'fail' });
    expect(judged.value).toBeCloseTo(2 / judged.samples, 9);
  });
}

test('without timeouts the budget is judged and met', async () => {
  const { result, verdict } = await loadOn();
  const judged = verdict.judgements.find(({ name }) => name === 'vectorTimeoutRate')!;
  expect(judged.value).toBe(0);
  expect(judged.status).not.toBe('fail');
  expect(counted(result)).toEqual({ hits: 0, total: judged.samples });
});

test('other errors are none', async () => {
  const { result, verdict } = await loadOn({ status: 500, body: { error: 'out of memory' } });
  const judged = verdict.judgements.find(({ name }) => name === 'vectorTimeoutRate')!;
  expect(judged.value).toBe(0);
  expect(judged.status).not.toBe('fail');
  expect(counted(result).total).toBe(judged.samples);
});
