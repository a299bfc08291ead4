/**
 * A quantile of the values added to a Prometheus histogram between two readings. As in PromQL's
 * `histogram_quantile`, values are assumed to be evenly spread within their bucket, and those above the
 * last bound count as that bound.
 */
import { increaseOf, selectSamples, type Selector } from './prometheus-difference.ts';
import type { Exposition } from './prometheus-text.ts';

interface Bucket {
  /** Upper bound, inclusive. */
  readonly bound: number;
  /** How many values are at most the bound. */
  readonly count: number;
}

export function bucketName(name: string): string {
  return `${name}_bucket`;
}

/**
 * In the histogram's own unit. `null` if nothing was added, `undefined` if there is no such histogram, a
 * text if it cannot be computed.
 */
export function quantileOfIncrease(
  before: Exposition,
  after: Exposition,
  { name, labels = {} }: Selector,
  q: number,
): number | null | string | undefined {
  const buckets = { name: bucketName(name), labels };
  const bounds = new Set(selectSamples(after, buckets).map((one) => one.labels.get('le') ?? ''));
  if (bounds.size === 0) return undefined;
  const grown: Bucket[] = [];
  for (const le of bounds) {
    const count = increaseOf(before, after, { ...buckets, labels: { ...labels, le } });
    const bound = le === '+Inf' ? Infinity : Number(le === '' ? NaN : le);
    if (count === undefined || Number.isNaN(bound)) return 'a bucket of it has no number';
    grown.push({ bound, count });
  }
  return quantileIn(grown, q);
}

function quantileIn(buckets: Bucket[], q: number): number | null | string {
  const sorted = buckets.sort((a, b) => a.bound - b.bound);
  if (sorted.at(-1)!.bound !== Infinity) return 'its bucket +Inf is not there';
  let [lower, below] = [0, 0];
  // After a restart a bucket may have a smaller count than the one below it; it then gets that count.
  const total = Math.max(...sorted.map(({ count }) => count));
  if (total === 0) return null;
  const rank = q * total;
  for (const { bound, count } of sorted) {
    const within = Math.max(below, count);
    if (within >= rank && within > 0) {
      if (bound === Infinity) return lower;
      const from = lower === 0 && bound <= 0 ? bound : lower;
      return from + (bound - from) * ((rank - below) / (within - below));
    }
    [lower, below] = [bound, within];
  }
  return lower;
}
