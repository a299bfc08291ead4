/** Selects series of a result and sums them. Budgets, tables and charts are computed from this. */
import { trends, type Statistic } from '../definitions.ts';
import { Histogram } from '../histogram.ts';
import { withMore, type TrendHistogram } from '../trend-histogram.ts';
import type { ErrorRecord } from '../log/schema.ts';
import { addOutcomes, scheduledOf, type OutcomeCounts } from '../outcome.ts';
import { statisticOf } from '../percentile.ts';
import { isJudged, type Result } from './result.ts';
import { mergeErrors, type SeriesTotal } from './series-totals.ts';

export interface Selection {
  readonly task?: string | undefined;
  /** Labels that must match. `request` is the request's name. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly stream?: number | undefined;
  /** Only requests that were scheduled in this phase. */
  readonly phase?: string | undefined;
  /** `judged` (default): the phases that budgets judge. `all`: all phases. */
  readonly phases?: 'judged' | 'all' | undefined;
}

export function selectSeries(result: Result, selection: Selection = {}): SeriesTotal[] {
  const { task, labels = {}, stream = 0, phase, phases = 'judged' } = selection;
  return result.series.filter(
    (series) =>
      series.stream === stream &&
      (task === undefined || series.task === task) &&
      (phase === undefined || series.phase === phase) &&
      (phases === 'all' || isJudged(result.plan, stream, series.phase)) &&
      Object.entries(labels).every(([name, value]) => labelOf(series, name) === value),
  );
}

function labelOf(series: SeriesTotal, name: string): string | undefined {
  return name === 'request' ? series.request : series.labels[name];
}

export function outcomesOf(series: readonly SeriesTotal[]): OutcomeCounts {
  return series.reduce<OutcomeCounts>((sum, { outcomes }) => addOutcomes(sum, outcomes), {});
}

export function errorsIn(series: readonly SeriesTotal[]): readonly ErrorRecord[] {
  return series.reduce<readonly ErrorRecord[]>((sum, { errors }) => mergeErrors(sum, errors), []);
}

/** The merged histogram of a trend; empty if no series has it. */
export function trendOf(series: readonly SeriesTotal[], name: string): TrendHistogram {
  let merged: TrendHistogram | undefined;
  for (const { trends: own } of series) {
    const histogram = own.get(name);
    // Copied, so that the histograms of the series do not change.
    if (histogram !== undefined) merged = withMore(merged, histogram);
  }
  return merged ?? new Histogram();
}

/** The population of a trend's percentile: all scheduled requests, or the recorded values. */
export function populationOf(
  series: readonly SeriesTotal[],
  name: string,
  own: Pick<TrendHistogram, 'count'>,
): number {
  const over = name in trends ? trends[name as keyof typeof trends].over : 'samples';
  return over === 'scheduled' ? scheduledOf(outcomesOf(series)) : own.count;
}

/** A statistic of a trend in its own unit (ms for the built-in ones); NaN without samples. */
export function statisticIn(
  series: readonly SeriesTotal[],
  name: string,
  statistic: Statistic,
): number {
  const histogram = trendOf(series, name);
  return (
    statisticOf(histogram, statistic, populationOf(series, name, histogram)) / histogram.perUnit
  );
}
