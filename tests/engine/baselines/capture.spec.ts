import { expect, test } from '@playwright/test';
import { baselineRunSchema, type BaselineRun } from '../../../load/baselines/baseline-run.ts';
import { captureRun } from '../../../load/baselines/capture.ts';
import { planDifferences, planKeyOf } from '../../../load/baselines/plan-key.ts';
import { histogram, makeResult, repeat, type MadeInterval } from '../budgets/make-result.ts';

const phase = { name: 'steady state', startMs: 0, endMs: 60_000, judged: true } as const;

function minute(at: (second: number) => MadeInterval = () => ({})): MadeInterval[] {
  return Array.from({ length: 60 }, (_, second) => ({
    series: [{ okMs: repeat(second + 1, 10) }],
    ...at(second),
  }));
}

function captured(intervals: readonly MadeInterval[] = minute()): BaselineRun {
  const result = makeResult({ stream: { phases: [phase] }, intervals });
  return captureRun(result, { environment: 'local' });
}

test('a run leaves ten sections of equal length, and its figures', () => {
  const run = captured();
  const [task] = run.tasks;
  expect(task?.sections).toHaveLength(10);
  expect(task?.sections[2]).toMatchObject({
    startMs: 12_000,
    endMs: 18_000,
    outcomes: { ok: 60 },
    responseTime: { count: 60, min: 13_000, max: 18_000 },
  });
  const { median_latency_ms, p95_latency_ms, p99_latency_ms, ...exact } = run.all.figures;
  expect(exact).toEqual({
    avg_latency_ms: 30.5,
    error_rate_pct: 0,
    rps: 10,
    total_requests: 600,
    total_failures: 0,
  });
  expect(median_latency_ms).toBeCloseTo(30, 1);
  expect(p95_latency_ms).toBeCloseTo(57, 1);
  expect(p99_latency_ms).toBeCloseTo(60, 1);
  expect(run.all).toMatchObject({ okPerSecond: 10, scheduledPerSecond: 10 });
  expect(run.all.densestErrors).toBeUndefined();
});

test('it survives a file', () => {
  const run = captured();
  expect(baselineRunSchema.parse(JSON.parse(JSON.stringify(run)))).toEqual(run);
});

test('requests that are not ok count as slower than any', () => {
  const failing = { series: [{ okMs: repeat(5, 93), others: { failed: 7 } }] };
  const { all } = captured(minute(() => failing));
  expect(all.figures).toMatchObject({ p95_latency_ms: null, error_rate_pct: 7 });
  expect(all.figures).toMatchObject({ avg_latency_ms: 5, total_failures: 420 });
  expect(all).toMatchObject({ okPerSecond: 93, scheduledPerSecond: 100 });
});

test('each task has its own sections, even where it had no request in one', () => {
  const rare = { okMs: [40], task: 'index documents', request: 'index documents' };
  const run = captured(minute((second) => (second === 30 ? { series: [rare] } : {})));
  expect(run.tasks.map(({ name }) => name)).toEqual(['index documents', 'query']);
  expect(run.tasks[0]?.sections.map(({ outcomes }) => outcomes.ok ?? 0)).toEqual([
    0, 0, 0, 0, 0, 1, 0, 0, 0, 0,
  ]);
  expect(run.all.figures.total_requests).toBe(591);
});

test('the five seconds with the most errors are kept', () => {
  const errors: Record<number, number> = { 3: 2, 20: 15, 21: 15, 25: 1, 50: 9 };
  const failing = (second: number): MadeInterval => ({
    series: [{ okMs: [10], others: { failed: errors[second] ?? 0 } }],
  });
  const { all, tasks } = captured(minute(failing));
  expect(all.densestErrors).toEqual({ startMs: 17_000, endMs: 22_000, errors: 30 });
  expect(tasks[0]?.densestErrors).toEqual(all.densestErrors);
});

test('the lag of the generator is kept, and what made the run', () => {
  const generator = { lag: histogram(repeat(3, 100)) };
  const run = captured(minute(() => ({ generator })));
  expect(run.generatorLagP99Ms).toBeCloseTo(3, 2);
  expect(run).toMatchObject({ openModel: false, made: { cpu: 'c', host: 'h', seed: 1 } });
  expect(captured().generatorLagP99Ms).toBeNull();
});

test('a run without a request in its judged phases is refused', () => {
  const none = minute(() => ({ series: [] }));
  expect(() => captured(none)).toThrow('rag-service-steady-5-users: no request was scheduled');
});

test('plans that differ are named with both values', () => {
  const { plan } = makeResult();
  const [stream] = plan.streams;
  const parameters = { data: 'random, 3 rows, 3f2a' };
  const more = { ...plan, streams: [{ ...stream!, workload: { users: 10 }, parameters }] };
  const key = planKeyOf(plan);
  expect(planDifferences(key, planKeyOf({ ...plan, seed: 7, runId: 'other' }))).toEqual([]);
  expect(planDifferences(key, planKeyOf(more))).toEqual([
    'streams.0.workload: nothing, was {}',
    'streams.0.workload.users: 10, was nothing',
    'streams.0.parameters.data: "random, 3 rows, 3f2a", was nothing',
  ]);
});
