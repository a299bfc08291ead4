/**
 * The difference of a run from earlier runs, as a difference of logarithms with its uncertainty. The
 * uncertainty includes the noise shown by the run's own sections, and how much the earlier runs differ.
 * The folder holds the statistics behind the verdicts, one method per file, with its source. Baselines
 * start here, rises over a run in `trend.ts`.
 */
import { tQuantile, tUpperTail } from './distributions.ts';

/** The logarithm of a run's figure, and its variance as shown by the run's sections. */
export interface LogEstimate {
  readonly log: number;
  readonly variance: number;
  readonly df: number;
}

export interface LogDifference {
  readonly difference: number;
  readonly standardError: number;
  readonly df: number;
}

/** A histogram's buckets are 0.1 % wide; smaller differences cannot be seen. */
const resolution = 0.001;

export const confidence = 0.95;

/**
 * `s² = Σ(ln q_k − ln Q)² / (K(K−1))` over the sections, or over pairs of neighbours (batch means) if
 * that is larger, since queues make neighbouring sections similar.
 */
export function sectionVariance(logs: readonly number[], centre: number): [number, number] {
  const single = varianceOfMean(logs, centre);
  const pairs = batchMeans(logs, 2);
  const paired = varianceOfMean(pairs, centre);
  const largest = pairs.length >= 3 && paired > single ? paired : single;
  return [largest, largest === single ? logs.length - 1 : pairs.length - 1];
}

function varianceOfMean(values: readonly number[], centre: number): number {
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return squares / (values.length * (values.length - 1));
}

function batchMeans(values: readonly number[], size: number): number[] {
  const count = Math.floor(values.length / size);
  return Array.from({ length: count }, (_, index) =>
    mean(values.slice(index * size, (index + 1) * size)),
  );
}

/**
 * `baselineLog` is that of all earlier runs merged. A new run differs from it by its own noise, by the
 * differences between runs beyond their noise, and by the error of the baseline's mean. Degrees of
 * freedom by Welch (Biometrika 34, 1947).
 */
export function logDifference(
  run: LogEstimate,
  baseline: readonly LogEstimate[],
  baselineLog: number,
): LogDifference {
  const n = baseline.length;
  const spread = n < 2 ? 0 : sampleVariance(baseline.map(({ log }) => log));
  const within = mean(baseline.map(({ variance }) => variance));
  const between = Math.max(0, spread - within);
  const own = run.variance + resolution ** 2;
  const others = between + Math.max(spread, within) / n;
  const othersDf = spread >= within ? n - 1 : sum(baseline.map(({ df }) => df));
  const total = own + others;
  const df = total ** 2 / (own ** 2 / run.df + others ** 2 / Math.max(1, othersDf));
  return { difference: run.log - baselineLog, standardError: Math.sqrt(total), df };
}

/** The difference is above this bound with 95 % confidence. */
export function lowerBound({ difference, standardError, df }: LogDifference): number {
  return difference - tQuantile(confidence, df) * standardError;
}

/** One-sided: the probability of a difference at least this large if there is none. */
export function pValueOf({ difference, standardError, df }: LogDifference): number {
  return tUpperTail(difference / standardError, df);
}

/** The smallest relative change that 4 of 5 comparisons like this one would detect. */
export function smallestDetectable({ standardError, df }: LogDifference): number {
  return Math.expm1((tQuantile(confidence, df) + tQuantile(0.8, df)) * standardError);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function sampleVariance(values: readonly number[]): number {
  const centre = mean(values);
  return sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1);
}
