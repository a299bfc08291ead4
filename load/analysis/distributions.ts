/**
 * The distributions that verdicts rest on, from cephes (S. Moshier's library, compiled to WebAssembly):
 * its incomplete beta function takes the fractional degrees of freedom that Welch's test has.
 */
import { compiled, incbet, incbi, lgam, ndtr, pdtrc, chdtrc } from 'cephes';

await compiled;

/** The value that Student's t with `df` degrees of freedom stays below with probability p. */
export function tQuantile(p: number, df: number): number {
  if (p === 0.5) return 0;
  if (p < 0.5) return -tQuantile(1 - p, df);
  const x = incbi(df / 2, 0.5, 2 * (1 - p));
  return Math.sqrt((df * (1 - x)) / x);
}

/** P(T ≥ t), Student's t. */
export function tUpperTail(t: number, df: number): number {
  if (t === Infinity) return 0;
  if (t === -Infinity) return 1;
  const both = incbet(df / 2, 0.5, df / (df + t * t));
  return t >= 0 ? both / 2 : 1 - both / 2;
}

/** P(Z ≥ z), standard normal. */
export function normalUpperTail(z: number): number {
  // Not 1 − Φ(z), which far out is all rounding.
  return ndtr(-z);
}

/** P(X ≥ count), Poisson. */
export function poissonUpperTail(count: number, mean: number): number {
  if (count <= 0) return 1;
  return mean <= 0 ? 0 : pdtrc(count - 1, mean);
}

/** P(X ≥ x), χ². */
export function chiSquaredUpperTail(x: number, df: number): number {
  return x <= 0 ? 1 : chdtrc(df, x);
}

/** ln of the number of ways to choose k of n. */
export function logChoose(n: number, k: number): number {
  return lgam(n + 1) - lgam(k + 1) - lgam(n - k + 1);
}
