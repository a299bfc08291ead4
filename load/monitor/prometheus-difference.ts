/**
 * What happened between two readings of the same target. Counters only ever grow, so one that has
 * shrunk was reset (the process restarted): what it shows now has been counted since then, and what
 * was counted between the first reading and the reset is lost.
 */
import { defined } from '../platform/defined.ts';
import { seriesKey, type Exposition, type MetricSample } from './prometheus-text.ts';

/** Which series count: their name, and what their labels must be. Further labels are summed over. */
export interface Selector {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string | RegExp>>;
}

function matches({ name, labels }: MetricSample, selector: Selector): boolean {
  if (name !== selector.name) return false;
  return Object.entries(selector.labels ?? {}).every(([label, wanted]) => {
    const value = labels.get(label) ?? '';
    return typeof wanted === 'string' ? value === wanted : wanted.test(value);
  });
}

export function selectSamples({ series }: Exposition, selector: Selector): MetricSample[] {
  return [...series.values()].filter((sample) => matches(sample, selector));
}

/**
 * How much the selected counters grew, all together; `undefined` where there is none, or where one has
 * no number. A series that was not there before began at 0: labelled counters appear when they first
 * count.
 */
export function increaseOf(
  before: Exposition,
  after: Exposition,
  selector: Selector,
): number | undefined {
  const samples = selectSamples(after, selector);
  if (samples.length === 0) return undefined;
  let sum = 0;
  for (const sample of samples) {
    const then = before.series.get(seriesKey(sample))?.value ?? 0;
    const grown = sample.value >= then ? sample.value - then : sample.value;
    if (!Number.isFinite(then) || !Number.isFinite(grown)) return undefined;
    sum += grown;
  }
  return sum;
}

/**
 * What the selected histograms took in, all together: a reset of any part of one is a reset of all of
 * it. `undefined` where there is none, one is incomplete, or their buckets differ.
 */
export function histogramIncrease(
  before: Exposition,
  after: Exposition,
  selector: Selector,
): BucketIncrease | undefined {
  const all = bucketsOf(after, selector);
  if (all === undefined || all.size === 0) return undefined;
  const earlier = bucketsOf(before, selector);
  if (earlier === undefined) return undefined;
  let total: BucketIncrease | undefined;
  for (const [key, now] of all) {
    const then = earlier.get(key);
    const isNew = then === undefined || hasReset(then, now);
    const grown = isNew ? now : combine(now, then, (a, b) => a - b);
    if (total !== undefined && !haveSameBounds(total, grown)) return undefined;
    total = total === undefined ? grown : combine(total, grown, (a, b) => a + b);
  }
  return total;
}

function hasReset(then: BucketIncrease, now: BucketIncrease): boolean {
  if (now.count < then.count || !haveSameBounds(then, now)) return true;
  return now.cumulative.some((count, i) => count < then.cumulative[i]!);
}

function haveSameBounds(a: BucketIncrease, b: BucketIncrease): boolean {
  return a.bounds.length === b.bounds.length && a.bounds.every((bound, i) => bound === b.bounds[i]);
}

function combine(
  one: BucketIncrease,
  other: BucketIncrease,
  by: (a: number, b: number) => number,
): BucketIncrease {
  return {
    bounds: one.bounds,
    cumulative: one.cumulative.map((count, i) => by(count, other.cumulative[i]!)),
    sum: by(one.sum, other.sum),
    count: by(one.count, other.count),
  };
}

/**
 * A histogram of the text format, `_bucket{le="…"}`, `_sum` and `_count` of one set of labels. A summary
 * has the last two only: it has a mean and no quantiles of its own.
 */
interface BucketIncrease {
  /** Upper bounds, inclusive and ascending; the last is infinity. Empty for a summary. */
  readonly bounds: readonly number[];
  /** How many values are at most as large as each bound. */
  readonly cumulative: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** The selected histograms by their labels; `undefined` where one is incomplete or has no numbers. */
function bucketsOf(
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
