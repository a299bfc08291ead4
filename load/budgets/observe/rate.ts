/** A share that was recorded as 1 or 0, of what was recorded or of all scheduled requests. */
import type { Budget, RateSubject } from '../../metrics/log/budget.ts';
import type { Result } from '../../metrics/result/result.ts';
import { shareOf, type BudgetOn, type Observation } from './observation.ts';
import { carriers, judgedSeries, scheduledIn } from './series.ts';

export function observeRate(result: Result, budget: BudgetOn<RateSubject>): Observation {
  const { metric, over } = budget.subject;
  return observeRecordedShare(result, budget, metric, over === 'scheduled');
}

/** Where nobody recorded it (yet) no series carries it: no samples, never a pass. */
export function observeRecordedShare(
  result: Result,
  budget: Budget,
  metric: string,
  isOfScheduled = false,
): Observation {
  const series = carriers(judgedSeries(result, budget), ({ rates }) =>
    Object.hasOwn(rates, metric),
  );
  let hits = 0;
  let total = 0;
  for (const { rates } of series) {
    const rate = Object.hasOwn(rates, metric) ? rates[metric] : undefined;
    hits += rate?.hits ?? 0;
    total += rate?.total ?? 0;
  }
  return shareOf(hits, isOfScheduled ? Math.max(total, scheduledIn(series)) : total);
}
