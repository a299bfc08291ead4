/**
 * A histogram in the bucket layout of HDR (http://hdrhistogram.org) with 3 significant digits: values up
 * to 2047 have a bucket each, every further doubling has 1024 buckets, so a bucket is never wider than
 * 1/1024 of its values. Latencies are integer microseconds from 0 to 1 h; higher values are clamped.
 * Counts are kept in pages of 256 buckets that are created when first hit. So a series of steady
 * latencies takes a few kilobytes, recording is two array look-ups, and the non-empty buckets come out in
 * order without a sort. hdr-histogram-js is only used to check this code in tests: it takes 100 kB per
 * histogram and about 4 ms to encode one, and an interval writes dozens each second.
 */
export const highestValue = 3_600_000_000;

/** Factor between a metric's unit and the recorded integers: 1 ms is recorded as 1000 µs. */
export const thousandths = 1000;

const halfBits = 10;
const halfCount = 1 << halfBits;

/** Bucket of an integer value from 0 to `highestValue`. */
export function bucketOf(value: number): number {
  const magnitude = 31 - Math.clz32(value | (2 * halfCount - 1)) - halfBits;
  return (magnitude << halfBits) + (value >>> magnitude);
}

/** The lowest value of the bucket. */
export function lowestValueOf(bucket: number): number {
  const magnitude = Math.max(0, (bucket >>> halfBits) - 1);
  return (bucket - (magnitude << halfBits)) * 2 ** magnitude;
}

/** The value that represents the bucket: its middle, at most 0.05 % away from any value in it. */
export function middleValueOf(bucket: number): number {
  const magnitude = Math.max(0, (bucket >>> halfBits) - 1);
  return lowestValueOf(bucket) + Math.floor(2 ** magnitude / 2);
}

export const bucketCount = bucketOf(highestValue) + 1;

const pageBits = 8;
const pageSize = 1 << pageBits;

/** `[lowest value of the bucket, count]`, ascending. */
export type Buckets = readonly (readonly [number, number])[];

/** A histogram as data, as in an interval log. Values are in the unit of the recorded integers. */
export interface HistogramData {
  /** The other layout has a name (signed-histogram.ts). */
  readonly layout?: undefined;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** How many values were above the highest of the layout. They are recorded as the highest. */
  readonly clamped?: number | undefined;
  readonly buckets: Buckets;
}

export class Histogram {
  private pages: (Float64Array | undefined)[] = [];
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  clamped = 0;

  /** How many recorded units make one unit of the metric. */
  get perUnit(): number {
    return thousandths;
  }

  static from(data: HistogramData): Histogram {
    const histogram = new Histogram();
    histogram.add(data);
    return histogram;
  }

  /** Records a non-negative number, rounded to an integer. A value above the highest is clamped. */
  record(value: number, times = 1): void {
    let integer = Math.round(value);
    if (!(integer >= 0)) integer = 0;
    if (integer > highestValue) {
      integer = highestValue;
      this.clamped += times;
    }
    this.addToBucket(bucketOf(integer), times);
    this.count += times;
    this.sum += integer * times;
    if (integer < this.min) this.min = integer;
    if (integer > this.max) this.max = integer;
  }

  /** Adds all counts of another histogram or its data. */
  add(other: HistogramData | Histogram): void {
    const buckets = other instanceof Histogram ? other.buckets() : other.buckets;
    for (const [value, count] of buckets) this.addToBucket(bucketOf(value), count);
    if (other.count === 0) return;
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.clamped += other.clamped ?? 0;
  }

  /** The rank-th smallest value (from 1), as the middle of its bucket, within min–max. */
  valueAtRank(rank: number): number {
    let seen = 0;
    for (let page = 0; page < this.pages.length; page++) {
      const counts = this.pages[page];
      if (counts === undefined) continue;
      for (let i = 0; i < pageSize; i++) {
        seen += counts[i]!;
        if (seen >= rank) {
          const middle = middleValueOf((page << pageBits) + i);
          return Math.min(this.max, Math.max(this.min, middle));
        }
      }
    }
    return this.max;
  }

  /** How many values are at least `value`, to the precision of the buckets. */
  countFrom(value: number): number {
    if (value <= this.min) return this.count;
    return this.buckets().reduce(
      (sum, [lowest, count]) => (lowest >= value ? sum + count : sum),
      0,
    );
  }

  get mean(): number {
    return this.sum / this.count;
  }

  /** The non-empty buckets, ascending. */
  buckets(): [number, number][] {
    const pairs: [number, number][] = [];
    for (let page = 0; page < this.pages.length; page++) {
      const counts = this.pages[page];
      if (counts === undefined) continue;
      for (let i = 0; i < pageSize; i++) {
        if (counts[i]! > 0) pairs.push([lowestValueOf((page << pageBits) + i), counts[i]!]);
      }
    }
    return pairs;
  }

  toData(): HistogramData {
    const { count, sum } = this;
    if (count === 0) return { count: 0, sum: 0, min: 0, max: 0, buckets: [] };
    const data = { count, sum, min: this.min, max: this.max, buckets: this.buckets() };
    return this.clamped > 0 ? { ...data, clamped: this.clamped } : data;
  }

  private addToBucket(bucket: number, times: number): void {
    // Data from a file could name a bucket outside of the layout; the schema refuses those.
    const counts = (this.pages[bucket >>> pageBits] ??= new Float64Array(pageSize));
    counts[bucket & (pageSize - 1)]! += times;
  }
}

/** Whether the pairs are ascending bucket values of the layout with positive counts. */
export function areBuckets(value: unknown): value is Buckets {
  if (!Array.isArray(value) || value.length > bucketCount) return false;
  let previous = -1;
  for (const pair of value as unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2) return false;
    const [lowest, count] = pair as [unknown, unknown];
    if (typeof lowest !== 'number' || typeof count !== 'number') return false;
    if (!(lowest > previous) || lowest > highestValue) return false;
    if (lowestValueOf(bucketOf(lowest)) !== lowest) return false;
    if (!(count > 0) || !Number.isSafeInteger(count)) return false;
    previous = lowest;
  }
  return true;
}
