import { expect, test } from '@playwright/test';
import { findingsIn } from '../../../../load/analysis/findings/findings.ts';
import { LoadLevel } from '../../../../load/analysis/findings/load-level.ts';
import { mixOf } from '../../../../load/analysis/findings/baseline-load.ts';
import { progressionsIn } from '../../../../load/analysis/findings/progression.ts';
import { progressionOption } from '../../../../load/report/charts/progression-chart.ts';
import { levelsPage } from '../../../../load/report/html/levels-page.ts';
import { bendText, progressionMarkdown } from '../../../../load/report/text/progression-text.ts';
import { budget, makeResult, repeat } from '../../budgets/make-result.ts';

/** A minute of a level: requests per second with the same duration, and failed ones. */
function level(users: number, perSecond: number, ms: number, failed = 0): LoadLevel {
  const made = makeResult({
    bare: true,
    budgets: [budget('p95', '< 500 ms')],
    plan: {
      system: 'shop',
      scenario: 'progressive',
      level: `${users}-users`,
      testId: `shop-${users}`,
    },
    intervals: Array.from({ length: 60 }, () => ({
      users,
      series: [{ okMs: repeat(ms, perSecond), others: failed === 0 ? {} : { failed } }],
    })),
  });
  return new LoadLevel(made);
}

test('each level is told against the lowest, in shares and points, and the first that is slower bends', () => {
  const [progression] = progressionsIn([
    level(50, 40, 1000),
    level(10, 10, 100),
    level(20, 20, 102),
  ]);
  const { steps, bend } = progression!;
  expect(steps.map((step) => step.level)).toEqual(['10 users', '20 users', '50 users']);
  expect(bend).toEqual({ level: '50 users', below: '20 users', testId: 'shop-50' });
  const [, , last] = steps;
  expect(last!.againstLowest.p95).toBeCloseTo(9, 1);
  expect(last!.againstLowest.throughput).toBeCloseTo(3, 6);
  expect(last!.againstBaseline).toBeUndefined();
  // If goodput was not counted, the limit on the response time is used.
  expect(steps.map(({ goodput }) => goodput)).toEqual([10, 20, 0]);
  expect(bendText(progression!, [])).toBe(
    'It bends at 50 users: against 20 users p95 102 ms → 1 s, and +100 % requests/s for +150 % load.',
  );
});

test('errors are told in points, and a percentile that has no end as one', () => {
  const [{ steps } = { steps: [] }] = progressionsIn([level(10, 10, 100), level(50, 8, 100, 2)]);
  expect(steps[1]!.errorRate).toBeCloseTo(0.2, 9);
  expect(steps[1]!.againstLowest.errorPoints).toBeCloseTo(0.2, 9);
  const markdown = progressionMarkdown(
    progressionsIn([level(10, 10, 100), level(50, 8, 100, 2)])[0]!,
    [],
    'x.svg',
  );
  expect(markdown).toContain(
    '| 50 users | 100 ms | ∞ | 20.0 % | 8 | 8 | +∞ | +20 points | −20 % |',
  );
  expect(markdown).toContain('![latency, throughput and goodput by load](x.svg)');
});

test('levels are told against a committed baseline of the same tasks, where the run has none of its own', () => {
  const levels = [level(10, 10, 100), level(50, 40, 1000, 10)];
  const { streams, target } = levels[0]!.plan;
  const committed = {
    system: 'shop',
    level: '1 user',
    committedAt: '2026-11-21T21:16:38.176Z',
    p95Ms: 50,
    errorRate: 0.01,
    throughput: 20,
    meanMs: new Map([['chat', 40]]),
    comparableBy: mixOf(streams[0]!.tasks, target.kind),
  };
  const [progression] = progressionsIn(levels, [committed]);
  const [lowest, highest] = progression!.steps;
  expect(lowest!.againstBaseline!.p95).toBeCloseTo(1, 1);
  expect(lowest!.againstBaseline!.throughput).toBeCloseTo(-0.5, 6);
  expect(lowest!.againstLowest).toEqual({ p95: 0, errorPoints: 0, throughput: 0 });
  expect(highest!.againstBaseline!.errorPoints).toBeCloseTo(0.2 - 0.01, 6);
  const markdown = progressionMarkdown(progression!, [], undefined);
  expect(markdown).toContain('the third against the baseline (1 user, committed, 2026-11-21)');
  const { table, text } = levelsPage(progression!, [], '<svg/>');
  expect(table.columns.map(({ title }) => title).slice(-3)).toEqual([
    'p95 / base',
    'errors / base',
    'req/s / base',
  ]);
  expect(table.rows[1]!.cells).toHaveLength(table.columns.length);
  expect(text).toContain('It bends at 50 users');
  // A baseline of other tasks, or of another kind of target, is not used.
  const other = { ...committed, comparableBy: mixOf([{ name: 'else', weight: 1 }], target.kind) };
  expect(progressionsIn(levels, [other])[0]!.baseline).toBeUndefined();
});

test('levels that are alike do not bend, and one level alone is no progression', () => {
  const [progression] = progressionsIn([level(10, 10, 100), level(50, 50, 101)]);
  expect(progression!.bend).toBeUndefined();
  expect(bendText(progression!, findingsIn([]))).toContain('does not bend up to 50 users');
  expect(progressionsIn([level(10, 10, 100)])).toEqual([]);
});

test('the chart has latency, throughput and goodput over the load, and a gap where there is no number', () => {
  const [progression] = progressionsIn([level(10, 10, 100), level(50, 8, 100, 2)]);
  const { series } = progressionOption(progression!) as {
    series: { name: string; data: [number, number | null][] }[];
  };
  expect(series.map(({ name }) => name)).toEqual([
    'p95 of the response time',
    'p50 of the response time',
    'throughput',
    'goodput',
  ]);
  expect(series[0]!.data).toEqual([
    [10, 100],
    [50, null],
  ]);
  expect(series[3]!.data.map(([, value]) => value)).toEqual([10, 8]);
});
