/**
 * A robust line through a noisy series, which a single outlier cannot bend: the median of the slopes
 * between all pairs of points. Theil, Proc. Kon. Ned. Akad. v. Wetensch. A 53 (1950); Sen, JASA 63 (1968)
 * 1379.
 */
import { groupedBy } from '../platform/lists.ts';

export interface Point {
  readonly x: number;
  /** May be ∞, which is above all finite values. */
  readonly y: number;
}

/** Slopes of all pairs of points with different x, ascending. Two points at ∞ have none. */
export function pairSlopes(points: readonly Point[]): number[] {
  const slopes: number[] = [];
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1)) {
      const slope = (b.y - a.y) / (b.x - a.x);
      if (b.x !== a.x && !Number.isNaN(slope)) slopes.push(slope);
    }
  });
  // Not compared by difference, since ∞ − ∞ is NaN.
  return slopes.sort(ascending);
}

/** The rise from the first to the last of evenly spaced values. */
export function totalRise(values: readonly number[]): number {
  const slopes = pairSlopes(values.map((y, x) => ({ x, y })));
  return medianOf(slopes) * (values.length - 1);
}

/** The median; NaN for an empty list. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort(ascending);
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  if (low === undefined || high === undefined) return NaN;
  return low === high ? low : (low + high) / 2;
}

/** One point for each block of time: the median of its readings. Dense readings are not independent. */
export function medianPoints(
  readings: readonly { readonly atMs: number; readonly value: number }[],
  blockMs: number,
): Point[] {
  const startMs = readings[0]?.atMs ?? 0;
  const blocks = groupedBy(readings, ({ atMs }) => Math.floor((atMs - startMs) / blockMs));
  return [...blocks.values()].map((block) => ({
    x: medianOf(block.map(({ atMs }) => atMs)),
    y: medianOf(block.map(({ value }) => value)),
  }));
}

/**
 * Interval of the slope, from sorted `slopes` and the variance of Kendall's S: the ranks (N ∓ z·√V) / 2.
 * Hollander, Wolfe & Chicken, "Nonparametric Statistical Methods", 3rd ed., 9.3.
 */
export function slopeInterval(
  slopes: readonly number[],
  varianceOfS: number,
  z = 1.959964,
): readonly [number, number] {
  const half = z * Math.sqrt(varianceOfS);
  const low = Math.floor((slopes.length - half) / 2);
  const high = Math.ceil((slopes.length + half) / 2) - 1;
  return [slopes[low] ?? -Infinity, slopes[high] ?? Infinity];
}

function ascending(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
