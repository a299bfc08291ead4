import { expect, test } from '@playwright/test';
import { DetailFold } from '../../../../load/metrics/result/details.ts';
import { hopsChart } from '../../../../load/report/html/hops-chart.ts';
import { histogramOf, intervalLine, seriesRecord } from '../../metrics/lines.ts';

/** Answers of 1, 2 and 3 ms, with their waits for a pool; one of them searched. */
function chartOf(intervals: readonly Record<string, ReturnType<typeof histogramOf>>[]) {
  const fold = new DetailFold();
  for (const hops of intervals) {
    const trends = { responseTime: histogramOf(1000, 2000, 3000), ...hops };
    fold.add(intervalLine({ series: [seriesRecord({ trends })] }));
  }
  const groups = fold.intervals.map((detail) => [{ detail }]);
  return hopsChart(
    (name, colour, valueOf) => ({ name, colour, values: groups.map(valueOf) }),
    fold.intervals,
  );
}

test('hops stand on one another up to what an answer took, the largest first', () => {
  const chart = chartOf([
    { 'hop.search': histogramOf(600), 'hop.pool': histogramOf(100, 200, 3000) },
    { 'hop.pool': histogramOf(300, 300, 300) },
    {},
  ])!;
  expect(chart.isStacked).toBe(true);
  expect(chart.lines.map(({ name }) => name)).toEqual(['pool', 'search', 'the rest']);
  const at = (i: number) => chart.lines.map(({ values }) => values[i] as number);
  const near = (values: readonly number[]): unknown =>
    values.map((value) => expect.closeTo(value, 2) as unknown);
  // Averaged over all three answers: a hop that only one states is a third of it.
  expect(at(0)).toEqual(near([1.1, 0.2, 0.7]));
  expect(at(1)).toEqual(near([0.3, 0, 1.7]));
  // If none states a hop nothing is drawn, which is different from 0.
  expect(at(2)).toEqual([null, null, null]);
});

test('answers that tell no hop have no such chart', () => {
  expect(chartOf([{}])).toBeUndefined();
});
