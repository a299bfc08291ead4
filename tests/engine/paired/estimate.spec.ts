import { expect, test } from '@playwright/test';
import jstat from 'jstat';
import {
  chanceOfMore,
  estimateOf,
  intervalOf,
  roundsNeeded,
} from '../../../load/paired/estimate.ts';

const values = [0.08, 0.11, 0.05, 0.09, 0.12, 0.07, 0.1, 0.06];
const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - 0.085) ** 2, 0) / 7);
const estimate = estimateOf({ values, resolution: 0 })!;

test("the interval is Student's", () => {
  const t = jstat.jStat.studentt.inv(0.975, 7);
  const half = (t * deviation) / Math.sqrt(8);
  const [low, high] = intervalOf(estimate, 0.95);
  expect(low).toBeCloseTo(0.085 - half, 9);
  expect(high).toBeCloseTo(0.085 + half, 9);
});

test('the chance of a mean as large falls with the mean, and rises with what is to be exceeded', () => {
  const error = deviation / Math.sqrt(8);
  expect(chanceOfMore(estimate, 0)).toBeCloseTo(1 - jstat.jStat.studentt.cdf(0.085 / error, 7), 9);
  expect(chanceOfMore(estimate, 0.05)).toBeCloseTo(
    1 - jstat.jStat.studentt.cdf(0.035 / error, 7),
    9,
  );
});

test('rounds that are all alike leave no doubt but for what is not told apart', () => {
  const same = estimateOf({ values: [0.02, 0.02, 0.02], resolution: 0.001 })!;
  expect(intervalOf(same, 0.99)).toEqual([0.019, 0.021]);
  expect(chanceOfMore(same, 0)).toBe(0);
  expect(chanceOfMore(same, 0.03)).toBe(1);
});

test('one round says nothing of how far the next would be from it', () => {
  expect(estimateOf({ values: [0.1], resolution: 0 })).toBeUndefined();
});

test('twice the deviation takes four times the rounds', () => {
  const loud = { ...estimate, deviation: 10 * estimate.deviation };
  const twice = { ...estimate, deviation: 20 * estimate.deviation };
  expect(roundsNeeded(twice, 0.1) / roundsNeeded(loud, 0.1)).toBeCloseTo(4, 1);
});

test('what is too fine to be seen takes more requests, and no number shows what is not tolerated', () => {
  const none = { mean: 0, deviation: 0, rounds: 8, resolution: 0.01 };
  expect(roundsNeeded(none, 0.005)).toBe(16);
  expect(roundsNeeded(none, 0)).toBe(Infinity);
});
