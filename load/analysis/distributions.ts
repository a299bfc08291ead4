/**
 * The distributions behind the verdicts, from cephes (S. Moshier's library, compiled to WebAssembly). Its
 * incomplete beta function accepts the fractional degrees of freedom of Welch's test.
 */
import { createRequire } from 'node:module';
import type * as Cephes from 'cephes';

let library: typeof Cephes | undefined;

/**
 * The library as CommonJS, which compiles synchronously; as a module every importer of this file would
 * have to await it. Takes some 20 ms at the first use.
 */
function cephes(): typeof Cephes {
  library ??= createRequire(import.meta.url)('cephes') as typeof Cephes;
  return library;
}

/** The value that Student's t with `df` degrees of freedom is below with probability p. */
export function tQuantile(p: number, df: number): number {
  if (p === 0.5) return 0;
  if (p < 0.5) return -tQuantile(1 - p, df);
  const x = cephes().incbi(df / 2, 0.5, 2 * (1 - p));
  return Math.sqrt((df * (1 - x)) / x);
}

/** P(T ≥ t), Student's t. */
export function tUpperTail(t: number, df: number): number {
  if (t === Infinity) return 0;
  if (t === -Infinity) return 1;
  const both = cephes().incbet(df / 2, 0.5, df / (df + t * t));
  return t >= 0 ? both / 2 : 1 - both / 2;
}

/** P(Z ≥ z), standard normal. */
export function normalUpperTail(z: number): number {
  // Not 1 − Φ(z), which far out in the tail is only rounding error.
  return cephes().ndtr(-z);
}

/** P(X ≥ count), Poisson. */
export function poissonUpperTail(count: number, mean: number): number {
  if (count <= 0) return 1;
  if (mean <= 0) return 0;
  if (isBeyondDoubles(count, mean)) return count > mean ? 0 : 1;
  return cephes().pdtrc(count - 1, mean);
}

/** So far out the incomplete gamma function is 0 or 1, and cephes would throw. */
function isBeyondDoubles(a: number, x: number): boolean {
  return a * Math.log(x) - x - cephes().lgam(a) < -700;
}

/** P(X ≥ x), χ². */
export function chiSquaredUpperTail(x: number, df: number): number {
  if (x <= 0) return 1;
  if (isBeyondDoubles(df / 2, x / 2)) return x > df ? 0 : 1;
  return cephes().chdtrc(df, x);
}

/** ln of the number of ways to choose k of n. */
export function logChoose(n: number, k: number): number {
  return cephes().lgam(n + 1) - cephes().lgam(k + 1) - cephes().lgam(n - k + 1);
}
