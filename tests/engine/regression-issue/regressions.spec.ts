import { expect, test } from '@playwright/test';
import type { ComparisonVerdict, MetricComparison } from '../../../load/baselines/comparison.ts';
import {
  fingerprintOf,
  severityOf,
  subjectsIn,
  worthAnIssue,
} from '../../../load/regression-issue/regressions.ts';
import { made, madeRun, slowChat } from '../baselines/make-comparison.ts';

function p95(verdict: ComparisonVerdict, more: Partial<MetricComparison> = {}): MetricComparison {
  return made({ verdict, ...more });
}

type Row = readonly [string, MetricComparison[], MetricComparison[] | undefined, string];

const noData = p95('no-data', {
  metric: 'vectorTimeoutRate',
  baseline: undefined,
  observed: undefined,
});

const rows: readonly Row[] = [
  ['critical twice', [p95('critical')], [p95('critical')], 'confirmed'],
  ['saturated, then critical', [p95('saturated')], [p95('critical')], 'confirmed'],
  ['critical without a rerun', [p95('critical')], undefined, 'red'],
  ['critical, and the rerun passed', [p95('critical')], [p95('pass')], 'red'],
  ['critical, and the rerun regressed only', [p95('critical')], [p95('regression')], 'red'],
  ['a regression twice', [p95('regression')], [p95('regression')], 'red'],
  ['critical in another metric', [p95('critical')], [p95('critical', { metric: 'p50' })], 'red'],
  ['critical in another task', [p95('critical')], [p95('critical', { task: 'chat' })], 'red'],
  ['critical in another test', [p95('critical')], [p95('critical', { test: 'x' })], 'red'],
  ['all good', [p95('pass'), p95('improved', { metric: 'p50' })], undefined, 'gone'],
  ['good, and what nobody measures', [p95('pass'), noData], undefined, 'gone'],
  [
    'good, and what is missing now',
    [p95('pass'), { ...noData, baseline: 0 }],
    undefined,
    'unclear',
  ],
  ['inconclusive', [p95('pass'), p95('inconclusive', { metric: 'p50' })], undefined, 'unclear'],
  ['provisional', [p95('provisional')], undefined, 'unclear'],
  ['incomparable', [p95('incomparable')], undefined, 'unclear'],
  ['nothing measured', [noData], undefined, 'unclear'],
];

for (const [what, first, second, state] of rows) {
  test(`${what}: ${state}`, () => {
    const rerun = second === undefined ? undefined : madeRun(second, { runId: 'again' });
    const subjects = subjectsIn(madeRun(first), rerun);
    expect(subjects.map((one) => one.state)).toEqual([state]);
  });
}

test('a task is one regression, whatever number of its metrics fell', () => {
  const fallen = [slowChat, { ...slowChat, metric: 'p50' }, made()];
  const subjects = subjectsIn(madeRun(fallen), madeRun(fallen, { runId: 'again' }));
  expect(subjects.map(({ task, state, confirmed }) => [task, state, confirmed.length])).toEqual([
    ['chat', 'confirmed', 2],
    [undefined, 'gone', 0],
  ]);
});

test('over all tasks is no issue of its own where a task of the test is to blame', () => {
  const all = p95('critical');
  const worth = (comparisons: readonly MetricComparison[]) =>
    worthAnIssue(subjectsIn(madeRun(comparisons), madeRun(comparisons, { runId: 'again' }))).map(
      ({ test: name, task }) => [name, task],
    );
  expect(worth([all, slowChat])).toEqual([[all.test, 'chat']]);
  expect(worth([all])).toEqual([[all.test, undefined]]);
  expect(worth([all, { ...slowChat, test: 'x' }])).toHaveLength(2);
});

test('a fingerprint is of environment, test and task, and of nothing else', () => {
  const known = fingerprintOf('ci', 'a', 'b');
  expect(known).toMatch(/^[0-9a-f]{16}$/);
  const others = [
    fingerprintOf('local', 'a', 'b'),
    fingerprintOf('ci', 'b', 'b'),
    fingerprintOf('ci', 'a'),
    fingerprintOf('ci', 'a', 'null'),
    fingerprintOf('ci', 'a","b'),
  ];
  expect(new Set([known, ...others]).size).toBe(6);
  const [one, other] = [p95('critical'), p95('saturated', { observed: 999 })].map(
    (comparison) => subjectsIn(madeRun([comparison], { runId: comparison.verdict }))[0],
  );
  expect(one?.fingerprint).toBe(other?.fingerprint);
});

test('saturated is the worse severity', () => {
  const pair = (verdict: ComparisonVerdict) => ({ found: p95(verdict), again: p95('critical') });
  expect(severityOf([pair('critical'), pair('saturated')])).toBe('saturated');
  expect(severityOf([pair('critical')])).toBe('critical');
});
