import { expect, test } from '@playwright/test';
import type { BaselineRun } from '../../../load/baselines/baseline-run.ts';
import { compareRuns } from '../../../load/baselines/compare.ts';
import { makeBaseline, makeRun, type MadeRun } from './make-run.ts';

/** The plain figures of runs made by hand have no percentiles: here each task has the p95 given. */
function runWith(p95Ms: readonly number[], made: MadeRun = {}): BaselineRun {
  const run = makeRun(made);
  const figured = <T extends BaselineRun['all']>(one: T, ms: number | undefined): T => {
    return { ...one, figures: { ...one.figures, p95_latency_ms: ms ?? null } };
  };
  const tasks = run.tasks.map((task, i) => figured(task, p95Ms[i]));
  return { ...run, all: figured(run.all, p95Ms[0]), tasks };
}

test('runs with histograms can be judged by the plain rule, even one alone', () => {
  const failing = makeRun({ failed: (section) => (section === 0 ? 1 : 0) });
  const { comparisons } = compareRuns(failing, makeBaseline().slice(0, 1), { significance: 'off' });
  const errors = comparisons.find(({ metric }) => metric === 'errorRate');
  expect(errors).toMatchObject({ verdict: 'critical' });
  expect(errors?.evidence).toContain('errors where the baseline had none: 1 of 1000 failed');
  expect(errors?.pValue).toBeUndefined();
});

test('a percentile that lies among requests that were not ok is past any threshold', () => {
  const { comparisons } = compareRuns(makeRun(), [runWith([110])], { significance: 'off' });
  const p95 = comparisons.find(({ metric }) => metric === 'p95');
  expect(p95).toMatchObject({ verdict: 'critical', baseline: 110, observed: Infinity });
});

test('of several runs each figure’s middle one counts, and their errors are added up', () => {
  const baseline = [100, 900, 110].map((ms, i) => runWith([ms], { failed: () => i }));
  const { comparisons } = compareRuns(runWith([110]), baseline, { significance: 'off' });
  const [p95, errors] = ['p95', 'errorRate'].map((name) =>
    comparisons.find(({ metric }) => metric === name),
  );
  expect(p95).toMatchObject({ verdict: 'pass', baseline: 110, observed: 110 });
  expect(errors).toMatchObject({ verdict: 'pass', baseline: 30 / 3000, observed: 0 });
});

test('tasks are judged by themselves where there are several, by tolerances of the system’s own', () => {
  const tasks = [{ name: 'a' }, { name: 'b' }];
  const p95s = (theta: number): unknown[] =>
    compareRuns(runWith([2, 3], { tasks }), [runWith([2, 2], { tasks })], {
      significance: 'off',
      systems: { chat: { latency: { p95: theta } } },
    })
      .comparisons.filter(({ metric, task }) => metric === 'p95' && task !== undefined)
      .map(({ task, verdict }) => [task, verdict]);
  expect(p95s(0.5)).toEqual([
    ['a', 'pass'],
    ['b', 'critical'],
  ]);
  expect(p95s(0.6)).toEqual([
    ['a', 'pass'],
    ['b', 'pass'],
  ]);
});
