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
    series: [{ okMs: [10], others: { failed: errors[second] ?? 0 }, errors: [] }],
  });
  const { all, tasks } = captured(minute(failing));
  expect(all.densestErrors).toEqual({ startMs: 20_000, endMs: 22_000, errors: 30 });
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

test('how late this machine started requests is kept by task, at the percentiles compared', () => {
  const run = captured(
    minute((second) => ({
      series: [{ okMs: repeat(60, 10), trends: { scheduleLag: repeat(second < 30 ? 0 : 8, 10) } }],
    })),
  );
  const [task] = run.tasks;
  expect(task?.lagMs).toMatchObject({ avg: 4, p50: 0, p95: expect.closeTo(8, 2) });
  expect(task?.sections.map(({ lagP50Ms }) => Math.round(lagP50Ms ?? 0))).toEqual([
    0, 0, 0, 0, 0, 8, 8, 8, 8, 8,
  ]);
  expect(captured().tasks[0]?.lagMs).toBeUndefined();
});

test('in an open model waiting for a free user is the system, not this machine', () => {
  const intervals = minute(() => ({
    series: [{ okMs: repeat(900, 10), trends: { scheduleLag: repeat(800, 10) } }],
    generator: { lag: histogram(repeat(2, 10)) },
  }));
  const lagIn = (model: string): number | undefined => {
    const stream = { phases: [phase], workload: { model } };
    const run = captureRun(makeResult({ stream, intervals }), { environment: 'local' });
    return run.tasks[0]?.lagMs?.p95;
  };
  expect(lagIn('open')).toBeCloseTo(2, 2);
  expect(lagIn('closed')).toBeCloseTo(800, 0);
});

test('levels with long ramps between them are cut into ten sections of their own time', () => {
  const level = { name: 'steady state', judged: true } as const;
  const ramp = { name: 'ramp-up', startMs: 20_000, endMs: 120_000, judged: false } as const;
  const phases = [
    { ...level, startMs: 0, endMs: 20_000 },
    ramp,
    { ...level, startMs: 120_000, endMs: 140_000 },
  ];
  const intervals = Array.from({ length: 140 }, (_, second): MadeInterval => {
    const isRamp = second >= 20 && second < 120;
    const phases = [isRamp ? 'ramp-up' : 'steady state'];
    // The requests of the end of the first level are answered within the ramp.
    const late = second === 21 ? [{ okMs: repeat(1500, 3) }] : [];
    const own = { okMs: repeat(second + 1, 10), phase: phases[0]! };
    return { phases, series: [own, ...late] };
  });
  const run = captureRun(makeResult({ stream: { phases }, intervals }), { environment: 'local' });
  const sections = run.tasks[0]!.sections;
  expect(sections.map(({ startMs, endMs, judgedMs }) => judgedMs ?? endMs - startMs)).toEqual(
    repeat(4000, 10),
  );
  expect(sections.map(({ outcomes }) => outcomes.ok)).toEqual([
    ...repeat(40, 4),
    43,
    ...repeat(40, 5),
  ]);
  expect(sections[5]).toMatchObject({ startMs: 120_000, endMs: 124_000 });
  expect(sections.every(({ judgedMs }) => judgedMs === undefined)).toBe(true);
});

test('a section that reaches over a ramp tells how much of it was judged', () => {
  const level = { name: 'steady state', judged: true } as const;
  const phases = [
    { ...level, startMs: 0, endMs: 15_000 },
    { ...level, startMs: 30_000, endMs: 45_000 },
  ];
  const intervals = Array.from({ length: 45 }, (_, second): MadeInterval => {
    const phases = [second >= 15 && second < 30 ? 'ramp-up' : 'steady state'];
    return { phases, series: [{ okMs: [5, 5], phase: phases[0]! }] };
  });
  const run = captureRun(makeResult({ stream: { phases }, intervals }), { environment: 'local' });
  const { sections } = run.tasks[0]!;
  expect(sections.map(({ endMs, startMs, judgedMs }) => judgedMs ?? endMs - startMs)).toEqual(
    repeat(3000, 10),
  );
  expect(baselineRunSchema.parse(JSON.parse(JSON.stringify(run)))).toEqual(run);
});
