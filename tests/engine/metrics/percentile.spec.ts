import { expect, test } from '@playwright/test';
import { Histogram } from '../../../load/metrics/histogram.ts';
import {
  intervalRanks,
  quantileInterval,
  rankOf,
  samplesNeeded,
  statisticOf,
  wilsonInterval,
} from '../../../load/metrics/percentile.ts';

/** 1, 2, … n; below 2048 every value has a bucket of its own. */
function oneTo(n: number): Histogram {
  const histogram = new Histogram();
  for (let value = 1; value <= n; value++) histogram.record(value);
  return histogram;
}

for (const [q, n, rank] of [
  [0.5, 1, 1],
  [0.5, 2, 1],
  [0.5, 3, 2],
  [0.95, 100, 95],
  [0.95, 101, 96],
  [0.9, 10, 9],
  [0.7, 10, 7],
  [0.99, 1000, 990],
  [0.999, 1000, 999],
  [0.999, 999, 999],
  [0, 10, 1],
  [1, 10, 10],
] as const) {
  test(`quantile ${q} of ${n} is rank ${rank}`, () => {
    expect(rankOf(q, n)).toBe(rank);
  });
}

for (const [name, value] of [
  ['p50', 500],
  ['p75', 750],
  ['p90', 900],
  ['p95', 950],
  ['p99', 990],
  ['p99.9', 999],
  ['avg', 500.5],
  ['max', 1000],
] as const) {
  test(`${name} of 1 to 1000 is ${value}`, () => {
    expect(statisticOf(oneTo(1000), name, 1000)).toBe(value);
  });
}

test('with 7 % not ok p90 is a number and p95 is ∞', () => {
  expect(statisticOf(oneTo(930), 'p90', 1000)).toBe(900);
  expect(statisticOf(oneTo(930), 'p95', 1000)).toBe(Infinity);
});

test('with exactly 5 % not ok p95 is the slowest of the ok ones', () => {
  expect(statisticOf(oneTo(950), 'p95', 1000)).toBe(950);
  expect(statisticOf(oneTo(949), 'p95', 1000)).toBe(Infinity);
});

test('where nothing ended ok percentiles and max are ∞, and avg is not there', () => {
  const none = new Histogram();
  expect(statisticOf(none, 'p50', 10)).toBe(Infinity);
  expect(statisticOf(none, 'avg', 10)).toBeNaN();
  expect(statisticOf(none, 'max', 10)).toBe(Infinity);
});

test('where one did not end ok it is the slowest', () => {
  expect(statisticOf(oneTo(99), 'max', 99)).toBe(99);
  expect(statisticOf(oneTo(99), 'max', 100)).toBe(Infinity);
});

test('where nothing was scheduled there is no percentile', () => {
  expect(statisticOf(new Histogram(), 'p95', 0)).toBeNaN();
});

for (const [q, needed] of [
  [0.5, 6],
  [0.75, 13],
  [0.9, 36],
  [0.95, 72],
  [0.99, 368],
  [0.999, 3688],
] as const) {
  test(`quantile ${q} needs ${needed} samples`, () => {
    expect(samplesNeeded(q)).toBe(needed);
    // By definition: the smallest n whose largest value is above the quantile with 97.5 %.
    expect(q ** needed).toBeLessThanOrEqual(0.025);
    expect(q ** (needed - 1)).toBeGreaterThan(0.025);
  });

  test(`quantile ${q} has an interval from ${needed} samples on`, () => {
    expect(intervalRanks(q, needed)[1]).toBeLessThanOrEqual(needed);
    expect(intervalRanks(q, needed - 1)[1]).toBe(needed);
  });
}

/** P(B ≤ k) for all k, by convolution from one trial to n: another way than the code's. */
function binomialCdf(q: number, n: number): number[] {
  let pmf = [1];
  for (let trial = 0; trial < n; trial++) {
    const next = Array.from({ length: pmf.length + 1 }, () => 0);
    for (const [k, p] of pmf.entries()) {
      next[k]! += p * (1 - q);
      next[k + 1]! += p * q;
    }
    pmf = next;
  }
  let sum = 0;
  return pmf.map((p) => (sum += p));
}

/** Ranks by their definition: P(B < l) ≤ 2.5 %, P(B ≥ u) ≤ 2.5 %, as close to the middle as can be. */
function exactRanks(q: number, n: number): [number, number] {
  const cdf = binomialCdf(q, n);
  let lower = 0;
  while (cdf[lower]! <= 0.025) lower += 1;
  let upper = n + 1;
  while (upper > 1 && 1 - (cdf[upper - 2] ?? 0) <= 0.025) upper -= 1;
  return [lower, upper];
}

for (const q of [0.5, 0.9, 0.95, 0.99]) {
  test(`the interval's ranks of quantile ${q} are those of exact binomial sums`, () => {
    for (const n of [1, 5, 6, 7, 36, 50, 72, 100, 368, 999]) {
      expect([n, ...intervalRanks(q, n)]).toEqual([n, ...exactRanks(q, n)]);
    }
  });

  test(`beyond 20 000 samples the ranks of quantile ${q} go on where they were`, () => {
    const [lower, upper] = intervalRanks(q, 20_000);
    const [lowerOn, upperOn] = intervalRanks(q, 20_001);
    expect(Math.abs(lowerOn - lower)).toBeLessThanOrEqual(2);
    expect(Math.abs(upperOn - upper)).toBeLessThanOrEqual(2);
  });
}

test('an interval is ∞ where its upper rank lies among the requests that did not end ok', () => {
  const [lower, upper] = quantileInterval(oneTo(960), 0.95, 1000);
  expect(lower).toBeLessThan(950);
  expect(upper).toBe(Infinity);
});

test('an interval holds the percentile, and is open where samples lack', () => {
  const [lower, upper] = quantileInterval(oneTo(1000), 0.95, 1000);
  expect([lower, upper]).toEqual([936, 964]);
  expect(quantileInterval(oneTo(5), 0.5, 5)).toEqual([-Infinity, Infinity]);
});

/** Newcombe, Statistics in Medicine 17 (1998), table I, method 3: Wilson's score. */
for (const [hits, total, lower, upper] of [
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
  [0, 190, 0, 0.0198],
  [20, 20, 0.8389, 1],
] as const) {
  test(`Wilson's interval of ${hits} in ${total} is ${lower} to ${upper}`, () => {
    const [from, to] = wilsonInterval(hits, total);
    expect(from).toBeCloseTo(lower, 4);
    expect(to).toBeCloseTo(upper, 4);
  });
}

test("Wilson's interval of nothing is everything", () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});
