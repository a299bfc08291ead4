/** Selects the series of an observation. */
import type { Budget } from '../../metrics/log/budget.ts';
import { scheduledOf } from '../../metrics/outcome.ts';
import type { Result } from '../../metrics/result/result.ts';
import { outcomesOf, selectSeries } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';

/** The series of the budget's task and labels, scheduled in the judged phases of its load stream. */
export function judgedSeries(result: Result, budget: Budget): readonly SeriesTotal[] {
  const { task, labels, phase } = budget;
  return selectSeries(result, { stream: streamOf(budget), task, labels, phase });
}

/** Running number of the budget's load stream. */
export function streamOf({ background }: Budget): number {
  return background?.stream ?? 0;
}

export function scheduledIn(series: readonly SeriesTotal[]): number {
  return scheduledOf(outcomesOf(series));
}

/**
 * The series whose requests (by task and name) have a metric at all. A task that never streams has no
 * time to first token, and must not count as one that failed to produce it. Of a request that does have
 * the metric, series without a recorded value stay in. So do iterations of its task that never began:
 * they are counted under the task's name, since they have no request yet. `among` is where these requests
 * are looked up, since those with one label may all have failed.
 */
export function carriers(
  series: readonly SeriesTotal[],
  carries: (one: SeriesTotal) => boolean,
  among = series,
): readonly SeriesTotal[] {
  const nameOf = ({ stream, task, request }: SeriesTotal): string =>
    JSON.stringify([stream, task, request]);
  const carrying = among.filter(carries);
  const names = new Set(carrying.map(nameOf));
  const tasks = new Set(carrying.map(({ task }) => task));
  return series.filter((one) => names.has(nameOf(one)) || (tasks.has(one.task) && neverBegan(one)));
}

/** The judged series of the budget's task and labels whose requests have the metric. */
export function judgedCarriers(
  result: Result,
  budget: Budget,
  carries: (one: SeriesTotal) => boolean,
): readonly SeriesTotal[] {
  const ofTask = judgedSeries(result, { ...budget, labels: {} });
  return carriers(judgedSeries(result, budget), carries, ofTask);
}

function neverBegan({ task, request, outcomes }: SeriesTotal): boolean {
  const { dropped = 0, interrupted = 0 } = outcomes;
  return request === task && dropped + interrupted === scheduledOf(outcomes);
}
