// The package has types, but its `exports` hide them. These are the functions used here.
declare module 'cephes' {
  /** Regularised incomplete beta function, and its inverse in x. */
  export function incbet(a: number, b: number, x: number): number;
  export function incbi(a: number, b: number, y: number): number;
  /** ln |Γ(x)|. */
  export function lgam(x: number): number;
  /** Φ(x), the standard normal distribution. */
  export function ndtr(x: number): number;
  /** P(X > k), Poisson with mean m. */
  export function pdtrc(k: number, m: number): number;
  /** P(X > x), χ². */
  export function chdtrc(df: number, x: number): number;
}
