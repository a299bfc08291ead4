/**
 * A quantile of what a Prometheus histogram took in between two readings. As in PromQL's `histogram_quantile` values
 * lie evenly within their bucket, and those above the last bound count as that bound.
 */
import { increaseOf, selectSamples, type Selector } from './prometheus-difference.ts';
import type { Exposition } from './prometheus-text.ts';

interface Bucket {
  /** Upper bound, inclusive. */
  readonly bound: number;
  /** How many values came that are no larger. */
  readonly count: number;
}

export function bucketName(name: string): string {
  return `${name}_bucket`;
}

/**
 * In the histogram's own unit. `null` where nothing was taken in, `undefined` where there is no such histogram, a
 * text where it can't be told.
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
  // A restart in between can leave a bucket with less than one below it: none holds less than that.
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
