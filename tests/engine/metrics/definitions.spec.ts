import { expect, test } from '@playwright/test';
import { figures, quantileOf, statistics, trends } from '../../../load/metrics/definitions.ts';

for (const [name, q] of [
  ['p50', 0.5],
  ['p75', 0.75],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p99.9', 0.999],
  ['avg', undefined],
  ['max', undefined],
] as const) {
  test(`${name} is quantile ${q}`, () => {
    expect(quantileOf(name)).toBe(q);
  });
}

test('every statistic has its place in the table above', () => {
  expect(statistics).toEqual(['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'avg', 'max']);
});

test('no trend bears the name of a figure', () => {
  expect(Object.keys(trends).filter((name) => name in figures)).toEqual([]);
});

test('every metric says what it is', () => {
  const silent = Object.entries({ ...trends, ...figures }).filter(([, { what }]) => what === '');
  expect(silent).toEqual([]);
});

test('what a request takes is counted over all that were scheduled', () => {
  for (const trend of [trends.responseTime, trends.service, trends.ttft]) {
    expect(trend).toMatchObject({ over: 'scheduled', unit: 'ms' });
  }
});
