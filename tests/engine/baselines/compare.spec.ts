import { expect, test } from '@playwright/test';
import { compareRuns } from '../../../load/baselines/compare.ts';
import { controlFalseAlarms } from '../../../load/baselines/false-alarms.ts';
import type { ComparisonVerdict, MetricComparison } from '../../../load/baselines/comparison.ts';
import { comparisonOptionsSchema } from '../../../load/baselines/tolerances.ts';
import { defined } from '../../../load/platform/defined.ts';
import { finding, makeBaseline, makeRun } from './make-run.ts';

const throughput = (requests: number, openModel = false): string =>
  finding(
    'throughput',
    { requests, run: { openModel } },
    makeBaseline(() => ({ run: { openModel } })),
  ).verdict;

test('throughput of exactly −30 % passes, and less does not', () => {
  expect([throughput(70), throughput(69)]).toEqual(['pass', 'critical']);
  expect([throughput(142), throughput(144)]).toEqual(['pass', 'improved']);
});

test('in an open model it is what was achieved of what was offered', () => {
  expect(throughput(50, true)).toBe('pass');
  const slow = makeRun({ run: { openModel: true } });
  const run = { ...slow, all: { ...slow.all, okPerSecond: 60 } };
  const baseline = makeBaseline(() => ({ run: { openModel: true } }));
  const found = compareRuns(run, baseline).comparisons.find(
    ({ metric }) => metric === 'throughput',
  );
  expect(found).toMatchObject({ verdict: 'critical', observed: 0.6, baseline: 1, unit: 'share' });
});

test('fewer than three runs give no verdict', () => {
  const two = makeBaseline().slice(0, 2);
  const found = finding('p95', { ms: 1000 }, two);
  expect(found).toMatchObject({ verdict: 'provisional', baseline: 100, observed: 1000 });
  expect(found.evidence).toBe('the baseline has 2 of the 3 runs that a verdict needs');
  expect(finding('p95', { ms: 1000 }, makeBaseline().slice(0, 3)).verdict).toBe('critical');
  expect(() => compareRuns(makeRun(), [])).toThrow('the baseline has no run');
});

test('another plan or environment cannot be compared, and what differs is said', () => {
  const run = { plan: { system: 'chat', users: 50 }, environment: 'ci' };
  expect(finding('p95', { run })).toMatchObject({
    verdict: 'incomparable',
    evidence: 'environment: ci, was local; users: 50, was 5',
  });
});

test('runs of another plan among the baseline are left out, with a note', () => {
  const other = makeRun({ ms: 900, run: { plan: { system: 'chat', users: 50 } } });
  const { notes, runs, comparisons } = compareRuns(makeRun(), [...makeBaseline(), other]);
  expect(runs).toBe(5);
  expect(notes).toEqual(["1 of the baseline's 6 runs had another plan and are left out"]);
  expect(comparisons[0]).toMatchObject({ verdict: 'pass', baseline: 100 });
});

test('a reference service on another machine cannot be compared, and what to do is said', () => {
  const plan = { system: 'chat', users: 5, target: 'reference' };
  const { made } = makeRun();
  const baseline = makeBaseline(() => ({ run: { plan } }));
  const elsewhere = makeRun({ run: { plan, made: { ...made, cpu: 'fast' } } });
  const [found] = compareRuns(elsewhere, baseline).comparisons;
  expect(found).toMatchObject({
    verdict: 'incomparable',
    evidence:
      'the reference service ran on another machine (fast, was c); -u makes a baseline of this one',
  });
  expect(compareRuns(makeRun({ run: { plan } }), baseline).comparisons[0]?.verdict).toBe('pass');
});

test('another machine only makes a note', () => {
  const { made } = makeRun();
  const { notes, comparisons } = compareRuns(
    makeRun({ run: { made: { ...made, cpu: 'fast', node: '22.1.0', commit: 'f'.repeat(40) } } }),
    makeBaseline(),
  );
  expect(notes).toEqual([
    'CPU: fast, was c',
    'Node: 22.1.0, was 20.0.0',
    'commit: ffffffffff, was unknown',
  ]);
  expect(comparisons.every(({ verdict }) => verdict === 'pass')).toBe(true);
});

test('each task is compared by itself, and a slow one does not blame another', () => {
  const tasks = [{ name: 'chat' }, { name: 'search', ms: 20 }];
  const slower = [{ name: 'chat', ms: 200 }, { name: 'search', ms: 20 }, { name: 'new' }];
  const { comparisons } = compareRuns(
    makeRun({ tasks: slower }),
    makeBaseline(() => ({ tasks })),
  );
  const text = comparisons.map(
    ({ task, metric, verdict }) => `${task ?? 'all'} ${metric} ${verdict}`,
  );
  expect(text).toEqual([
    'chat avg critical',
    'chat p50 critical',
    'chat p95 critical',
    'chat errorRate pass',
    'search avg pass',
    'search p50 pass',
    'search p95 pass',
    'search errorRate pass',
    'new avg no-data',
    'new p50 no-data',
    'new p95 no-data',
    'all errorRate pass',
    'all throughput improved',
  ]);
});

test('tolerances can be set for all systems and for one', () => {
  const options = {
    tolerances: { latency: { p95: 1, p99: 0.2 }, latencyFloorMs: 0 },
    systems: { chat: { latency: { p50: 2 } }, other: { latency: { p50: 9 } } },
  };
  const verdictOf = (metric: string, ms: number): ComparisonVerdict =>
    finding(metric, { ms }, makeBaseline(), options).verdict;
  expect([verdictOf('p95', 190), verdictOf('p95', 210)]).toEqual(['pass', 'critical']);
  expect([verdictOf('p50', 290), verdictOf('p50', 310)]).toEqual(['pass', 'critical']);
  expect([verdictOf('p99', 119), verdictOf('p99', 125)]).toEqual(['pass', 'critical']);
  expect(comparisonOptionsSchema.safeParse(options).success).toBe(true);
});

test('tolerances that are none are refused', () => {
  const refused = [
    { tolerances: { latency: { p95: -1 } } },
    { tolerances: { latency: { p42: 1 } } },
    { tolerances: { throughputDrop: 1.5 } },
    { tolerance: {} },
    { significance: 'maybe' },
    { systems: { chat: { errorRatePoints: NaN } } },
    { tolerances: { sandboxViolations: 0.5 } },
  ];
  for (const options of refused) {
    expect(comparisonOptionsSchema.safeParse(options).success, JSON.stringify(options)).toBe(false);
  }
});

const compared = (verdict: ComparisonVerdict, pValue?: number): MetricComparison => ({
  test: 't',
  metric: 'p95',
  unit: 'ms',
  baseline: 1,
  observed: 2,
  verdict,
  tolerance: '',
  ...defined({ evidence: 'it is', pValue }),
});

test('a regression that is weak among many comparisons is inconclusive', () => {
  const many = [
    compared('regression', 0.04),
    ...Array.from({ length: 9 }, () => compared('pass', 0.5)),
  ];
  expect(controlFalseAlarms(many)[0]).toMatchObject({
    verdict: 'inconclusive',
    evidence: 'it is; too weak among 10 comparisons at once, so it may be chance',
  });
  expect(controlFalseAlarms(many.slice(0, 1))[0]?.verdict).toBe('regression');
});

test('strong, critical and saturated ones stand, and improvements are held to the same', () => {
  const many = [
    compared('regression', 0.001),
    compared('critical', 0.2),
    compared('saturated', 0.4),
    compared('improved', 0.97),
    compared('improved', 0.9999),
    compared('provisional', 0.5),
    compared('no-data'),
  ];
  const comparisons = controlFalseAlarms(many);
  expect(comparisons[3]?.evidence).toContain('too weak among 5 comparisons');
  expect(comparisons.map(({ verdict }) => verdict)).toEqual([
    'regression',
    'critical',
    'saturated',
    'pass',
    'improved',
    'provisional',
    'no-data',
  ]);
});
