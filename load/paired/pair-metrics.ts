/** The table of the metrics by which the sides of a pair are compared. */
import { errorsOf } from '../metrics/outcome.ts';
import { samplesNeeded, statisticOf } from '../metrics/percentile.ts';
import type { Histogram } from '../metrics/histogram.ts';
import type { SideTotal } from './round.ts';

export const pairMetrics = [
  'p50',
  'p95',
  'p99',
  'ttft.p50',
  'ttft.p95',
  'errorRate',
  'throughput',
] as const;
export type PairMetric = (typeof pairMetrics)[number];

export interface PairMetricDefinition {
  /** Ratios are compared by their logarithms, shares by their difference. */
  readonly kind: 'ratio' | 'points';
  readonly dimension: 'time' | 'share' | 'perSecond';
  readonly better: 'lower' | 'higher';
  /** Requests that a side needs in each round. */
  readonly needed: number;
  /** In ms, a share, or per second. NaN if there are too few values, ∞ if too many requests were not ok. */
  readonly figure: (side: SideTotal, measuredMs: number) => number;
}

export const pairMetricTable: Readonly<Record<PairMetric, PairMetricDefinition>> = {
  p50: percentile(0.5, ({ responseTime }) => responseTime),
  p95: percentile(0.95, ({ responseTime }) => responseTime),
  p99: percentile(0.99, ({ responseTime }) => responseTime),
  'ttft.p50': percentile(0.5, ({ ttft }) => ttft),
  'ttft.p95': percentile(0.95, ({ ttft }) => ttft),
  errorRate: {
    kind: 'points',
    dimension: 'share',
    better: 'lower',
    needed: 1,
    figure: ({ outcomes, scheduled }) => errorsOf(outcomes) / scheduled,
  },
  throughput: {
    kind: 'ratio',
    dimension: 'perSecond',
    better: 'higher',
    needed: 1,
    figure: ({ outcomes }, measuredMs) => ((outcomes.ok ?? 0) * 1000) / measuredMs,
  },
};

/** Needs as many requests as an interval of the percentile does, and at least as many as p90 needs. */
function percentile(
  q: number,
  histogramOf: (side: SideTotal) => Histogram | undefined,
): PairMetricDefinition {
  const needed = Math.max(samplesNeeded(0.9), samplesNeeded(q));
  return {
    kind: 'ratio',
    dimension: 'time',
    better: 'lower',
    needed,
    figure: (side) => {
      const histogram = histogramOf(side);
      if (histogram === undefined || side.scheduled < needed) return NaN;
      const statistic = q === 0.5 ? 'p50' : q === 0.95 ? 'p95' : 'p99';
      return statisticOf(histogram, statistic, side.scheduled) / histogram.perUnit;
    },
  };
}
