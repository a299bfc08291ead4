/** `--project=custom` as its user runs it: with the requested length and limits, after a warm-up. */
import { expect, test } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import type { LoadEntry, Results } from '../../load/report/files/results-json.ts';
import { repository } from '../child-processes.ts';
import { runSuite, type NestedRun } from '../engine/report/nested-playwright.ts';
import { secondHealthAgent } from '../reference/second/health-agent.ts';

interface Custom extends NestedRun {
  readonly load: LoadEntry | undefined;
  /** The requests that the system received. */
  readonly served: number;
}

async function customLoad(settings: Readonly<Record<string, string>>): Promise<Custom> {
  const service = await secondHealthAgent();
  const folder = test.info().outputPath('run');
  try {
    const words = ['--project=custom', 'health-agent', '--reporter=line,./fixtures/reporter.ts'];
    const run = await runSuite(repository, words, {
      LOAD_RUN_DIR: folder,
      HEALTH_AGENT_URL: service.origin,
      LOAD_USERS: '2',
      LOAD_THINK: '50ms',
      LOAD_DURATION: '2s',
      ...settings,
    });
    const path = `${folder}/results.json`;
    const results = existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as Results);
    const served = [...service.served.values()].reduce((sum, count) => sum + count, 0);
    return { ...run, load: results ? results.loads[0] : undefined, served };
  } finally {
    await service.close();
  }
}

const limitsOf = ({ load }: Custom): string[] =>
  load!.judgements.map(({ name, limit }) => `${name} ${limit}`);

test('without budgets it has only the default ones', async () => {
  const run = await customLoad({});
  expect(limitsOf(run), run.stdout).toEqual([
    'errorRate < 1 %',
    'degradedRate < 5 %',
    'throttledRate < 1 %',
    'droppedIterations = 0',
    'longestStall < 2 s',
  ]);
  expect(run.load!.end.plannedMs).toBe(2000);
});

test('LOAD_BUDGETS are judged, and lacking samples do not make it longer', async () => {
  // p99.9 needs more than the few dozen requests of two users.
  const run = await customLoad({ LOAD_BUDGETS: 'p99.9<1h,chat: throughput>1000/s' });
  expect(limitsOf(run), run.stdout).toEqual(
    expect.arrayContaining(['p99.9 < 1 h', 'chat: throughput > 1000 /s']),
  );
  const { verdict, judgements, end } = run.load!;
  expect(verdict).toBe('fail');
  const status = (name: string) => judgements.find((one) => one.name === name)!.status;
  expect([status('p99.9'), status('chat: throughput')]).toEqual(['no-data', 'fail']);
  expect(end.plannedMs).toBe(2000);
  expect(run.stdout).not.toContain('after its planned end');
  expect(run.code).toBe(1);
});

test('LOAD_WARM_UP comes before it, and is told apart', async () => {
  const { load, stdout } = await customLoad({ LOAD_WARM_UP: '1s' });
  expect(load!.parameters['workload'], stdout).toMatch(/, after 1 s of warm-up$/);
  expect(load!.end.plannedMs).toBe(3000);
  const [warmUp] = load!.statistics.elsewhere;
  expect(warmUp).toEqual({ phase: 'warm-up', requests: expect.any(Number) });
  expect(load!.totals.scheduled).toBeGreaterThan(load!.totals.judgedScheduled + warmUp!.requests);
  expect(stdout).toContain(`warm-up: ${warmUp!.requests}`);
});

for (const [list, problem] of [
  ['p95', 'LOAD_BUDGETS="p95": "p95" is no limit; accepted is a list such as p95<2s,errorRate<1%'],
  ['latency<2s', 'LOAD_BUDGETS["latency"]: no such metric'],
] as const) {
  test(`LOAD_BUDGETS=${list} stops it before the first request`, async () => {
    const { load, stdout, stderr, served, code } = await customLoad({ LOAD_BUDGETS: list });
    expect(stdout + stderr).toContain(problem);
    expect([load, served, code]).toEqual([undefined, 0, 1]);
  });
}
