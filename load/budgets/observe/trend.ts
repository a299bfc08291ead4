/**
 * A statistic of a distribution: response times over all scheduled requests, others over the recorded
 * values.
 */
import { quantileOf } from '../../metrics/definitions.ts';
import type { TrendSubject } from '../../metrics/log/budget.ts';
import { quantileInterval, samplesNeeded, statisticOf } from '../../metrics/percentile.ts';
import type { Result } from '../../metrics/result/result.ts';
import { populationOf, trendOf } from '../../metrics/result/select.ts';
import { nothing, type BudgetOn, type Observation, type Worst } from './observation.ts';
import { judgedCarriers, judgedSeries } from './series.ts';
import { worstOf } from './worst.ts';

export function observeTrend(result: Result, budget: BudgetOn<TrendSubject>): Observation {
  const { metric, statistic } = budget.subject;
  const isOfEach = metric === 'responseTime' || metric === 'service';
  const series = isOfEach
    ? judgedSeries(result, budget)
    : judgedCarriers(result, budget, ({ trends }) => trends.has(metric));
  const histogram = trendOf(series, metric);
  const population = populationOf(series, metric, histogram);
  const q = quantileOf(statistic);
  const needed = q === undefined ? 1 : samplesNeeded(q);
  if (population === 0) return { ...nothing, needed };
  const inBaseUnit = (value: number): number => (value / histogram.perUnit) * budget.scale;
  const interval = q === undefined ? undefined : quantileInterval(histogram, q, population);
  const value = known(inBaseUnit(statisticOf(histogram, statistic, population)));
  return {
    value,
    interval: interval && [inBaseUnit(interval[0]), inBaseUnit(interval[1])],
    // The average leaves out requests that did not end ok. For the maximum each of them is beyond any
    // limit.
    samples: statistic === 'avg' ? histogram.count : population,
    needed,
    notOkShare: Math.max(0, population - histogram.count) / population,
    worst: worstSecond(result, budget, value),
  };
}

/** The intervals have response times by task, but no other trends and no labels. */
function worstSecond(
  result: Result,
  budget: BudgetOn<TrendSubject>,
  whole: number | undefined,
): Worst | undefined {
  const { subject, labels } = budget;
  if (subject.metric !== 'responseTime' || Object.keys(labels).length > 0) return undefined;
  return worstOf(result, budget, (ended) => ended && known(ended.ms[subject.statistic]), whole);
}

/** The statistic of an empty distribution is NaN (percentile.ts). */
function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
