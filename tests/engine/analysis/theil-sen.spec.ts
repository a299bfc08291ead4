import { expect, test } from '@playwright/test';
import { medianOf, pairSlopes, slopeInterval } from '../../../load/analysis/theil-sen.ts';

function points(ys: readonly number[]) {
  return ys.map((y, x) => ({ x, y }));
}

for (const [what, ys, slopes, median] of [
  ['a line', [1, 3, 5], [2, 2, 2], 2],
  // 1→2: 1, 1→9: 4, 1→4: 1, 2→9: 7, 2→4: 1, 9→4: −5.
  ['by hand', [1, 2, 9, 4], [-5, 1, 1, 1, 4, 7], 1],
  ['level', [3, 3, 3], [0, 0, 0], 0],
  ['up to ∞, and none there', [1, Infinity, Infinity], [Infinity, Infinity], Infinity],
] as const) {
  test(`slopes of all pairs: ${what}`, () => {
    expect(pairSlopes(points(ys))).toEqual(slopes);
    expect(medianOf(pairSlopes(points(ys)))).toBe(median);
  });
}

test('one outlier in ten does not bend the line', () => {
  const ys = Array.from({ length: 10 }, (_, i) => 100 + i);
  ys[7] = 10_000;
  expect(medianOf(pairSlopes(points(ys)))).toBe(1);
});

test('points at the same x have no slope between them', () => {
  expect(
    pairSlopes([
      { x: 1, y: 1 },
      { x: 1, y: 5 },
    ]),
  ).toEqual([]);
});

// By hand: with N = 28 slopes and V = 65.33, z·√V = 15.84: ranks 6.08 and 21.92.
test('the interval is between the slopes of the ranks (N ∓ z√V) / 2, widened to whole ones', () => {
  const slopes = Array.from({ length: 28 }, (_, i) => i + 1);
  expect(slopeInterval(slopes, (8 * 7 * 21) / 18)).toEqual([7, 22]);
  expect(slopeInterval([1, 2, 3], 100)).toEqual([-Infinity, Infinity]);
});

test('the median of an even number is between the two in the middle', () => {
  expect(medianOf([4, 1, 3, 2])).toBe(2.5);
  expect(medianOf([])).toBeNaN();
});
