import { expect, test } from '@playwright/test';
import * as hdr from 'hdr-histogram-js';
import {
  Histogram,
  areBuckets,
  bucketCount,
  bucketOf,
  highestValue,
  lowestValueOf,
  middleValueOf,
} from '../../../load/metrics/histogram.ts';
import { drawKey, exponential, purpose, uniform } from '../../../load/platform/random.ts';
import { quantile } from '../statistics.ts';

/** Latencies in µs, exponential around 80 ms, with a few very slow ones. */
const latencies = Array.from({ length: 10_000 }, (_, i) => {
  const drawn = Math.round(80_000 * exponential(drawKey(1, 'latencies'), i, purpose('latency')));
  return i % 500 === 0 ? drawn * 300 : drawn;
});

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

const ranks = [1, 2, 100, 5000, 7500, 9000, 9500, 9900, 9990, 9999, 10_000];

for (const rank of ranks) {
  test(`the value of rank ${rank} of 10 000 is within 0.1 % of the plain one`, () => {
    const exact = quantile(latencies, rank / 10_000);
    const error = histogramOf(latencies).valueAtRank(rank) / exact - 1;
    expect(Math.abs(error)).toBeLessThanOrEqual(0.001);
  });
}

test('it knows the exact smallest and largest value, and gives none beyond them', () => {
  const histogram = histogramOf(latencies);
  expect(histogram.valueAtRank(1)).toBeGreaterThanOrEqual(Math.min(...latencies));
  expect(histogram.valueAtRank(10_000)).toBeLessThanOrEqual(Math.max(...latencies));
  expect(histogram.min).toBe(Math.min(...latencies));
  expect(histogram.max).toBe(Math.max(...latencies));
});

test('a histogram of one value gives that value at any rank', () => {
  const histogram = histogramOf([1_234_567]);
  expect([histogram.valueAtRank(1), histogram.min, histogram.max, histogram.mean]).toEqual([
    1_234_567, 1_234_567, 1_234_567, 1_234_567,
  ]);
});

test('it holds the buckets that hdr-histogram-js holds', () => {
  const judge = new hdr.Float64Histogram(1, highestValue, 3);
  for (const value of latencies) judge.recordValue(value);
  const histogram = histogramOf(latencies);
  expect(histogram.count).toBe(judge.totalCount);
  for (const p of [1, 25, 50, 90, 95, 99, 99.9, 100]) {
    const theirs = judge.getValueAtPercentile(p);
    const ours = histogram.valueAtRank(Math.ceil((p / 100) * 10_000 - 1e-9));
    expect(lowestValueOf(bucketOf(ours))).toBe(judge.lowestEquivalentValue(theirs));
  }
});

test('merged parts are the same as one recording', () => {
  const parts = [0, 1, 2].map((part) => histogramOf(latencies.filter((_, i) => i % 3 === part)));
  const merged = new Histogram();
  merged.add(parts[0]!);
  merged.add(parts[1]!.toData());
  merged.add(JSON.parse(JSON.stringify(parts[2]!.toData())) as ReturnType<Histogram['toData']>);
  expect(merged.toData()).toEqual(histogramOf(latencies).toData());
});

test('its data makes the same histogram again', () => {
  const data = histogramOf([...latencies, highestValue + 1]).toData();
  expect(Histogram.from(data).toData()).toEqual(data);
  expect(areBuckets(data.buckets)).toBe(true);
});

test('recording a value n times is recording it n times', () => {
  const once = new Histogram();
  once.record(70_000, 5);
  expect(once.toData()).toEqual(histogramOf([70_000, 70_000, 70_000, 70_000, 70_000]).toData());
});

test('what is beyond an hour counts as an hour, and is told', () => {
  const histogram = histogramOf([1, highestValue, highestValue + 1, Infinity]);
  expect(histogram.toData()).toMatchObject({ count: 4, max: highestValue, clamped: 2 });
  expect(bucketOf(histogram.valueAtRank(4))).toBe(bucketOf(highestValue));
});

test('a negative value counts as 0', () => {
  expect(histogramOf([-5]).toData()).toMatchObject({ count: 1, min: 0, max: 0, sum: 0 });
});

test('fractions are rounded to the nearest integer', () => {
  expect(histogramOf([1.4, 1.5]).buckets()).toEqual([
    [1, 1],
    [2, 1],
  ]);
});

test('an empty histogram has empty data, and adds nothing', () => {
  const empty = new Histogram();
  expect(empty.toData()).toEqual({ count: 0, sum: 0, min: 0, max: 0, buckets: [] });
  const histogram = histogramOf([5, 6]);
  histogram.add(empty);
  histogram.add(empty.toData());
  expect(histogram.toData()).toEqual(histogramOf([5, 6]).toData());
});

test('a histogram of steady latencies takes a page or two, not the whole layout', () => {
  const steady = histogramOf(Array.from({ length: 1000 }, (_, i) => 80_000 + i));
  const pages = (Reflect.get(steady, 'pages') as unknown[]).filter((page) => page !== undefined);
  expect(pages.length).toBeLessThanOrEqual(2);
});

for (const [what, value] of [
  ['no array', { 0: [1, 1] }],
  ['null', null],
  ['pairs of one', [[1]]],
  ['pairs of three', [[1, 2, 3]]],
  ['text', [['1', 1]]],
  ['a negative value', [[-1, 1]]],
  [
    'values that do not ascend',
    [
      [5, 1],
      [4, 1],
    ],
  ],
  [
    'a value twice',
    [
      [5, 1],
      [5, 1],
    ],
  ],
  ['a count of 0', [[5, 0]]],
  ['a negative count', [[5, -1]]],
  ['a value beyond the layout', [[highestValue + 1, 1]]],
  ['NaN', [[NaN, 1]]],
  ['a NaN count', [[5, NaN]]],
  ['an endless count', [[5, Infinity]]],
  ['half a count', [[5, 0.5]]],
  ['a fraction of a value', [[5.5, 1]]],
  ['a value between two buckets', [[2049, 1]]],
] as const) {
  test(`buckets with ${what} are refused`, () => {
    expect(areBuckets(value)).toBe(false);
  });
}

/** Compared with the widely used library for the same layout. */
const judge = new hdr.Float64Histogram(1, highestValue, 3);

const borders = [0, 1, 2, 1023, 1024, 1025, 2047];
for (let power = 2048; power <= highestValue; power *= 2) {
  const width = power / 1024;
  borders.push(power - 1, power, power + 1, power + width - 1, power + width, 2 * power - width);
}
const drawn = Array.from({ length: 20_000 }, (_, i) => {
  return Math.floor(highestValue ** uniform(drawKey(1, 'values'), i, purpose('value')));
});
const values = [...borders, ...drawn, highestValue].filter((value) => value <= highestValue);

test('values fall into the same buckets as in hdr-histogram-js', () => {
  const wrong = values.filter((value) => bucketOf(value) !== judge.countsArrayIndex(value));
  expect(wrong).toEqual([]);
});

test('a bucket begins where it does in hdr-histogram-js', () => {
  const wrong = values.filter(
    (value) => lowestValueOf(bucketOf(value)) !== judge.lowestEquivalentValue(value),
  );
  expect(wrong).toEqual([]);
});

test('the middle of a bucket is where it is in hdr-histogram-js', () => {
  const wrong = values.filter(
    (value) => middleValueOf(bucketOf(value)) !== judge.medianEquivalentValue(value),
  );
  expect(wrong).toEqual([]);
});

test('every bucket begins right after the one before it ended', () => {
  const wrong = Array.from({ length: bucketCount }, (_, bucket) => bucket).filter((bucket) => {
    const lowest = lowestValueOf(bucket);
    return bucketOf(lowest) !== bucket || (bucket > 0 && bucketOf(lowest - 1) !== bucket - 1);
  });
  expect(wrong).toEqual([]);
});

test('the middle of a bucket is within 0.05 % of all its values', () => {
  const errors = values.map((value) => {
    const middle = middleValueOf(bucketOf(value));
    return value === 0 ? middle : Math.abs(middle - value) / value;
  });
  expect(Math.max(...errors)).toBeLessThanOrEqual(0.0005);
});
