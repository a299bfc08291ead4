/**
 * A histogram for values of any sign and size, such as users' own trends have: a price of 0.0004 $, a
 * size of 10 MB, a change of −5. Its buckets are logarithmic, mirrored at zero, and zero has one of its own;
 * each is 0.1 % wide, so the value that stands for it is at most 0.05 % away from each of its own
 * (Masson et al., "DDSketch", VLDB 2019). Values are in the unit of their metric.
 *
 * Latencies have the other layout (histogram.ts), which records without a logarithm.
 */
import { bucketOf, middleValueOf, thousandths, type Histogram } from './histogram.ts';
import type { Buckets, HistogramData } from './histogram.ts';

/** Closer to zero is zero, and beyond the largest is clamped: no sum overflows. */
const smallestSize = 1e-100;
const largestSize = 1e100;

const logWidth = Math.log(1.001);
/** So few digits keep a log short; they move a value by a thousandth of its bucket at most. */
const digits = 7;

/** As an interval log holds it, told from latencies by its layout. */
export interface SignedHistogramData extends Omit<HistogramData, 'layout'> {
  readonly layout: 'signed';
  /** `[the value that stands for the bucket, count]`, ascending. */
  readonly buckets: Buckets;
}

export class SignedHistogram {
  /** Counts by bucket, of the values above zero and, by their size, of those below. */
  private readonly above = new Map<number, number>();
  private readonly below = new Map<number, number>();
  private zeros = 0;
  private listed: readonly (readonly [number, number])[] | undefined;
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  clamped = 0;

  /** How many of the recorded numbers are one of the metric's unit. */
  get perUnit(): number {
    return 1;
  }

  /** Records a finite number. */
  record(value: number, times = 1): void {
    // `+ 0`: a −0, as rounding makes one, is 0 in the log, and so it is here.
    const within = Math.min(largestSize, Math.max(-largestSize, value)) + 0;
    if (within !== value) this.clamped += times;
    this.addToBucket(within, times);
    this.addTotals(times, within * times, within, within);
  }

  /** Adds all that another histogram (or its data) holds; thousandths are turned into their unit. */
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

  /** The value of the rank-th smallest record (from 1), as the one of its bucket, within min–max. */
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

  /** The non-empty buckets, each by the value that stands for it, ascending. */
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

/** Sizes with their counts, ascending. A bucket's middle falls into it again, wherever it is read. */
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
