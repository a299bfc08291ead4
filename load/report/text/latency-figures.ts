/** The latencies of a row of statistics, over all its requests. All reports use them. */
import { quantileValue, statisticOf } from '../../metrics/percentile.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { trendOf } from '../../metrics/result/select.ts';
import type { TrendHistogram } from '../../metrics/trend-histogram.ts';
import { known } from '../../platform/defined.ts';

/** `null` if nothing was measured, as in results.json. */
export type Figure = number | null;

/** The percentiles of Locust's files, by column title. */
const quantiles = {
  '50%': 0.5,
  '66%': 0.66,
  '75%': 0.75,
  '80%': 0.8,
  '90%': 0.9,
  '95%': 0.95,
  '98%': 0.98,
  '99%': 0.99,
  '99.9%': 0.999,
  '99.99%': 0.9999,
  '100%': 1,
} as const;

export type PercentileName = keyof typeof quantiles;
export const percentileNames = Object.keys(quantiles) as PercentileName[];
export type Percentiles = Readonly<Record<PercentileName, Figure>>;

export interface LatencyFigures {
  /** Response time: percentiles over all scheduled requests (possibly ∞), `avg` and `min` over the ok ones. */
  readonly ms: Readonly<Record<'avg' | 'min' | 'p50' | 'p95' | 'p99' | 'max', Figure>>;
  readonly serviceP95Ms: Figure;
  /** More percentiles of the response time. */
  readonly percentilesMs: Percentiles;
  /** From the sending of the request. */
  readonly servicePercentilesMs: Percentiles;
}

/** `population`: all requests of the row. Requests that did not end ok count as slower than any value. */
export function latencyFigures(series: readonly SeriesTotal[], population: number): LatencyFigures {
  const response = trendOf(series, 'responseTime');
  const percentilesMs = percentilesOf(response, population);
  const servicePercentilesMs = percentilesOf(trendOf(series, 'service'), population);
  return {
    ms: {
      avg: known(statisticOf(response, 'avg', population) / 1000) ?? null,
      min: response.count === 0 ? null : response.min / 1000,
      p50: percentilesMs['50%'],
      p95: percentilesMs['95%'],
      p99: percentilesMs['99%'],
      max: percentilesMs['100%'],
    },
    serviceP95Ms: servicePercentilesMs['95%'],
    percentilesMs,
    servicePercentilesMs,
  };
}

/** In ms, from a histogram in microseconds. */
export function percentilesOf(histogram: TrendHistogram, population: number): Percentiles {
  const pairs = percentileNames.map((name) => {
    return [name, known(quantileValue(histogram, quantiles[name], population) / 1000) ?? null];
  });
  return Object.fromEntries(pairs) as Percentiles;
}
