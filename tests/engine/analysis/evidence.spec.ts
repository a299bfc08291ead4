import { expect, test } from '@playwright/test';
import jstat from 'jstat';
import { keptDiscoveries } from '../../../load/analysis/false-discoveries.ts';
import {
  fisherGreater,
  permutationGreater,
  type Share,
} from '../../../load/analysis/share-tests.ts';
import {
  logDifference,
  lowerBound,
  sectionVariance,
} from '../../../load/analysis/log-difference.ts';
import { risingShare } from '../../../load/analysis/mann-kendall.ts';
import { totalRise } from '../../../load/analysis/theil-sen.ts';

const of = (hits: number, total: number): Share => ({ hits, total });

test("Fisher's test gives the lady tasting tea what he gave her", () => {
  expect(fisherGreater(of(4, 4), of(0, 4))).toBeCloseTo(1 / 70, 10);
  expect(fisherGreater(of(3, 4), of(1, 4))).toBeCloseTo(17 / 70, 10);
  expect(fisherGreater(of(0, 4), of(4, 4))).toBeCloseTo(1, 10);
  expect(fisherGreater(of(1, 300), of(0, 150))).toBeCloseTo(2 / 3, 10);
});

test("Fisher's test agrees with a second library's hypergeometric distribution", () => {
  for (const [hits, total, baseHits, baseTotal] of [
    [15, 1500, 1, 300],
    [30, 1800, 5, 9000],
    [2, 180, 9, 900],
    [7, 70, 7, 70],
  ] as const) {
    const { jStat } = jstat;
    const below = jStat.hypgeom.cdf(hits - 1, total + baseTotal, hits + baseHits, total);
    expect(fisherGreater(of(hits, total), of(baseHits, baseTotal))).toBeCloseTo(1 - below, 7);
  }
});

test("Fisher's test knows large counts", () => {
  expect(fisherGreater(of(5000, 1e6), of(5000, 1e6))).toBeCloseTo(0.504, 2);
  expect(fisherGreater(of(5400, 1e6), of(5000, 1e6))).toBeLessThan(1e-4);
});

test('of the fifteen tests of Benjamini and Hochberg four are kept', () => {
  const p = [
    0.6528, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262,
    0.5719, 0.759, 1,
  ];
  const kept = keptDiscoveries(p, 0.05);
  expect(p.filter((_, index) => kept[index])).toEqual([0.0001, 0.0004, 0.0019, 0.0095]);
  expect(keptDiscoveries([], 0.05)).toEqual([]);
});

test('sections that remember have more variance than sections that do not', () => {
  const alternating = [0.1, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1, -0.1];
  const inRuns = [0.1, 0.1, -0.1, -0.1, 0.1, 0.1, -0.1, -0.1, 0.1, 0.1];
  expect(sectionVariance(alternating, 0)).toEqual([expect.closeTo(0.1 / 90, 10), 9]);
  expect(sectionVariance(inRuns, 0)).toEqual([expect.closeTo(0.05 / 20, 10), 4]);
});

test('a new run differs by its own noise, by what runs differ, and by the error of their mean', () => {
  const run = { log: 1, variance: 0.04, df: 9 };
  const base = [-0.2, 0, 0.2].map((log) => ({ log, variance: 0.01, df: 9 }));
  const found = logDifference(run, base, 0);
  // Runs: variance 0.04, of which 0.03 is more than their noise; the mean of three has 0.04 / 3.
  const others = 0.03 + 0.04 / 3;
  expect(found.difference).toBe(1);
  expect(found.standardError ** 2).toBeCloseTo(0.04 + others, 5);
  expect(found.df).toBeCloseTo((0.04 + others) ** 2 / (0.04 ** 2 / 9 + others ** 2 / 2), 3);
  expect(lowerBound(found)).toBeCloseTo(1 - 1.9 * Math.sqrt(0.04 + others), 1);
});

test('runs that are as alike as their noise allows add no variance of their own', () => {
  const base = [0, 0, 0, 0, 0].map((log) => ({ log, variance: 0.01, df: 9 }));
  const { standardError } = logDifference({ log: 0, variance: 0.01, df: 9 }, base, 0);
  expect(standardError ** 2).toBeCloseTo(0.01 + 0.01 / 5, 5);
});

test('the rise over all values is that of most of them', () => {
  expect(totalRise([0, 1, 2, 3, 4])).toBe(4);
  expect(totalRise([0, 1, 50, 3, 4])).toBe(4);
  expect(totalRise([5, 5, 5])).toBe(0);
  expect(risingShare([1, 2, 3, 4])).toBe(1);
  expect(risingShare([4, 3, 2, 1])).toBe(-1);
  expect(risingShare([1, 2, 1, 2])).toBeCloseTo(1 / 3, 10);
});

test('sections drawn by chance: what comes together in one section is no evidence', () => {
  const quiet = Array.from({ length: 50 }, () => of(0, 100));
  const oneBad = [of(30, 100), ...quiet.slice(0, 9)];
  const allBad = Array.from({ length: 10 }, () => of(3, 100));
  expect(permutationGreater(oneBad, quiet)).toBeCloseTo(1 / 6, 1);
  expect(permutationGreater(allBad, quiet)).toBeLessThan(0.001);
  expect(permutationGreater(oneBad, quiet)).toBe(permutationGreater(oneBad, quiet));
});
