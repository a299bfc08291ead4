/** The state of the load generator during the judged time, and the counts that its lateness does not affect. */
import { scheduledOf } from '../../metrics/outcome.ts';
import { bucketOf, Histogram, middleValueOf } from '../../metrics/histogram.ts';
import { statisticOf } from '../../metrics/percentile.ts';
import { latenessStepsMs, neverClean } from '../../metrics/record/lateness.ts';
import { judgedMs, type Result } from '../../metrics/result/result.ts';
import { trendOf } from '../../metrics/result/select.ts';
import type { LatePart, SeriesTotal } from '../../metrics/result/series-totals.ts';
import type { TrendHistogram } from '../../metrics/trend-histogram.ts';
import { offeredLoad, type OfferedLoad } from './offered.ts';

export interface Instrument {
  readonly result: Result;
  readonly offered: OfferedLoad;
  readonly judgedMs: number;
  /** The lag of its requests and the delay of its loop, in ms. */
  readonly lag: { readonly meanMs: number; readonly p99Ms: number };
  readonly delay: { readonly meanMs: number; readonly p99Ms: number };
}

export function instrumentOf(result: Result): Instrument {
  const { lag, loopDelay } = result.generator;
  return {
    result,
    offered: offeredLoad(result),
    judgedMs: judgedMs(result),
    lag: spreadOf(lag),
    delay: spreadOf(loopDelay),
  };
}

/** How late this machine was at p99, in ms. */
export function lateByMs({ lag, delay }: Instrument): number {
  return Math.max(lag.p99Ms, delay.p99Ms);
}

/** How late it was at most, in ms. */
export function longestLateMs({ result }: Instrument): number {
  return result.generator.longestLateMs;
}

/** How much was late at a step, and how late the rest was at most. */
export interface Step {
  readonly step: number;
  readonly atMostMs: number;
  /** Share of the requests or of the time, whichever is larger. */
  readonly lateShare: number;
}

/**
 * The steps of lateness (metrics/record/lateness.ts), and after them the longest lateness of the whole
 * run, at which everything is clean.
 */
export function steps(instrument: Instrument, series: readonly SeriesTotal[]): Step[] {
  const { result, judgedMs: ms } = instrument;
  const scheduled = series.reduce((sum, { outcomes }) => sum + scheduledOf(outcomes), 0);
  const longestMs = longestLateMs(instrument);
  const sorted = latenessStepsMs.map((stepMs, step) => {
    const parts = lateParts(result, series, step);
    const late = parts.reduce((sum, { outcomes }) => sum + scheduledOf(outcomes), 0);
    const ofRequests = scheduled === 0 ? 0 : late / scheduled;
    const ofTime = ms === 0 ? 0 : (result.generator.lateMs[step] ?? 0) / ms;
    const lateShare = Math.max(ofRequests, ofTime);
    return { step, atMostMs: Math.min(stepMs, longestMs), lateShare };
  });
  return [...sorted, { step: neverClean, atMostMs: longestMs, lateShare: 0 }];
}

/**
 * The series' requests that were late at the step. A log of an older version does not classify them;
 * there any request may have been as late as the longest lateness of the run.
 */
export function lateParts(
  { generator }: Result,
  series: readonly SeriesTotal[],
  step: number,
): readonly Omit<LatePart, 'late'>[] {
  if (!generator.isLatenessKnown) {
    return (latenessStepsMs[step] ?? Infinity) < generator.longestLateMs ? series : [];
  }
  return series.flatMap(({ lateParts: parts }) => parts.filter(({ late }) => late > step));
}

/**
 * A trend's values of the requests that are clean at the step, as [value of a bucket, count], ascending,
 * in the trend's unit.
 */
export function cleanBuckets(
  result: Result,
  series: readonly SeriesTotal[],
  metric: string,
  step: number,
): [number, number][] {
  const counts = new Map<number, number>();
  const add = (histogram: TrendHistogram | undefined, sign: 1 | -1): void => {
    for (const [value, count] of histogram?.buckets() ?? []) {
      counts.set(value, (counts.get(value) ?? 0) + sign * count);
    }
  };
  for (const { trends } of series) add(trends.get(metric), 1);
  for (const { trends } of lateParts(result, series, step)) add(trends.get(metric), -1);
  const all = trendOf(series, metric);
  return [...counts]
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => a - b)
    .map(([bucket, count]) => [valueOf(bucket, all) / all.perUnit, count]);
}

/** The value of the bucket as the histogram reports it: its middle, within the recorded range. */
function valueOf(bucket: number, all: TrendHistogram): number {
  const middle = all instanceof Histogram ? middleValueOf(bucketOf(bucket)) : bucket;
  return Math.min(all.max, Math.max(all.min, middle));
}

function spreadOf(histogram: Histogram): { meanMs: number; p99Ms: number } {
  const { count } = histogram;
  if (count === 0) return { meanMs: 0, p99Ms: 0 };
  return { meanMs: histogram.mean / 1000, p99Ms: statisticOf(histogram, 'p99', count) / 1000 };
}
