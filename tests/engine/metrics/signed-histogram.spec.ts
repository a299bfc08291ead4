import { expect, test } from '@playwright/test';
import { Histogram } from '../../../load/metrics/histogram.ts';
import { rankOf } from '../../../load/metrics/percentile.ts';
import { drawKey, purpose, uniform } from '../../../load/platform/random.ts';
import { areSignedBuckets, SignedHistogram } from '../../../load/metrics/signed-histogram.ts';
import { latencyData, withMore } from '../../../load/metrics/trend-histogram.ts';

function histogramOf(...values: readonly number[]): SignedHistogram {
  const histogram = new SignedHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

for (const value of [10_000_000, 3.7e12, 1, 0.0004, 7e-30, 0, -5, -0.0004, -2.5e9]) {
  test(`${value} is told within 0.05 %, also beside others`, () => {
    const histogram = histogramOf(-1e15, value, value, value, 1e15);
    expect(Math.abs(histogram.valueAtRank(3) - value)).toBeLessThanOrEqual(
      0.000501 * Math.abs(value),
    );
    expect(histogramOf(value).valueAtRank(1)).toBe(value);
  });
}

test('a −0 is 0, in memory as in a log', () => {
  const data = histogramOf(-0).toData();
  expect(data).toEqual(JSON.parse(JSON.stringify(data)));
});

/** Both signs, thirty magnitudes. */
const drawn = Array.from({ length: 3000 }, (_, i) => {
  const key = drawKey(1, 'values');
  const sign = uniform(key, i, purpose('sign')) < 0.5 ? -1 : 1;
  return sign * 10 ** (30 * uniform(key, i, purpose('size')) - 15);
});

test('every quantile of any values is within 0.1 % of theirs', () => {
  const histogram = histogramOf(...drawn);
  const sorted = [...drawn].sort((a, b) => a - b);
  for (let q = 0.001; q < 1; q += 0.001) {
    const rank = rankOf(q, drawn.length);
    expect(Math.abs(histogram.valueAtRank(rank) / sorted[rank - 1]! - 1)).toBeLessThan(0.001);
  }
  expect(histogram.max).toBe(sorted.at(-1));
  expect(histogram.min).toBe(sorted[0]);
  expect(histogram.mean).toBeCloseTo(drawn.reduce((sum, value) => sum + value, 0) / 3000, -3);
});

test('merged as data, in whatever parts, it is what one recorded of all', () => {
  const merged = new SignedHistogram();
  for (let i = 0; i < drawn.length; i += 500) {
    const part = histogramOf(...drawn.slice(i, i + 500)).toData();
    merged.add(JSON.parse(JSON.stringify(part)) as typeof part);
  }
  const { sum, ...whole } = histogramOf(...drawn).toData();
  const { sum: mergedSum, ...rest } = merged.toData();
  expect(rest).toEqual(whole);
  expect(mergedSum / sum).toBeCloseTo(1, 9);
  expect(areSignedBuckets(rest.buckets)).toBe(true);
});

test('without values it is data, too', () => {
  const empty = new SignedHistogram().toData();
  expect(empty).toEqual({ layout: 'signed', count: 0, sum: 0, min: 0, max: 0, buckets: [] });
  expect(withMore(histogramOf(3), empty).toData()).toEqual(histogramOf(3).toData());
});

test('beyond the largest it is clamped, and counted', () => {
  const { clamped, max, min } = histogramOf(1e308, -1e308, 1).toData();
  expect({ clamped, max, min }).toEqual({ clamped: 2, max: 1e100, min: -1e100 });
});

test('what was kept as a latency before, in thousandths, is merged in its unit', () => {
  const before = new Histogram();
  for (const value of [2.5, 40, 600]) before.record(value * 1000);
  const both = withMore(withMore(undefined, before.toData()), histogramOf(-1).toData());
  expect(both.perUnit).toBe(1);
  expect(both.count).toBe(4);
  expect(both.mean).toBeCloseTo((2.5 + 40 + 600 - 1) / 4, 9);
  const told = [1, 2, 3, 4].map((rank) => both.valueAtRank(rank));
  for (const [i, value] of [-1, 2.5, 40, 600].entries()) {
    expect(Math.abs(told[i]! / value - 1)).toBeLessThan(0.002);
  }
  expect(withMore(withMore(undefined, before), before.toData())).toBeInstanceOf(Histogram);
});

test('a latency is never of this layout', () => {
  expect(latencyData(histogramOf(1).toData())).toBeUndefined();
  const latency = new Histogram().toData();
  expect(latencyData(latency)).toBe(latency);
});

for (const [what, value] of [
  ['no list', {}],
  [
    'a value twice',
    [
      [1, 1],
      [1, 1],
    ],
  ],
  [
    'values that descend',
    [
      [2, 1],
      [1, 1],
    ],
  ],
  ['a count of none', [[1, 0]]],
  ['half a count', [[1, 0.5]]],
  ['an endless value', [[Infinity, 1]]],
  ['a text', [['1', 1]]],
] as const) {
  test(`${what} is not taken for buckets`, () => {
    expect(areSignedBuckets(value)).toBe(false);
  });
}
