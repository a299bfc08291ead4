/** Whether values in order rise, and by how much. */

/**
 * Theil–Sen: the median of all pairwise slopes, as the rise over the whole length. One wild value does
 * not move it.
 */
export function totalRise(values: readonly number[]): number {
  const slopes = values.flatMap((later, j) =>
    values.slice(0, j).map((earlier, i) => (later - earlier) / (j - i)),
  );
  slopes.sort((a, b) => a - b);
  const half = slopes.length / 2;
  const median = (slopes[Math.ceil(half) - 1]! + slopes[Math.floor(half)]!) / 2;
  return median * (values.length - 1);
}

/** Kendall's S as a share of its largest: 1 where each value is above all before it, 0 without order. */
export function risingShare(values: readonly number[]): number {
  const signs = values.flatMap((later, j) =>
    values.slice(0, j).map((earlier) => Math.sign(later - earlier)),
  );
  return signs.reduce((sum, sign) => sum + sign, 0) / signs.length;
}
