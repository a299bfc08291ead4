/** Response times that this machine's lateness did not affect. Comparisons with a baseline use them. */
import { cleanBuckets } from '../budgets/standing/instrument.ts';
import { Histogram } from '../metrics/histogram.ts';
import { scheduledOf } from '../metrics/outcome.ts';
import { latenessStepsMs } from '../metrics/record/lateness.ts';
import type { Result } from '../metrics/result/result.ts';
import { outcomesOf, selectSeries } from '../metrics/result/select.ts';
import type { SeriesTotal } from '../metrics/result/series-totals.ts';

/** The least share of a task's requests that must be clean, since they represent all of them. */
const leastShare = 0.25;

/**
 * By task of the judged load: the response times (µs) of its ok requests that are clean at the first step
 * at which a quarter of them is, minus their largest possible lateness. A task without such a step is
 * left out.
 */
export function cleanTimes(result: Result): ReadonlyMap<string, Histogram> {
  const tasks = new Set(selectSeries(result).map(({ task }) => task));
  const found = [...tasks].flatMap((task) => {
    const series = selectSeries(result, { task });
    const least = leastShare * scheduledOf(outcomesOf(series));
    const clean = latenessStepsMs
      .map((_, step) => cleanAt(result, series, step))
      .find(({ count }) => count >= least);
    return clean === undefined ? [] : [[task, clean] as const];
  });
  return new Map(found);
}

function cleanAt(result: Result, series: readonly SeriesTotal[], step: number): Histogram {
  // A request that is clean at a step may still have been late by that much at either end.
  const lateUs = 2000 * Math.min(latenessStepsMs[step]!, result.generator.longestLateMs);
  const clean = new Histogram();
  for (const [ms, count] of cleanBuckets(result, series, 'responseTime', step)) {
    clean.record(Math.max(0, ms * 1000 - lateUs), count);
  }
  return clean;
}
