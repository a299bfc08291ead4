/**
 * Histograms of the text format: `_bucket{le="…"}`, `_sum` and `_count` of one set of labels. A summary
 * has the last two only: it has a mean and no quantiles of its own.
 */
import { defined } from '../platform/defined.ts';
import { matches, type Selector } from './prometheus-selector.ts';
import { seriesKey, type Exposition } from './prometheus-text.ts';

export interface BucketIncrease {
  /** Upper bounds, inclusive and ascending; the last is infinity. Empty for a summary. */
  readonly bounds: readonly number[];
  /** How many values are at most as large as each bound. */
  readonly cumulative: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** NaN without values. */
export function meanOf({ sum, count }: BucketIncrease): number {
  return count === 0 ? NaN : sum / count;
}

/**
 * The quantile, straight between the bounds of its bucket as Prometheus' own `histogram_quantile` does.
 * Infinity where it lies above the last bound: it is not known, and must not look smaller than it is.
 * NaN without values.
 */
export function quantileOf({ bounds, cumulative }: BucketIncrease, q: number): number {
  const count = cumulative.at(-1) ?? 0;
  if (count === 0) return NaN;
  const rank = q * count;
  const bucket = cumulative.findIndex((below) => below >= rank && below > 0);
  const upper = bounds[bucket]!;
  if (upper === Infinity) return Infinity;
  const below = bucket === 0 ? 0 : cumulative[bucket - 1]!;
  const lower = bucket === 0 ? Math.min(0, upper) : bounds[bucket - 1]!;
  return lower + ((upper - lower) * (rank - below)) / (cumulative[bucket]! - below);
}

/** The selected histograms by their labels; `undefined` where one is incomplete or has no numbers. */
export function bucketsOf(
  exposition: Exposition,
  { name, labels }: Selector,
): ReadonlyMap<string, BucketIncrease> | undefined {
  const found = new Map<string, Partial<Parts>>();
  const partsOf = (own: ReadonlyMap<string, string>): Partial<Parts> => {
    const others = new Map([...own].filter(([label]) => label !== 'le'));
    const key = seriesKey({ name, labels: others });
    let parts = found.get(key);
    if (parts === undefined) found.set(key, (parts = {}));
    return parts;
  };
  for (const sample of exposition.series.values()) {
    const isPart = (suffix: string): boolean =>
      matches(sample, defined({ name: name + suffix, labels }));
    if (isPart('_sum')) partsOf(sample.labels).sum = sample.value;
    else if (isPart('_count')) partsOf(sample.labels).count = sample.value;
    else if (isPart('_bucket')) {
      (partsOf(sample.labels).buckets ??= []).push([
        boundOf(sample.labels.get('le')),
        sample.value,
      ]);
    }
  }
  const complete = new Map<string, BucketIncrease>();
  for (const [key, parts] of found) {
    const histogram = completed(parts);
    if (histogram === undefined) return undefined;
    complete.set(key, histogram);
  }
  return complete;
}

interface Parts {
  sum: number;
  count: number;
  buckets: [bound: number, count: number][];
}

function completed({ sum, count, buckets = [] }: Partial<Parts>): BucketIncrease | undefined {
  if (sum === undefined || count === undefined) return undefined;
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const numbers = [sum, count, ...sorted.map(([, below]) => below)];
  if (!numbers.every(Number.isFinite)) return undefined;
  if (sorted.some(([bound]) => Number.isNaN(bound))) return undefined;
  // Cut off between two lines, or not a histogram at all.
  if (sorted.length > 0 && sorted.at(-1)![0] !== Infinity) return undefined;
  if (sorted.some(([, below], i) => i > 0 && below < sorted[i - 1]![1])) return undefined;
  return {
    bounds: sorted.map(([bound]) => bound),
    cumulative: sorted.map(([, below]) => below),
    sum,
    count,
  };
}

function boundOf(text = ''): number {
  if (/^\+?inf(inity)?$/i.test(text)) return Infinity;
  return text.trim() === '' ? NaN : Number(text);
}
