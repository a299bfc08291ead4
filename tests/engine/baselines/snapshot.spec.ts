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
  ['not required: none', { isRequired: false }, true, /^No baseline: .*nothing is compared/, false],
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

test('a baseline by a generator that was late says what it can’t tell', ({}, testInfo) => {
  const written = (generatorLagP99Ms: number) =>
    take(testInfo, {
      mode: 'changed',
      capture: () => ({ ...captureRun(result, { environment: 'local' }), generatorLagP99Ms }),
    });
  expect(written(0.9).notes).toEqual([]);
  expect(written(4)).toMatchObject({
    pass: true,
    notes: [expect.stringMatching(/up to 4 ms late \(p99\): of latencies below 40 ms only large/)],
  });
});
