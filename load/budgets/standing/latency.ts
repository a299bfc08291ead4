/**
 * Latencies. A late machine makes them longer, never shorter. So the observed figure is the upper bound,
 * and the lower bound is what the clean requests alone show.
 */
import { quantileOf, trends } from '../../metrics/definitions.ts';
import type { TrendSubject } from '../../metrics/log/budget.ts';
import { scheduledOf } from '../../metrics/outcome.ts';
import { outcomesOf, populationOf, trendOf } from '../../metrics/result/select.ts';
import { neverClean } from '../../metrics/record/lateness.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { carriers, judgedSeries } from '../observe/series.ts';
import { certainErrors, notOkOutcomes } from './errors.ts';
import { cleanBuckets, steps, type Instrument } from './instrument.ts';
import { asSeen, type FigureRange, type Row } from './range.ts';

/** Times that begin when a request is handed over, so they do not include its lag. */
const fromStart: readonly string[] = ['service', 'ttft', 'ttfa', 'dns', 'connect', 'tls'];
/** Differences of two arrival times: lateness of either makes them longer or shorter. */
const betweenReceipts: readonly string[] = ['interToken', 'chunkGap'];
/** A mean may be off by the mean lateness times this factor. */
const meanFactor = 4;

export function trendRange(
  instrument: Instrument,
  row: Row & { readonly budget: { readonly subject: TrendSubject } },
): FigureRange {
  const { metric } = row.budget.subject;
  const selected = judgedSeries(instrument.result, row.budget);
  const isOfEach = metric === 'responseTime' || metric === 'service';
  const series = isOfEach ? selected : carriers(selected, ({ trends }) => trends.has(metric));
  if (betweenReceipts.includes(metric)) return gapRange(instrument, row, series);
  // A value of the user's own in a unit other than time is not affected.
  if (row.budget.dimension !== 'time' || metric === 'retryAfter') return asSeen(row);
  const most = fromStart.includes(metric) ? row.value + instrument.lag.p99Ms : row.value;
  return { least: Math.min(row.value, leastOf(instrument, row, series)), most };
}

type TrendRow = Row & { readonly budget: { readonly subject: TrendSubject } };

/** The lower bound shown by the clean requests. Each step gives a valid bound, so the best one counts. */
function leastOf(
  instrument: Instrument,
  { budget: { subject, scale } }: TrendRow,
  series: readonly SeriesTotal[],
): number {
  const { metric, statistic } = subject;
  const all = trendOf(series, metric);
  const population = populationOf(series, metric, all);
  const isOverScheduled = population > all.count;
  const certain = isOverScheduled ? certainErrors(instrument, series, notOkOutcomes) : 0;
  const q = quantileOf(statistic);
  // Values of the user's own are not classified by lateness, so only the longest lateness of the run is a
  // bound for all of them.
  const isOwn = !Object.hasOwn(trends, metric);
  const proven = steps(instrument, series)
    .slice(isOwn ? -1 : 0)
    .map((at) => {
      const { step, atMostMs, lateShare } = at;
      const buckets = cleanBuckets(instrument.result, series, metric, step);
      if (statistic === 'avg') {
        const usual = meanFactor * (instrument.lag.meanMs + instrument.delay.meanMs);
        const lateness = step === neverClean ? 2 * atMostMs : usual;
        return meanOf(buckets) * scale - lateness;
      }
      const atLeast = statistic === 'max' ? 1 : beyond(q!, population);
      // If there are enough certain errors, the quantile is ∞ however late all others were.
      if (certain >= atLeast) return Infinity;
      const spoiled = statistic === 'max' ? 0 : 2 * lateShare * population;
      return valueFromTop(buckets, atLeast + spoiled, certain) * scale - 2 * atMostMs;
    });
  return Math.max(0, ...proven);
}

/** How many values must be beyond a limit for the quantile to be beyond it. */
function beyond(q: number, population: number): number {
  return population - Math.ceil(q * population - 1e-9) + 1;
}

/** The highest value that this many values reach. `certain` of them are slower than any. */
function valueFromTop(
  buckets: readonly (readonly [number, number])[],
  count: number,
  certain: number,
): number {
  let seen = certain;
  for (let i = buckets.length - 1; i >= 0; i--) {
    seen += buckets[i]![1];
    if (seen >= count) return buckets[i]![0];
  }
  return 0;
}

function meanOf(buckets: readonly (readonly [number, number])[]): number {
  const count = buckets.reduce((sum, [, n]) => sum + n, 0);
  return count === 0 ? 0 : buckets.reduce((sum, [value, n]) => sum + value * n, 0) / count;
}

/** Either end may be late by a step, and the late requests may lie on either side of the rank. */
function gapRange(
  instrument: Instrument,
  { budget: { subject, scale }, value }: TrendRow,
  series: readonly SeriesTotal[],
): FigureRange {
  const { metric, statistic } = subject;
  const histogram = trendOf(series, metric);
  const q = quantileOf(statistic);
  const ranges = steps(instrument, series).map(({ step, atMostMs, lateShare }) => {
    if (statistic === 'max') {
      const clean = cleanBuckets(instrument.result, series, metric, step).at(-1)?.[0] ?? 0;
      return { least: (clean - atMostMs) * scale, most: value + atMostMs * scale };
    }
    if (q === undefined) {
      const spread = atMostMs + lateShare * (histogram.max / 1000);
      return { least: value - spread * scale, most: value + spread * scale };
    }
    const at = (share: number): number => {
      const rank = Math.ceil(share * histogram.count - 1e-9);
      return rank > histogram.count ? Infinity : histogram.valueAtRank(Math.max(1, rank)) / 1000;
    };
    return {
      least: (at(q - 2 * lateShare) - atMostMs) * scale,
      most: (at(q + 2 * lateShare) + atMostMs) * scale,
    };
  });
  return {
    least: Math.min(value, Math.max(...ranges.map(({ least }) => least))),
    most: Math.max(value, Math.min(...ranges.map(({ most }) => most))),
  };
}

/** How many of the series' requests are certainly beyond a latency limit in ms. */
export function certainlyBeyond(
  instrument: Instrument,
  series: readonly SeriesTotal[],
  metric: string,
  limitMs: number,
): number {
  const population = scheduledOf(outcomesOf(series));
  const counts = steps(instrument, series).map(({ step, atMostMs, lateShare }) => {
    const fromMs = limitMs + 2 * atMostMs;
    const clean = cleanBuckets(instrument.result, series, metric, step).filter(
      ([value]) => value >= fromMs,
    );
    return clean.reduce((sum, [, count]) => sum + count, 0) - 2 * lateShare * population;
  });
  return Math.max(0, ...counts);
}
