import { expect, test } from '@playwright/test';
import { compareRuns } from '../../../load/baselines/compare.ts';
import type { ComparisonVerdict } from '../../../load/baselines/comparison.ts';
import { Histogram } from '../../../load/metrics/histogram.ts';
import { histogram, repeat } from '../budgets/make-result.ts';
import { finding, makeBaseline, makeRun, type MadeRun } from './make-run.ts';

/** Latencies that swing by a factor around 100 ms, differently in each run. */
const swinging = (factor: number) => (section: number) => 100 * factor ** Math.sin(section * 2.4);
const apart = [0.5, 0.7, 1, 1.4, 2];
const unlikeRuns = makeBaseline((run) => ({ ms: 100 * apart[run]! }));

const verdicts = [
  { what: 'the same', ms: 100, verdict: 'pass' },
  { what: 'just below +50 %', ms: 149.9, verdict: 'pass' },
  { what: 'exactly +50 %', ms: 150, verdict: 'regression' },
  { what: 'twice as slow', ms: 200, verdict: 'critical' },
  { what: 'exactly a third faster', ms: 100 / 1.5 - 0.1, verdict: 'improved' },
  { what: 'a little faster', ms: 80, verdict: 'pass' },
] as const;

for (const { what, ms, verdict } of verdicts) {
  test(`a steady service that is ${what}: ${verdict}`, () => {
    expect(finding('p95', { ms })).toMatchObject({ verdict, unit: 'ms', tolerance: '+50 %' });
    expect(finding('p50', { ms }).verdict).toBe(verdict);
  });
}

test('below the absolute floor nothing is a regression, and nothing an improvement', () => {
  const baseline = makeBaseline(() => ({ ms: 2 }));
  expect(finding('p95', { ms: 6.9 }, baseline).verdict).toBe('pass');
  expect(finding('p95', { ms: 7.1 }, baseline).verdict).toBe('critical');
  expect(
    finding(
      'p95',
      { ms: 2 },
      makeBaseline(() => ({ ms: 6.9 })),
    ).verdict,
  ).toBe('pass');
});

test('the tolerance passed without evidence is inconclusive, and says what to do', () => {
  const found = finding('p50', { ms: 260 }, unlikeRuns);
  expect(found).toMatchObject({ verdict: 'inconclusive', pValue: expect.closeTo(0.09, 1) });
  expect(found.evidence).toMatch(/^\+160 %, but .* by chance \(p = 0\.\d+\); run longer/);
});

test('nor does one bad run of the baseline make it a pass, nor that such changes are common', () => {
  // Two of the baseline's own runs were as slow,
  expect(finding('p50', { ms: 190 }, unlikeRuns).verdict).toBe('inconclusive');
  // and with this many equal runs it happens as often as not.
  const found = finding('p50', { ms: 210 }, unlikeRuns);
  expect(found.verdict).toBe('inconclusive');
  expect(found.pValue).toBeGreaterThan(0.11);
});

test('a run that is unsteady in itself needs more evidence', () => {
  expect(finding('p50', { ms: (section) => 1.6 * swinging(1.3)(section) }).verdict).toBe(
    'regression',
  );
  const steady = finding('p50', { ms: 120 }).smallestDetectable!;
  const unsteady = finding('p50', { ms: swinging(2) }).smallestDetectable!;
  expect(unsteady).toBeGreaterThan(10 * steady);
});

test('critical evidence stands, however unstable the run', () => {
  expect(finding('p50', { ms: (section) => 10 * swinging(3)(section) }).verdict).toBe('critical');
});

test('latency that drifts away is saturated, where the baseline stood still', () => {
  const found = finding('p95', { ms: (section) => 100 * (section + 1) });
  expect(found.verdict).toBe('saturated');
  expect(found.evidence).toContain('from the first to the last tenth of the run');
  expect(finding('p50', { ms: (section) => 100 * (section + 1) }).verdict).toBe('saturated');
});

test('a drift that the baseline had as well is none, nor one that ends where the baseline is', () => {
  const drifting = makeBaseline((run) => ({ ms: (section) => (100 + run) * (section + 1) }));
  expect(finding('p50', { ms: (section) => 101 * (section + 1) }, drifting).verdict).toBe('pass');
  expect(finding('p50', { ms: (section) => 10 * (section + 1) }).verdict).toBe('pass');
});

test('a drift like those of the baseline, some up and some down, is none', () => {
  const rising = (rise: number) => (section: number) =>
    100 * Math.exp((rise * (section - 4.5)) / 9);
  const rises = [-1, -0.5, 0, 0.5, 1];
  const restless = makeBaseline((run) => ({ ms: rising(rises[run]!) }));
  const ms = (section: number): number => 1.1 * rising(1.2)(section);
  expect(finding('p50', { ms }, restless).verdict).toBe('pass');
  expect(finding('p50', { ms }).verdict).toBe('saturated');
});

test('a calm run is no improvement on a baseline that one slow run made slow', () => {
  const oneSlow = makeBaseline((run) => ({ ms: run === 0 ? 140 : 100 }));
  const calm = finding('p95', { ms: 90 }, oneSlow);
  expect(calm.baseline).toBeCloseTo(140, 1);
  expect(calm.verdict).toBe('pass');
  expect(finding('p95', { ms: 60 }, oneSlow).verdict).toBe('improved');
});

test('what creeps below the floor in milliseconds is no drift', () => {
  const quick = makeBaseline(() => ({ ms: 0.2 }));
  const creeping = (section: number): number => 0.2 + 0.02 * section;
  expect(finding('p50', { ms: creeping }, quick).verdict).toBe('pass');
  expect(finding('p95', { ms: creeping }, quick).verdict).toBe('pass');
  // Above the floor it counts, and so it does with a lower floor.
  const steep = (section: number): number => 0.2 + section;
  expect(finding('p50', { ms: steep }, quick).verdict).toBe('saturated');
  const options = { tolerances: { latencyFloorMs: 0.1 } };
  expect(finding('p50', { ms: creeping }, quick, options).verdict).toBe('saturated');
  // It must rise by the floor, not only end that far above the baseline.
  const rising = (section: number): number => 5.5 + 0.33 * section;
  expect(finding('p50', { ms: rising }, quick).verdict).toBe('critical');
});

const lags = (p50: number, p95: number, p99 = p95): MadeRun => ({ lagMs: { p50, p95, p99 } });

test('a lag at p99 does not excuse a median: each percentile has its own taken out', () => {
  const usual = makeBaseline(() => ({ ms: 22 }));
  const slower = { ms: 40, ...lags(0.3, 6, 8), run: { generatorLagP99Ms: 8 } };
  expect(finding('p50', slower, usual).verdict).toBe('critical');
  expect(finding('p95', slower, usual).verdict).toBe('critical');
});

test('what no longer passes the tolerance without the lag is inconclusive, and says so', () => {
  const found = finding('p95', { ms: 200, ...lags(0, 60) });
  expect(found.verdict).toBe('inconclusive');
  expect(found.evidence).toContain(
    "but without this machine's own lateness (60 ms at p95) it is +40 %",
  );
  expect(finding('p95', { ms: 200, ...lags(0, 45) }).verdict).toBe('critical');
  expect(finding('p50', { ms: 200, ...lags(0, 60) }).verdict).toBe('critical');
  // The floor also applies to the remaining difference.
  const quick = makeBaseline(() => ({ ms: 2 }));
  expect(finding('p95', { ms: 9, ...lags(0, 3) }, quick).verdict).toBe('inconclusive');
  expect(finding('p95', { ms: 9, ...lags(0, 1) }, quick).verdict).toBe('critical');
});

test('what is no worse or better stands, however late the generator was', () => {
  expect(finding('p95', { ms: 100, ...lags(50, 90) }).verdict).toBe('pass');
  expect(finding('p95', { ms: 60, ...lags(50, 59) }).verdict).toBe('improved');
  const late = makeBaseline(() => lags(40, 80));
  expect(finding('p95', { ms: 200 }, late).verdict).toBe('critical');
});

test('where it is known which requests met no lateness, only what they show is red', () => {
  const compared = (clean: readonly number[]): ComparisonVerdict => {
    const times = Histogram.from(histogram(clean));
    const found = compareRuns(makeRun({ ms: 200 }), makeBaseline(), {}, new Map([['chat', times]]));
    return found.comparisons.find(({ metric }) => metric === 'p95')!.verdict;
  };
  expect(compared(repeat(200, 500))).toBe('critical');
  expect(compared(repeat(110, 500))).toBe('inconclusive');
  // Too few of them prove nothing, however slow they were.
  expect(compared(repeat(200, 71))).toBe('inconclusive');
});

test('a drift that is this machine’s own is none; one that it can’t explain is saturated', () => {
  const ms = (section: number): number => 60 * 1.4 ** section;
  const drifting = (share: number): ComparisonVerdict =>
    finding('p50', { ms, lagP50Ms: (section) => share * ms(section), ...lags(0, 0) }).verdict;
  expect([drifting(0), drifting(0.3)]).toEqual(['saturated', 'saturated']);
  const late = { ms, lagP50Ms: (section: number) => ms(section) - 60, lagMs: { p50: 200 } };
  expect(finding('p50', late).verdict).toBe('inconclusive');
});

test('a percentile that is ∞ by the end, after a drift, is saturated', () => {
  const ms = (section: number): number => 60 * 1.3 ** section;
  const failed = (section: number): number => (section >= 7 ? 20 : 0);
  // A tenth of the baseline is far slower than any answer here.
  const uneven = makeBaseline(() => ({ ms: (section) => (section === 4 ? 5000 : 100) }));
  const verdictAt = (lagP50Ms: MadeRun['lagP50Ms']): string =>
    finding('p95', { ms, failed, lagP50Ms: lagP50Ms! }, uneven).verdict;
  expect(verdictAt(() => 1)).toBe('saturated');
  expect(verdictAt((section) => ms(section) - 60)).toBe('inconclusive');
});

test('a percentile among requests that are not ok is slower than any', () => {
  const found = finding('p95', { failed: () => 10 });
  expect(found).toMatchObject({ verdict: 'critical', observed: Infinity });
  expect(found.evidence).toBe(
    '10.0 % of the requests were not ok, and count as slower than any other',
  );
  // At 5.1 % the percentile is certainly ∞, but that may be chance.
  expect(finding('p95', { failed: (section) => (section === 0 ? 6 : 5) }).verdict).not.toBe('pass');
  expect(finding('p50', { failed: () => 10 }).verdict).toBe('pass');
});

test('where the baseline has no such percentile a run with one is better, one without is the same', () => {
  const failing = makeBaseline(() => ({ failed: () => 10 }));
  expect(finding('p95', {}, failing).verdict).toBe('improved');
  expect(finding('p95', { failed: () => 10 }, failing).verdict).toBe('pass');
});

test('one run of the baseline without such a percentile proves nothing for the others', () => {
  const oneFailed = makeBaseline((run) => ({ failed: () => (run === 0 ? 60 : 0) }));
  expect(finding('p95', {}, oneFailed).verdict).toBe('pass');
  expect(finding('p95', { failed: () => 10 }, oneFailed).verdict).toBe('inconclusive');
  expect(finding('p95', { ms: 300 }, oneFailed).verdict).toBe('inconclusive');
});

test('too few requests are no data, with the number that is needed', () => {
  const few = finding('p95', { requests: 7 });
  expect(few).toMatchObject({ verdict: 'no-data', evidence: '70 requests, 72 are needed' });
  const before = finding('p95', {}, [...makeBaseline(), makeRun({ requests: 7 })]);
  expect(before.evidence).toBe('a run of the baseline has 70 requests, 72 are needed');
});

test('requests in too few sections are no data, with the number that is needed', () => {
  const run = makeRun();
  const [task] = run.tasks;
  const two = { ...run, tasks: [{ ...task!, sections: task!.sections.slice(0, 2) }] };
  const [found] = compareRuns(two, makeBaseline()).comparisons;
  expect(found).toMatchObject({
    verdict: 'no-data',
    evidence: 'requests in 2 of 2 sections only, 4 are needed',
  });
});
