import { expect, test } from '@playwright/test';
import * as hdr from 'hdr-histogram-js';
import {
  bucketCount,
  bucketOf,
  highestValue,
  lowestValueOf,
  middleValueOf,
} from '../../../load/metrics/buckets.ts';
import { drawKey, purpose, uniform } from '../../../load/platform/random.ts';

/** The judge: the same layout in the library that everybody uses. */
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
