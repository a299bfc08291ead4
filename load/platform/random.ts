/**
 * Random draws keyed by (seed, load stream, index, purpose, n): user 17 draws the same numbers whatever
 * else runs, in any process. The generator is counter-based, so a draw is a pure function of its key,
 * without state or order.
 * Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */

/** The part of the key that does not change: the run's seed and the load stream. */
export interface DrawKey {
  readonly seed: number;
  readonly stream: number;
}

export function drawKey(seed: number, streamName: string): DrawKey {
  return { seed: seed >>> 0, stream: hashText(streamName) };
}

/** Purposes are hashed once, when their module is loaded. */
export type Purpose = number;

export function purpose(name: string): Purpose {
  return hashText(name);
}

/** Uniform in [0, 1), 53 bits. `index`: user or arrival; `n`: number of the draw for that purpose. */
export function uniform(key: DrawKey, index: number, what: Purpose, n = 0): number {
  philox(index >>> 0, Math.floor(index / 2 ** 32), what, n, key.seed, key.stream);
  return (word0 * 2 ** 21 + (word1 >>> 11)) / 2 ** 53;
}

/** Uniform integer in [0, bound). */
export function integerBelow(
  bound: number,
  key: DrawKey,
  index: number,
  what: Purpose,
  n = 0,
): number {
  return Math.floor(uniform(key, index, what, n) * bound);
}

/** Exponential with mean 1. */
export function exponential(key: DrawKey, index: number, what: Purpose, n = 0): number {
  return -Math.log1p(-uniform(key, index, what, n));
}

/**
 * Gamma with the given shape and mean 1 (coefficient of variation 1/√shape). Marsaglia & Tsang, "A simple
 * method for generating gamma variables", ACM TOMS 26 (2000); for a shape below 1 with their boost by a
 * power of a uniform. Rejections take further draws of the same key.
 */
export function gamma(shape: number, key: DrawKey, index: number, what: Purpose): number {
  const boosted = shape < 1 ? shape + 1 : shape;
  const d = boosted - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (let n = 0; ; n += 2) {
    const z = normal(key, index, what, n);
    const v = (1 + c * z) ** 3;
    if (v <= 0) continue;
    const u = 1 - uniform(key, index, what, n + 1);
    if (Math.log(u) >= 0.5 * z * z + d - d * v + d * Math.log(v)) continue;
    if (shape >= 1) return (d * v) / shape;
    const boost = (1 - uniform(key, index, what, n + 1_000_001)) ** (1 / shape);
    return (d * v * boost) / shape;
  }
}

/** Standard normal by Box–Muller; both uniforms come from the four words of one Philox block. */
export function normal(key: DrawKey, index: number, what: Purpose, n: number): number {
  philox(index >>> 0, Math.floor(index / 2 ** 32), what, n, key.seed, key.stream);
  const radius = Math.sqrt(-2 * Math.log((word0 + 1) / 2 ** 32));
  return radius * Math.cos((2 * Math.PI * word2) / 2 ** 32);
}

/** FNV-1a with a final avalanche: text to 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

// The four words of the last block. They are module state so that a draw allocates nothing. Only the
// caller that has just filled them reads them.
let word0 = 0;
let word1 = 0;
let word2 = 0;
let word3 = 0;

function philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  word0 = c0 >>> 0;
  word1 = c1 >>> 0;
  word2 = c2 >>> 0;
  word3 = c3 >>> 0;
}

/** The upper 32 bits of a 32 × 32 bit product. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0;
}

/** Returns one raw block, which tests compare with the published test vectors. */
export function philoxBlock(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  philox(...counter, ...key);
  return [word0, word1, word2, word3];
}
