/**
 * Percentiles over a population (`populationOf` in result/select.ts). For response times this is *all*
 * scheduled requests: those that did not end ok count as slower than any limit, so failing fast does not
 * look fast, and requests that hang are not left out.
 */
import { quantileOf, type Statistic } from './definitions.ts';
import type { TrendHistogram } from './trend-histogram.ts';

/** The rank (from 1) of quantile q among n values: the smallest k with k/n ≥ q. */
export function rankOf(q: number, n: number): number {
  return Math.max(1, Math.ceil(q * n - 1e-9));
}

/**
 * A statistic, in the unit of the histogram, over a population of which the histogram holds those that
 * ended ok; the rest counts as slower than any value. So `max` is ∞ if there is a rest, and so is a
 * percentile whose rank is in it. `avg` is over the recorded values. NaN if there is nothing.
 */
export function statisticOf(
  histogram: TrendHistogram,
  statistic: Statistic,
  population: number,
): number {
  const q = quantileOf(statistic);
  if (q === undefined) {
    if (statistic === 'max' && population > histogram.count) return Infinity;
    if (histogram.count === 0) return NaN;
    return statistic === 'avg' ? histogram.mean : histogram.max;
  }
  return quantileValue(histogram, q, population);
}

/** A quantile as in `statisticOf`. The highest, 1, is the maximum. */
export function quantileValue(histogram: TrendHistogram, q: number, population: number): number {
  if (population === 0) return NaN;
  const rank = rankOf(q, population);
  if (rank > histogram.count) return Infinity;
  return q === 1 ? histogram.max : histogram.valueAtRank(rank);
}

/**
 * How many samples quantile q needs before its two-sided 95 % interval of order statistics exists:
 * the smallest n with qⁿ ≤ 2.5 % (p50 6, p90 36, p95 72, p99 368, p99.9 3688).
 */
export function samplesNeeded(q: number): number {
  return Math.ceil(Math.log(0.025) / Math.log(Math.max(q, 1 - q)) - 1e-9);
}

/**
 * Two-sided 95 % interval of quantile q by order statistics (distribution-free): ranks l < u with P(B <
 * l) ≤ 2.5 % and P(B ≥ u) ≤ 2.5 %, B binomial(n, q). Hahn & Meeker, "Statistical Intervals", 5.2. Values
 * as in `statisticOf`: ∞ beyond the recorded ones; −∞ and ∞ if n is too small for a rank.
 */
export function quantileInterval(
  histogram: TrendHistogram,
  q: number,
  population: number,
): [number, number] {
  const [lower, upper] = intervalRanks(q, population);
  const valueAt = (rank: number): number =>
    rank > histogram.count ? Infinity : histogram.valueAtRank(rank);
  return [lower < 1 ? -Infinity : valueAt(lower), upper > population ? Infinity : valueAt(upper)];
}

/** The ranks l and u of the interval. l = 0 or u = n + 1 if there is no such order statistic. */
export function intervalRanks(q: number, n: number): [number, number] {
  // Above this the normal approximation is within one rank, and exact sums would take too long.
  if (n > 20_000) {
    const half = 1.959964 * Math.sqrt(n * q * (1 - q));
    return [Math.max(0, Math.floor(n * q - half)), Math.min(n + 1, Math.ceil(n * q + half) + 1)];
  }
  let term = n * Math.log1p(-q);
  let cumulative = Math.exp(term);
  let lower = 0;
  let upper = n + 1;
  // `cumulative` is P(B ≤ k). Lower rank: the largest l with P(B ≤ l − 1) ≤ 2.5 %.
  for (let k = 0; k <= n; k++) {
    if (k > 0) {
      term += Math.log((n - k + 1) / k) + Math.log(q / (1 - q));
      cumulative += Math.exp(term);
    }
    if (cumulative <= 0.025) lower = k + 1;
    if (cumulative >= 0.975 && k < n) {
      upper = k + 1;
      break;
    }
  }
  return [lower, upper];
}

/** Wilson's 95 % interval of a share (Wilson, JASA 22, 1927). [0, 1] if nothing was counted. */
export function wilsonInterval(hits: number, total: number): [number, number] {
  if (total === 0) return [0, 1];
  const z2 = 1.959964 ** 2;
  const p = hits / total;
  const centre = p + z2 / (2 * total);
  const half = 1.959964 * Math.sqrt((p * (1 - p)) / total + z2 / (4 * total * total));
  const scale = 1 + z2 / total;
  return [
    hits === 0 ? 0 : Math.max(0, (centre - half) / scale),
    hits === total ? 1 : Math.min(1, (centre + half) / scale),
  ];
}
