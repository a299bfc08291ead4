/** The series that an observation is made in. */
import type { Budget } from '../../metrics/log/budget.ts';
import { scheduledOf } from '../../metrics/outcome.ts';
import type { Result } from '../../metrics/result/result.ts';
import { outcomesOf, selectSeries } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';

/** Those of the budget's task and labels, scheduled in the judged phases of its load stream. */
export function judgedSeries(result: Result, budget: Budget): readonly SeriesTotal[] {
  const { task, labels, phase } = budget;
  return selectSeries(result, { stream: streamOf(budget), task, labels, phase });
}

/** Running number of the load stream that the budget is of. */
export function streamOf({ background }: Budget): number {
  return background?.stream ?? 0;
}

export function scheduledIn(series: readonly SeriesTotal[]): number {
  return scheduledOf(outcomesOf(series));
}

/**
 * The series of those requests (by task and name) that carry a metric at all. A task that never streams
 * has no time to first token, and must not count as one that never came; of a request that does, the
 * series in which nothing was recorded stay in. So do iterations of its task that never began: they are
 * counted under the task's name, for no request of theirs has one yet. `among`: where it is looked up
 * which requests those are; those of one label alone may all have failed.
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

/** The judged series of the budget's task and labels whose requests carry a metric. */
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
