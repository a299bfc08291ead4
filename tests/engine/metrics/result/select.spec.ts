import { expect, test } from '@playwright/test';
import { ResultFold, type Result } from '../../../../load/metrics/result/result.ts';
import {
  errorsIn,
  outcomesOf,
  populationOf,
  selectSeries,
  statisticIn,
  trendOf,
} from '../../../../load/metrics/result/select.ts';
import { histogramOf, intervalLine, planLine, seriesRecord } from '../lines.ts';

function resultOf(): Result {
  const fold = new ResultFold(planLine());
  const series = [
    seriesRecord({ trends: { responseTime: histogramOf(1000), batch: histogramOf(5000) } }),
    seriesRecord({ request: 'ask', labels: { model: 'large' } }),
    seriesRecord({ task: 'search', request: 'search' }),
    seriesRecord({ phase: 'warm-up', outcomes: { ok: 100 } }),
    seriesRecord({ stream: 1, outcomes: { ok: 1000 } }),
  ];
  fold.addInterval(intervalLine({ series }));
  return fold.result();
}

for (const [what, selection, ok] of [
  ['nothing stated: the judged phases of the first stream', {}, 9],
  ['all phases', { phases: 'all' }, 109],
  ['a task', { task: 'search' }, 3],
  ['a label', { labels: { model: 'large' } }, 3],
  ['a request by its name', { labels: { request: 'login' } }, 3],
  ['two labels that must both match', { labels: { request: 'login', model: 'large' } }, undefined],
  ['a label that no series has', { labels: { tenant: 'x' } }, undefined],
  ['another stream', { stream: 1, phases: 'all' }, 1000],
  ['a task that there is not', { task: 'none' }, undefined],
] as const) {
  test(`selected by ${what}: ${ok ?? 'none'} are ok`, () => {
    expect(outcomesOf(selectSeries(resultOf(), selection)).ok).toBe(ok);
  });
}

test('histograms of several series are merged', () => {
  const series = selectSeries(resultOf(), { task: 'chat' });
  expect(trendOf(series, 'responseTime').toData()).toEqual(histogramOf(1000, 1000, 2000, 3000));
  expect(trendOf(series, 'none').count).toBe(0);
});

test('errors of several series are merged', () => {
  expect(errorsIn(selectSeries(resultOf()))).toMatchObject([{ kind: 'status 500', count: 3 }]);
});

test('what a request takes is over all that were scheduled, other values over what was recorded', () => {
  const series = selectSeries(resultOf(), { labels: { request: 'login' } });
  expect(populationOf(series, 'responseTime', trendOf(series, 'responseTime'))).toBe(4);
  expect(populationOf(series, 'batch', trendOf(series, 'batch'))).toBe(1);
});

test('a statistic is in the unit of its trend', () => {
  const series = selectSeries(resultOf(), { labels: { request: 'login' } });
  expect(statisticIn(series, 'batch', 'p95')).toBe(5);
  expect(statisticIn(series, 'responseTime', 'p95')).toBe(Infinity);
  expect(statisticIn([], 'responseTime', 'p95')).toBeNaN();
});
