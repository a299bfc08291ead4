import { expect, test } from '@playwright/test';
import { finding, makeBaseline, makeRun } from './make-run.ts';

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

test('what one of the baseline runs showed itself is a pass, and said', () => {
  const found = finding('p50', { ms: 190 }, unlikeRuns);
  expect(found.verdict).toBe('pass');
  expect(found.evidence).toMatch(/one of the baseline's own runs had 200 ms; a change of \+\d+ %/);
});

test('what one of so many equal runs shows as often as not is a pass, and said', () => {
  const found = finding('p50', { ms: 210 }, unlikeRuns);
  expect(found.verdict).toBe('pass');
  expect(found.evidence).toContain('which one of 6 equal runs shows as often as not');
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

test('a generator that was late by a fifth of what is to be told apart tells nothing', () => {
  const late = (lagMs: number, ms: number): string =>
    finding('p95', { ms, run: { generatorLagP99Ms: lagMs } }).verdict;
  // 20 % of 50 % of 160 ms.
  expect(late(15.9, 160)).toBe('critical');
  expect(late(16.1, 160)).toBe('inconclusive');
  expect(late(16.1, 100)).toBe('inconclusive');
  const lateBefore = makeBaseline(() => ({ run: { generatorLagP99Ms: 30 } }));
  expect(finding('p95', { ms: 160 }, lateBefore).verdict).toBe('inconclusive');
});

test('what stands with all of the lag taken off is still the target, and one late run is no baseline', () => {
  expect(finding('p95', { ms: 1000, run: { generatorLagP99Ms: 200 } }).verdict).toBe('critical');
  const oneLate = makeBaseline((run) => ({ run: { generatorLagP99Ms: run === 0 ? 300 : 1 } }));
  expect(finding('p95', { ms: 200 }, oneLate).verdict).toBe('critical');
});

test('a drift that all of the lag can’t explain is saturated, whatever the lag', () => {
  const drifting = (lagMs: number): string =>
    finding('p50', {
      ms: (section) => 60 * 1.4 ** section,
      run: { generatorLagP99Ms: lagMs },
    }).verdict;
  expect([drifting(1), drifting(30), drifting(100)]).toEqual([
    'saturated',
    'saturated',
    'inconclusive',
  ]);
});

test('a percentile that is ∞ by the end, after a drift, is saturated', () => {
  const ms = (section: number): number => 60 * 1.3 ** section;
  const failed = (section: number): number => (section >= 7 ? 20 : 0);
  // A tenth of the baseline is far slower than whatever was answered here.
  const uneven = makeBaseline(() => ({ ms: (section) => (section === 4 ? 5000 : 100) }));
  const verdictAt = (generatorLagP99Ms: number): string =>
    finding('p95', { ms, failed, run: { generatorLagP99Ms } }, uneven).verdict;
  expect([verdictAt(1), verdictAt(100)]).toEqual(['saturated', 'inconclusive']);
});

test('a percentile among requests that are not ok is slower than any', () => {
  const found = finding('p95', { failed: () => 10 });
  expect(found).toMatchObject({ verdict: 'critical', observed: Infinity });
  expect(found.evidence).toBe('10.0 % of the requests were not ok, and count as slower than any');
  // At 5.1 % the percentile itself is sure to be ∞, and that it is not by chance is not.
  expect(finding('p95', { failed: (section) => (section === 0 ? 6 : 5) }).verdict).not.toBe('pass');
  expect(finding('p50', { failed: () => 10 }).verdict).toBe('pass');
});

test('where the baseline has no such percentile a run with one is better, one without is the same', () => {
  const failing = makeBaseline(() => ({ failed: () => 10 }));
  expect(finding('p95', {}, failing).verdict).toBe('improved');
  expect(finding('p95', { failed: () => 10 }, failing).verdict).toBe('pass');
});

test('too few requests are no data, with the number that is needed', () => {
  const few = finding('p95', { requests: 7 });
  expect(few).toMatchObject({ verdict: 'no-data', evidence: '70 requests, 72 are needed' });
  const before = finding('p95', {}, [...makeBaseline(), makeRun({ requests: 7 })]);
  expect(before.evidence).toBe('a run of the baseline has 70 requests, 72 are needed');
});
