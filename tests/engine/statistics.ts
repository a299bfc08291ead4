/** Helpers for tests of random numbers: distances, moments and theory. */

/** Kolmogorov–Smirnov: the largest distance between the sample's distribution and `cdf`. */
export function ksDistance(sample: readonly number[], cdf: (x: number) => number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const n = sorted.length;
  return sorted.reduce((largest, x, i) => {
    const p = cdf(x);
    return Math.max(largest, p - i / n, (i + 1) / n - p);
  }, 0);
}

/** The distance that a true sample of n exceeds in 0.1 % of the cases (asymptotic, n > 35). */
export function ksCritical(n: number): number {
  return 1.95 / Math.sqrt(n);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1),
  );
}

/** Coefficient of variation. */
export function variation(values: readonly number[]): number {
  return standardDeviation(values) / mean(values);
}

/** The value at rank ⌈q·n⌉ of the sorted values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length - 1e-9)) - 1]!;
}

/** Mean sojourn time (s) of an M/M/c queue, by Erlang's C formula. Rates per second. */
export function sojournS(servers: number, arrivalRate: number, serviceRate: number): number {
  const offered = arrivalRate / serviceRate;
  let term = 1;
  let sum = 0;
  for (let k = 0; k < servers; k++) {
    sum += term;
    term *= offered / (k + 1);
  }
  const waiting = term / (1 - offered / servers);
  const erlangC = waiting / (sum + waiting);
  return 1 / serviceRate + erlangC / (servers * serviceRate - arrivalRate);
}
