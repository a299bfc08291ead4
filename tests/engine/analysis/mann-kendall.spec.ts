import { expect, test } from '@playwright/test';
import { normalUpperTail } from '../../../load/analysis/distributions.ts';
import { mannKendall, ranksOf } from '../../../load/analysis/mann-kendall.ts';

// Φ(−z) of tables (Abramowitz & Stegun, 26.2).
for (const [z, p] of [
  [0, 0.5],
  [1, 0.158655254],
  [1.959963985, 0.025],
  [3, 0.001349898],
  [6, 9.865876e-10],
  [-1, 0.841344746],
] as const) {
  test(`the tail of the normal distribution from ${z} on`, () => {
    expect(Math.abs(normalUpperTail(z) / p - 1)).toBeLessThan(3e-7);
  });
}

/** Alternates: neighbours differ, so no variance is added. */
const alternating = [1, -1, 1, -1, 1, -1, 1, -1, 1, -1];

for (const [what, values, s, variance] of [
  ['ten that rise: 45 pairs, V = 10·9·25/18', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 45, 125],
  ['ten that fall', [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], -45, 125],
  ['ten that are level: all in one tie', [5, 5, 5, 5, 5, 5, 5, 5, 5, 5], 0, 0],
  // Two groups of five: (2250 − 2·5·4·15) / 18.
  ['a step with ties', [1, 1, 1, 1, 1, 2, 2, 2, 2, 2], 25, (2250 - 600) / 18],
  ['∞ is above all, and level with itself', [1, 2, 3, 4, 5, 6, 7, 8, Infinity, Infinity], 44, 124],
] as const) {
  test(`S and its variance: ${what}`, () => {
    expect(mannKendall(values, alternating)).toMatchObject({ s, inflation: 1 });
    expect(mannKendall(values, alternating).variance).toBeCloseTo(variance, 9);
  });
}

test('p goes by (S − 1) / √V: 44 / √125 of ten that rise', () => {
  const { pOfRise } = mannKendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], alternating);
  expect(pOfRise).toBeCloseTo(normalUpperTail(44 / Math.sqrt(125)), 12);
  expect(mannKendall([5, 5, 5, 5], [1, -1, 1, -1]).pOfRise).toBeCloseTo(0.5, 6);
  expect(mannKendall([4, 3, 2, 1], [1, -1, 1, -1]).pOfRise).toBeGreaterThan(0.5);
});

// Ranks 1 1 1 2 2 2 as 2 2 2 5 5 5: around the mean −1.5 ×3, +1.5 ×3; Σ² = 13.5.
// ρ(1) = (2 + 2 − 1)·2.25/13.5 = 0.5, corrected + 3/6 → 0.999 at most; ρ(2) = 0 + 1/6; ρ(3) = −0.5 − 1/6.
// 1 + 2/(6·5·4) · (5·4·3·0.999 + 4·3·2/6).
test('autocorrelation of the ranks widens the variance, by hand', () => {
  const { inflation } = mannKendall([1, 2, 3, 4, 5, 6], [1, 1, 1, 2, 2, 2]);
  expect(inflation).toBeCloseTo(1 + (2 / 120) * (60 * 0.999 + 24 / 6), 9);
});

test('equal values share the mean of their ranks', () => {
  expect(ranksOf([3, 1, 3, Infinity])).toEqual([2.5, 1, 2.5, 4]);
});
