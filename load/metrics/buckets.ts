/**
 * The bucket layout of an HDR histogram (http://hdrhistogram.org) with 3 significant digits: values up
 * to 2047 have a bucket each, every further doubling has 1024 buckets, so a bucket is never wider than
 * 1/1024 of its values. Latencies are integer microseconds, from 0 to 1 h; beyond is clamped.
 */
export const highestValue = 3_600_000_000;

const halfBits = 10;
const halfCount = 1 << halfBits;

/** Bucket of an integer value from 0 to `highestValue`. */
export function bucketOf(value: number): number {
  const magnitude = 31 - Math.clz32(value | (2 * halfCount - 1)) - halfBits;
  return (magnitude << halfBits) + (value >>> magnitude);
}

/** The lowest value that falls into the bucket. */
export function lowestValueOf(bucket: number): number {
  const magnitude = Math.max(0, (bucket >>> halfBits) - 1);
  return (bucket - (magnitude << halfBits)) * 2 ** magnitude;
}

/** The value that stands for all of the bucket's: its middle, at most 0.05 % away from each. */
export function middleValueOf(bucket: number): number {
  const magnitude = Math.max(0, (bucket >>> halfBits) - 1);
  return lowestValueOf(bucket) + Math.floor(2 ** magnitude / 2);
}

export const bucketCount = bucketOf(highestValue) + 1;
