/**
 * A histogram for values of any sign and size, for users' own trends: a price of 0.0004 $, a size of 10
 * MB, a change of −5. Its buckets are logarithmic and mirrored at zero, and zero has its own bucket. Each
 * bucket is 0.1 % wide, so its representative value is at most 0.05 % away from any value in it (Masson
 * et al., "DDSketch", VLDB 2019). Values are in the unit of their metric. Latencies use the other layout
 * (histogram.ts), which records without computing a logarithm.
 */
import { bucketOf, middleValueOf, thousandths, type Histogram } from './histogram.ts';
import type { Buckets, HistogramData } from './histogram.ts';

/** Smaller values count as zero, larger ones than the largest are clamped, so that no sum overflows. */
const smallestSize = 1e-100;
const largestSize = 1e100;

const logWidth = Math.log(1.001);
/** Few digits keep a log short. They move a value by at most a thousandth of its bucket. */
const digits = 7;

/** As in an interval log. The field `layout` tells it from a latency's histogram. */
export interface SignedHistogramData extends Omit<HistogramData, 'layout'> {
  readonly layout: 'signed';
  /** `[representative value of the bucket, count]`, ascending. */
  readonly buckets: Buckets;
}

export class SignedHistogram {
  /** Counts by bucket: of the values above zero, and of those below by their absolute value. */
  private readonly above = new Map<number, number>();
  private readonly below = new Map<number, number>();
  private zeros = 0;
  private listed: readonly (readonly [number, number])[] | undefined;
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  clamped = 0;

  /** How many recorded units make one unit of the metric. */
  get perUnit(): number {
    return 1;
  }

  /** Records a finite number. */
  record(value: number, times = 1): void {
    // `+ 0` turns a −0 (from rounding) into the 0 that the log would hold.
    const within = Math.min(largestSize, Math.max(-largestSize, value)) + 0;
    if (within !== value) this.clamped += times;
    this.addToBucket(within, times);
    this.addTotals(times, within * times, within, within);
  }

  /** Adds all counts of another histogram or its data. Thousandths are converted to their unit. */
  add(other: HistogramData | SignedHistogramData | Histogram | SignedHistogram): void {
    const data = 'toData' in other ? other.toData() : other;
    const isSigned = data.layout === 'signed';
    const perUnit = isSigned ? 1 : thousandths;
    for (const [value, count] of data.buckets) {
      this.addToBucket(isSigned ? value : middleValueOf(bucketOf(value)) / perUnit, count);
    }
    const { count, sum, min, max, clamped = 0 } = data;
    if (count === 0) return;
    this.addTotals(count, sum / perUnit, min / perUnit, max / perUnit);
    this.clamped += clamped;
  }

  /** The rank-th smallest value (from 1), as the representative of its bucket, within min–max. */
  valueAtRank(rank: number): number {
    let seen = 0;
    for (const [value, count] of this.buckets()) {
      seen += count;
      if (seen >= rank) return Math.min(this.max, Math.max(this.min, value));
    }
    return this.max;
  }

  get mean(): number {
    return this.sum / this.count;
  }

  /** The non-empty buckets with their representative values, ascending. */
  buckets(): Buckets {
    if (this.listed === undefined) {
      const below = sideOf(this.below).map(([size, count]) => [-size, count] as const);
      const zero = this.zeros > 0 ? [[0, this.zeros] as const] : [];
      this.listed = [...below.reverse(), ...zero, ...sideOf(this.above)];
    }
    return this.listed;
  }

  toData(): SignedHistogramData {
    const { count, sum, min, max, clamped } = this;
    const layout = 'signed';
    if (count === 0) return { layout, count: 0, sum: 0, min: 0, max: 0, buckets: [] };
    const data = { layout, count, sum, min, max, buckets: this.buckets() } as const;
    return clamped > 0 ? { ...data, clamped } : data;
  }

  private addToBucket(value: number, times: number): void {
    this.listed = undefined;
    const size = Math.abs(value);
    if (size < smallestSize) {
      this.zeros += times;
      return;
    }
    const side = value > 0 ? this.above : this.below;
    const bucket = Math.floor(Math.log(size) / logWidth);
    side.set(bucket, (side.get(bucket) ?? 0) + times);
  }

  private addTotals(count: number, sum: number, min: number, max: number): void {
    this.count += count;
    this.sum += sum;
    this.min = Math.min(this.min, min);
    this.max = Math.max(this.max, max);
  }
}

/** Absolute values with their counts, ascending. Reading a bucket's middle again gives the same bucket. */
function sideOf(side: ReadonlyMap<number, number>): (readonly [number, number])[] {
  return [...side]
    .sort(([a], [b]) => a - b)
    .map(([bucket, count]) => [sizeOf(bucket), count] as const);
}

function sizeOf(bucket: number): number {
  return Number(Math.exp((bucket + 0.5) * logWidth).toPrecision(digits));
}

/** Whether the pairs are ascending finite values with positive counts. */
export function areSignedBuckets(value: unknown): value is Buckets {
  if (!Array.isArray(value)) return false;
  let previous = -Infinity;
  for (const pair of value as unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2) return false;
    const [own, count] = pair as [unknown, unknown];
    if (typeof own !== 'number' || !(own > previous) || own === Infinity) return false;
    if (!Number.isSafeInteger(count) || !((count as number) > 0)) return false;
    previous = own;
  }
  return true;
}
