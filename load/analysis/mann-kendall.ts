/**
 * Tests whether a series rises or falls, by the order of its values alone. Mann, Econometrica 13 (1945)
 * 245; Kendall, "Rank Correlation Methods" (1975). The variance is corrected for autocorrelation: Hamed &
 * Rao, J. Hydrology 204 (1998) 182.
 */

import { normalUpperTail } from './distributions.ts';

interface MannKendall {
  /** Rising pairs minus falling pairs. */
  readonly s: number;
  /** The variance of S without a trend, corrected for autocorrelation. */
  readonly variance: number;
  /** How much the autocorrelation increased the variance: n / n*; 1 if it did not. */
  readonly inflation: number;
  /** One-sided: the probability of such an S, or a larger one, without a rise. */
  readonly pOfRise: number;
}

/** `values` in order of time; `detrended` are the same values without their trend. Needs at least 4. */
export function mannKendall(values: readonly number[], detrended: readonly number[]): MannKendall {
  const s = concordance(values);
  const inflation = varianceInflation(ranksOf(detrended));
  const variance = varianceOfS(values) * inflation;
  // Continuity correction: S changes in steps of 2, so it is moved half a step towards 0.
  const z = variance === 0 ? 0 : (s - Math.sign(s)) / Math.sqrt(variance);
  return { s, variance, inflation, pOfRise: normalUpperTail(z) };
}

/** Kendall's S as a share of its maximum: 1 if each value is above all before it, 0 without order. */
export function risingShare(values: readonly number[]): number {
  return concordance(values) / ((values.length * (values.length - 1)) / 2);
}

function concordance(values: readonly number[]): number {
  let s = 0;
  values.forEach((a, i) => {
    for (const b of values.slice(i + 1)) s += b > a ? 1 : b < a ? -1 : 0;
  });
  return s;
}

/** The variance of S for independent values. Ties reduce it. */
function varianceOfS(values: readonly number[]): number {
  const of = (n: number): number => n * (n - 1) * (2 * n + 5);
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  return [...ties.values()].reduce((sum, count) => sum - of(count), of(values.length)) / 18;
}

/**
 * Hamed & Rao's n / n*: 1 + 2 / (n(n−1)(n−2)) · Σ (n−i)(n−i−1)(n−i−2) · ρ(i). They use the lags whose ρ
 * is individually significant. For a short series these are too few: at φ = 0.6 twice as many series
 * seemed to rise by chance. Here all lags are used up to the first whose ρ is not above 0 (Geyer's
 * initial positive sequence, Statistical Science 7 (1992) 473), each corrected for the bias of a short
 * series. Never below 1, since negative autocorrelation must not count as evidence for a trend.
 */
function varianceInflation(ranks: readonly number[]): number {
  const n = ranks.length;
  let sum = 0;
  for (let lag = 1; lag <= n / 2; lag++) {
    const rho = autocorrelation(ranks, lag);
    if (!(rho > 0)) break;
    sum += (n - lag) * (n - lag - 1) * (n - lag - 2) * rho;
  }
  return 1 + (2 * sum) / (n * (n - 1) * (n - 2));
}

/** Autocorrelation around the mean, plus (1 + 4ρ) / n: Marriott & Pope, Biometrika 41 (1954) 390. */
function autocorrelation(values: readonly number[], lag: number): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const around = values.map((value) => value - mean);
  const square = around.reduce((sum, one) => sum + one * one, 0);
  if (square === 0) return 0;
  const product = around.slice(lag).reduce((sum, one, i) => sum + one * around[i]!, 0);
  const rho = product / square;
  return Math.min(0.999, rho + (1 + 4 * rho) / n);
}

/** Ranks from 1. Equal values get the mean of their ranks. */
export function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}
