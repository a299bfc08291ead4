/** `--project=custom` as its spec has it: as long as was asked, judged by what was asked, after a warm-up. */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadEntry } from '../../load/report/files/results-json.ts';
import { hasBegun, runFolderOf } from '../faults/driven-load.ts';
import { secondHealthAgent } from '../reference/second/health-agent.ts';
import type { SecondService } from '../reference/second/strict-service.ts';
import { drivenTest } from './driven-test.ts';

interface Custom {
  readonly load: LoadEntry;
  /** The matcher's message; undefined where it is content. */
  readonly message: string | undefined;
  readonly summary: string;
}

let service: SecondService;
test.beforeAll(async () => {
  service = await secondHealthAgent();
});
test.afterAll(() => service.close());

async function customLoad(settings: Readonly<Record<string, string>>): Promise<Custom> {
  const environment = {
    HEALTH_AGENT_URL: service.origin,
    LOAD_USERS: '2',
    LOAD_THINK: '50ms',
    LOAD_DURATION: '2s',
    ...settings,
  };
  const driven = { system: 'health-agent', project: 'custom', environment };
  const { loads, message } = await drivenTest(test.info(), driven);
  const summary = readFileSync(join(runFolderOf(test.info()), 'summary.md'), 'utf8');
  return { load: loads[0]!, message, summary };
}

/** How often the system was asked. */
function served(): number {
  return [...service.served.values()].reduce((sum, count) => sum + count, 0);
}

const limitsOf = ({ load }: Custom): string[] =>
  load.judgements.map(({ name, limit }) => `${name} ${limit}`);

test('without budgets it has only the default ones', async () => {
  const run = await customLoad({});
  expect(limitsOf(run)).toEqual([
    'errorRate < 1 %',
    'degradedRate < 5 %',
    'throttledRate < 1 %',
    'droppedIterations = 0',
    'longestStall < 2 s',
  ]);
  expect(run.load.end.plannedMs).toBe(2000);
});

test('LOAD_BUDGETS are judged, and lacking samples do not make it longer', async () => {
  // p99.9 needs more than the few dozen requests of two users.
  const run = await customLoad({ LOAD_BUDGETS: 'p99.9<1h,chat: throughput>1000/s' });
  expect(limitsOf(run)).toEqual(
    expect.arrayContaining(['p99.9 < 1 h', 'chat: throughput > 1000 /s']),
  );
  const { verdict, judgements, end, notes } = run.load;
  expect(verdict).toBe('fail');
  const status = (name: string) => judgements.find((one) => one.name === name)!.status;
  expect([status('p99.9'), status('chat: throughput')]).toEqual(['no-data', 'fail']);
  expect(end.plannedMs).toBe(2000);
  expect(notes.join('\n') + run.summary).not.toContain('after its planned end');
  expect(run.message).toContain('chat: throughput');
});

test('LOAD_WARM_UP comes before it, and is told apart', async () => {
  const { load, summary } = await customLoad({ LOAD_WARM_UP: '1s' });
  expect(load.parameters['workload']).toMatch(/, after 1 s of warm-up$/);
  expect(load.end.plannedMs).toBe(3000);
  const [warmUp] = load.statistics.elsewhere;
  expect(warmUp).toEqual({ phase: 'warm-up', requests: expect.any(Number) });
  expect(load.totals.scheduled).toBeGreaterThan(load.totals.judgedScheduled + warmUp!.requests);
  expect(summary).toContain(`warm-up: ${warmUp!.requests}`);
});

for (const [list, problem] of [
  ['p95', 'LOAD_BUDGETS="p95": "p95" is no limit; accepted is a list such as p95<2s,errorRate<1%'],
  ['latency<2s', 'LOAD_BUDGETS["latency"]: no such metric'],
] as const) {
  test(`LOAD_BUDGETS=${list} stops it before the first request`, async () => {
    const before = served();
    await expect(customLoad({ LOAD_BUDGETS: list })).rejects.toThrow(problem);
    expect(hasBegun(test.info())).toBe(false);
    expect(served()).toBe(before);
  });
}
