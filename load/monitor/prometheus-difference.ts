/**
 * What happened between two readings of the same target. Counters only ever grow, so one that has
 * shrunk was reset (the process restarted): what it shows now has been counted since then, and what
 * was counted between the first reading and the reset is lost.
 */
import { bucketsOf, type BucketIncrease } from './prometheus-histogram.ts';
import { selectSamples, type Selector } from './prometheus-selector.ts';
import { seriesKey, type Exposition } from './prometheus-text.ts';

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
    const grown = then === undefined || hasReset(then, now) ? now : subtract(then, now);
    if (total !== undefined && !haveSameBounds(total, grown)) return undefined;
    total = total === undefined ? grown : add(total, grown);
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

function subtract(then: BucketIncrease, now: BucketIncrease): BucketIncrease {
  return combine(then, now, (a, b) => b - a);
}

function add(one: BucketIncrease, other: BucketIncrease): BucketIncrease {
  return combine(one, other, (a, b) => a + b);
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
