import { expect, test } from '@playwright/test';
import { compareErrorRate, type ErrorSides } from '../../../load/baselines/compare-errors.ts';
import type { MetricComparison } from '../../../load/baselines/comparison.ts';
import { defaultTolerances } from '../../../load/baselines/tolerances.ts';
import { finding, makeBaseline, type MadeRun } from './make-run.ts';

type Counts = readonly [number, number];

function rate(
  [hits, total]: Counts,
  [baseHits, baseTotal]: Counts,
): Omit<MetricComparison, 'test'> {
  const sides: ErrorSides = {
    observed: { hits, total },
    baseline: { hits: baseHits, total: baseTotal },
    observedSections: [],
    baselineSections: [],
  };
  return compareErrorRate(sides, defaultTolerances);
}

const verdicts: readonly { now: Counts; before: Counts; verdict: string; why: string }[] = [
  { now: [0, 1000], before: [0, 5000], verdict: 'pass', why: 'no errors' },
  { now: [20, 1000], before: [0, 5000], verdict: 'critical', why: 'sure to be above +0.5 points' },
  { now: [10, 1000], before: [10, 5000], verdict: 'regression', why: 'sure to be above' },
  { now: [5, 1000], before: [0, 5000], verdict: 'regression', why: 'exactly +0.5 points of none' },
  { now: [15, 1000], before: [50, 5000], verdict: 'inconclusive', why: 'exactly +0.5 points' },
  { now: [14, 1000], before: [50, 5000], verdict: 'pass', why: 'below +0.5 points' },
  { now: [2, 300], before: [0, 150], verdict: 'inconclusive', why: '+0.67 points of none' },
  { now: [1, 300], before: [0, 150], verdict: 'inconclusive', why: 'not sure to be below' },
  { now: [5, 20_000], before: [0, 100_000], verdict: 'pass', why: 'sure, and below +0.5 points' },
  { now: [0, 1000], before: [20, 5000], verdict: 'pass', why: 'sure, and below −0.5 points' },
  { now: [0, 1000], before: [200, 5000], verdict: 'improved', why: 'sure to be below' },
  { now: [0, 0], before: [0, 5000], verdict: 'no-data', why: 'no requests' },
];

for (const { now, before, verdict, why } of verdicts) {
  test(`${now.join(' of ')} against ${before.join(' of ')}: ${verdict} (${why})`, () => {
    expect(rate(now, before).verdict).toBe(verdict);
  });
}

test('errors where the baseline had none are said in words, never as a ratio', () => {
  expect(rate([1, 300], [0, 150]).evidence).toBe(
    'errors where the baseline had none: 1 of 300 failed (0.33 %); baseline 0 of 150 ' +
      '(Fisher, p = 0.67); too few requests to be sure of less than +0.5 points',
  );
});

test('without an error on either side no test is made', () => {
  expect(rate([0, 1000], [0, 5000]).pValue).toBeUndefined();
  expect(rate([1, 1000], [0, 5000]).pValue).toBeCloseTo(1 / 6, 3);
});

test('errors that come together are tested by section, and prove less', () => {
  const spread = finding('errorRate', { failed: () => 3 });
  const together = finding('errorRate', { failed: (section) => (section === 4 ? 30 : 0) });
  expect([spread.observed, together.observed]).toEqual([0.03, 0.03]);
  expect(spread).toMatchObject({ verdict: 'critical' });
  expect(together).toMatchObject({ verdict: 'inconclusive' });
  expect(together.evidence).toContain('permutation');
});

test('errors that come together in a run of the baseline are no reason to be sure of others', () => {
  const wild = makeBaseline((run) => ({
    failed: (section) => (run === 2 && section === 3 ? 40 : 0),
  }));
  expect(finding('errorRate', { failed: () => 3 }, wild).verdict).toBe('inconclusive');
});

const burst = { startMs: 4000, endMs: 6000, errors: 30 };
const bursting: MadeRun = {
  failed: (section) => (section === 4 || section === 5 ? 15 : 0),
  densestErrors: burst,
};

test('one bad run among those of the baseline: as many errors again prove nothing, far more do', () => {
  const uneven = makeBaseline((run) => ({ failed: () => (run === 1 ? 9 : 0) }));
  const again = finding('errorRate', { failed: () => 9 }, uneven);
  expect(again).toMatchObject({ verdict: 'inconclusive' });
  expect(again.evidence).toMatch(
    /Fisher, counts divided by \d+, because the baseline's own runs differ/,
  );
  expect(finding('errorRate', { failed: () => 60 }, uneven).verdict).toBe('critical');
  // The same errors in only some sections of the bad run.
  const inSix = (section: number): number => (section < 6 ? 6 : 0);
  const clustered = makeBaseline((run) => ({ failed: run === 4 ? inSix : () => 0 }));
  expect(finding('errorRate', { failed: inSix }, clustered).verdict).toBe('inconclusive');
  // Runs that are alike count like that many requests.
  const even = makeBaseline(() => ({ failed: () => 2 }));
  expect(finding('errorRate', { failed: () => 9 }, even).evidence).toContain('(Fisher, p');
});

test('a burst of errors where the baseline had none is red by itself', () => {
  const found = finding('errorBurst', bursting);
  expect(found).toMatchObject({ verdict: 'regression', baseline: 0, observed: 30, unit: 'count' });
  expect(found.evidence).toBe(
    "30 errors from second 4 to 6 of the run; the baseline's worst such span had 0",
  );
});

test('a burst is none where the baseline had one, nor below ten errors, nor where errors are spread', () => {
  const before = makeBaseline((run) =>
    run === 1 ? { densestErrors: { ...burst, errors: 12 } } : {},
  );
  expect(finding('errorBurst', bursting, before).verdict).toBe('pass');
  const nine = { ...bursting, densestErrors: { ...burst, errors: 9 } };
  expect(() => finding('errorBurst', nine)).toThrow('no errorBurst');
  const spread = { failed: () => 12, densestErrors: { startMs: 0, endMs: 5000, errors: 62 } };
  expect(() => finding('errorBurst', spread)).toThrow('no errorBurst');
});

test('a burst of a moment is told by the five seconds around it', () => {
  // 40 errors spread over ten seconds are 20 in five, so they are no burst.
  const spread = { failed: () => 4, densestErrors: { startMs: 4000, endMs: 4100, errors: 12 } };
  expect(() => finding('errorBurst', spread)).toThrow('no errorBurst');
});

test('an outage of hundreds of errors is a finding, not a fault of the statistics', () => {
  const outage: MadeRun = {
    failed: (section) => (section === 5 ? 350 : section === 0 ? 1 : 0),
    requests: 400,
    densestErrors: { startMs: 5000, endMs: 5400, errors: 350 },
  };
  expect(finding('errorBurst', outage).verdict).toBe('regression');
  const oneBad = makeBaseline((run) => ({ failed: () => (run === 0 ? 60 : 0) }));
  expect(finding('errorRate', { failed: () => 10 }, oneBad).verdict).toBe('pass');
});
