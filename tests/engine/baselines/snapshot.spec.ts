import { expect, test, type TestInfo } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { readBaseline } from '../../../load/baselines/baseline-file.ts';
import { captureRun } from '../../../load/baselines/capture.ts';
import type { ComparisonVerdict, MetricComparison } from '../../../load/baselines/comparison.ts';
import {
  takeSnapshot,
  type Snapshot,
  type SnapshotRequest,
} from '../../../load/baselines/snapshot.ts';
import { defaultTolerances } from '../../../load/baselines/tolerances.ts';
import { makeResult, repeat } from '../budgets/make-result.ts';

const phase = { name: 'steady state', startMs: 0, endMs: 10_000, judged: true } as const;
const intervals = Array.from({ length: 10 }, () => ({ series: [{ okMs: repeat(5, 20) }] }));
const result = makeResult({ stream: { phases: [phase] }, intervals });

function finding(verdict: ComparisonVerdict): MetricComparison {
  return {
    test: 'a',
    metric: 'p95',
    unit: 'ms',
    baseline: 5,
    observed: 9,
    verdict,
    tolerance: '+50 %',
    evidence: '',
  };
}

function take(testInfo: TestInfo, request: Partial<SnapshotRequest> = {}): Snapshot {
  return takeSnapshot({
    path: testInfo.outputPath('local', 'a.json'),
    mode: 'default',
    isRequired: true,
    unfit: undefined,
    tolerances: defaultTolerances,
    capture: () => captureRun(result, { environment: 'local' }),
    compare: () => ({ comparisons: [finding('pass')], notes: [], runs: 1 }),
    ...request,
  });
}

const missing = [
  ['a first run writes it, and is red', {}, false, /^Baseline written: .*there was none/, true],
  ['missing: written', { mode: 'missing' }, true, /^Baseline written: .*there was none/, true],
  ['none: not written', { mode: 'none' }, false, /^No baseline: .*-u writes it/, false],
  ['no pass is none', { unfit: 'it failed' }, false, /^No baseline: .*failed/, false],
  ['nor is one by missing', { mode: 'missing', unfit: 'short' }, false, /^No baseline/, false],
  ['-u writes it', { mode: 'changed' }, true, /^Baseline written: .*1 run$/, true],
  ['-u=all writes it', { mode: 'all' }, true, /^Baseline written: .*1 run$/, true],
  ['-u of a bad run', { mode: 'changed', unfit: 'short' }, false, /not written.*short/, false],
  [
    'not required: none',
    { isRequired: false },
    true,
    /^No baseline: .*nothing was compared/,
    false,
  ],
  [
    'not required, nor by missing',
    { isRequired: false, mode: 'missing' },
    true,
    /^No baseline/,
    false,
  ],
  [
    'not required, by -u',
    { isRequired: false, mode: 'changed' },
    true,
    /^Baseline written: .*1 run$/,
    true,
  ],
] as const;

for (const [what, request, pass, headline, isWritten] of missing) {
  test(`without a baseline: ${what}`, ({}, testInfo) => {
    const snapshot = take(testInfo, request);
    expect(snapshot.headline).toMatch(headline);
    expect(snapshot.pass).toBe(pass);
    expect(existsSync(testInfo.outputPath('local', 'a.json'))).toBe(isWritten);
  });
}

const compared = [
  ['pass', true, 'Baseline kept'],
  ['improved', true, 'Baseline kept'],
  ['inconclusive', true, 'Baseline kept'],
  ['regression', false, 'Worse than the baseline: 1 of 2'],
  ['critical', false, 'Worse than the baseline: 1 of 2'],
  ['saturated', false, 'Worse than the baseline: 1 of 2'],
  ['incomparable', true, 'Not comparable'],
] as const;

for (const [verdict, pass, headline] of compared) {
  for (const isRequired of [true, false]) {
    const what = isRequired ? '' : ', of a baseline that may be missing';
    test(`${verdict}${what} is ${pass ? 'green' : 'red'}`, ({}, testInfo) => {
      take(testInfo, { mode: 'changed' });
      const before = readFileSync(testInfo.outputPath('local', 'a.json'), 'utf8');
      const comparisons = [finding('pass'), finding(verdict)];
      const compare = () => ({ comparisons, notes: [], runs: verdict === 'incomparable' ? 0 : 1 });
      const snapshot = take(testInfo, { isRequired, compare });
      expect(snapshot.headline).toContain(headline);
      expect(snapshot.pass).toBe(pass);
      expect(snapshot.comparisons).toHaveLength(2);
      expect(readFileSync(testInfo.outputPath('local', 'a.json'), 'utf8')).toBe(before);
    });
  }
}

test('-u of a bad run leaves what is there', ({}, testInfo) => {
  take(testInfo, { mode: 'changed' });
  const before = readBaseline(testInfo.outputPath('local', 'a.json'));
  expect(take(testInfo, { mode: 'changed', unfit: 'it failed' }).pass).toBe(false);
  expect(readBaseline(testInfo.outputPath('local', 'a.json'))).toEqual(before);
});

test('-u again in the same run, as its repetitions do, adds a run', ({}, testInfo) => {
  const startedAt = '2026-01-01T00:00:00.000Z';
  const capture = () => ({ ...captureRun(result, { environment: 'local' }), startedAt });
  take(testInfo, { mode: 'changed' });
  expect(take(testInfo, { mode: 'changed', capture }).headline).toMatch(/2 runs$/);
});

test('a run by a generator that was late hides what gets slower later: it is no baseline', ({}, testInfo) => {
  const captured = captureRun(result, { environment: 'local' });
  const [task] = captured.tasks;
  const by = (lagMs: number, medianMs: number): Snapshot => {
    const figures = { ...task!.figures, median_latency_ms: medianMs };
    const late = { ...captured, tasks: [{ ...task!, figures, lagMs: { p99: lagMs } }] };
    return take(testInfo, { mode: 'changed', capture: () => late });
  };
  expect(by(6, 50)).toMatchObject({
    pass: false,
    headline: expect.stringMatching(
      /^Baseline not written: .*requests of "query" 6 ms late at p99, more than a tenth of/,
    ),
  });
  expect(existsSync(testInfo.outputPath('local', 'a.json'))).toBe(false);
  // Neither below the floor, nor if it is small compared with the latencies.
  expect(by(4.9, 5).pass).toBe(true);
  expect(by(6, 61).pass).toBe(true);
  const all = { ...captured.all, figures: { ...captured.all.figures, median_latency_ms: 50 } };
  const capture = () => ({ ...captured, all, generatorLagP99Ms: 6 });
  expect(take(testInfo, { mode: 'changed', capture }).headline).toContain('not written');
});

test('-u refuses a run that is too short for its percentiles, and tells of tasks that are', ({}, testInfo) => {
  const made = (okMs: readonly number[], rare: readonly number[] = []) => {
    const seconds = Array.from({ length: 10 }, () => ({
      series: [{ okMs }, ...rare.map((ms) => ({ okMs: [ms], task: 'index documents' }))],
    }));
    const short = makeResult({ stream: { phases: [phase] }, intervals: seconds });
    const capture = () => captureRun(short, { environment: 'local' });
    return take(testInfo, { mode: 'changed', capture });
  };
  expect(made(repeat(5, 7))).toMatchObject({
    pass: false,
    headline: expect.stringContaining('p95 of "query": 70 requests, 72 are needed'),
  });
  expect(made(repeat(5, 8))).toMatchObject({ pass: true, notes: [] });
  expect(made(repeat(5, 8), [5])).toMatchObject({
    pass: true,
    notes: ['p95 of "index documents": 10 requests, 72 are needed; not compared'],
  });
  const options = { ...defaultTolerances, latency: { p99: 0.5 } };
  expect(take(testInfo, { mode: 'changed', tolerances: options }).headline).toContain(
    'not written',
  );
});

test('-u says where one run takes the place of several', ({}, testInfo) => {
  const run = (runId: string, hour: number) => ({
    ...captureRun(result, { environment: 'local' }),
    runId,
    startedAt: `2026-01-01T0${hour}:00:00.000Z`,
  });
  for (const hour of [1, 2, 3, 4]) take(testInfo, { mode: 'all', capture: () => run('a', hour) });
  const one = take(testInfo, { mode: 'all', capture: () => run('b', 5) });
  expect(one.headline).toMatch(/, 1 run in place of 4 runs$/);
  expect(one.notes).toEqual([
    '1 of the 3 runs that a verdict needs, in place of 4: -u --repeat-each=5 writes five',
  ]);
  expect(take(testInfo, { mode: 'all', capture: () => run('b', 6) }).headline).toMatch(/2 runs$/);
});
