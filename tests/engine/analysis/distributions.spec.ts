import { expect, test } from '@playwright/test';
import jstat from 'jstat';
import {
  chiSquaredUpperTail,
  poissonUpperTail,
  tQuantile,
  tUpperTail,
} from '../../../load/analysis/distributions.ts';

const { jStat } = jstat;

test('quantiles of t are those of the published tables', () => {
  const published = [
    { p: 0.95, df: 1, t: 6.314 },
    { p: 0.95, df: 4, t: 2.132 },
    { p: 0.95, df: 30, t: 1.697 },
    { p: 0.99, df: 4, t: 3.747 },
    { p: 0.99, df: 9, t: 2.821 },
    { p: 0.975, df: 100, t: 1.984 },
    { p: 0.5, df: 3, t: 0 },
    { p: 0.05, df: 4, t: -2.132 },
  ];
  for (const { p, df, t } of published) expect(tQuantile(p, df), `${p}, ${df}`).toBeCloseTo(t, 3);
});

test('and with fractional degrees of freedom those of a second library', () => {
  for (const df of [1.3, 2.5, 4.01, 7.77, 12.9, 250.4]) {
    for (const p of [0.6, 0.8, 0.95, 0.99, 0.999]) {
      expect(tQuantile(p, df) / jStat.studentt.inv(p, df), `${p}, ${df}`).toBeCloseTo(1, 6);
    }
  }
});

test('tails are those of a second library', () => {
  for (const t of [-3, -0.5, 0, 0.5, 2, 8]) {
    for (const df of [1, 3.4, 9, 45]) {
      expect(tUpperTail(t, df)).toBeCloseTo(1 - jStat.studentt.cdf(t, df), 7);
    }
  }
  for (const [count, mean] of [
    [1, 0.5],
    [10, 3],
    [3, 10],
    [40, 20],
  ] as const) {
    expect(poissonUpperTail(count, mean)).toBeCloseTo(1 - jStat.poisson.cdf(count - 1, mean), 7);
  }
  for (const [x, df] of [
    [16.919, 9],
    [1, 9],
    [40, 9],
    [3.841, 1],
  ] as const) {
    expect(chiSquaredUpperTail(x, df)).toBeCloseTo(1 - jStat.chisquare.cdf(x, df), 7);
  }
});

test('the ends are what they must be', () => {
  expect([tUpperTail(Infinity, 4), tUpperTail(-Infinity, 4), tUpperTail(0, 4)]).toEqual([
    0, 1, 0.5,
  ]);
  expect([poissonUpperTail(0, 3), poissonUpperTail(5, 0)]).toEqual([1, 0]);
  expect(chiSquaredUpperTail(0, 9)).toBe(1);
});

test('so far out that no number is as small, a tail is 0 or 1', () => {
  expect([poissonUpperTail(300, 0.5), poissonUpperTail(5000, 2000)]).toEqual([0, 0]);
  expect([poissonUpperTail(5, 3000), poissonUpperTail(200, 20_000)]).toEqual([1, 1]);
  expect([chiSquaredUpperTail(3000, 9), chiSquaredUpperTail(1e6, 4)]).toEqual([0, 0]);
  expect(chiSquaredUpperTail(2000, 20_000)).toBe(1);
  // Just before, it is what it is.
  expect(poissonUpperTail(130, 1)).toBeLessThan(1e-200);
  expect(chiSquaredUpperTail(1300, 4)).toBeGreaterThan(0);
});
