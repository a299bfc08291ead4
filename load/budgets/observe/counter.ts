/** Counters: counted in the judged phases of a load stream, or over the whole run. */
import type { CounterSubject } from '../../metrics/log/budget.ts';
import type { Result } from '../../metrics/result/result.ts';
import { selectSeries } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { nothing, type BudgetOn, type Observation } from './observation.ts';
import { carriers, judgedSeries, scheduledIn } from './series.ts';

/**
 * A counter that the judged user declares but never counts is 0 once requests run. A counter over the
 * whole run may belong to another user, so it has no value before it counts.
 */
export function observeCounter(result: Result, budget: BudgetOn<CounterSubject>): Observation {
  const { subject, scale } = budget;
  const { metric, over } = subject;
  const isCounted = ({ counters }: SeriesTotal): boolean => Object.hasOwn(counters, metric);
  const series =
    over === 'run'
      ? carriers(everySeries(result, budget), isCounted)
      : judgedSeries(result, budget);
  const samples = Math.max(scheduledIn(series), series.some(isCounted) ? 1 : 0);
  if (samples === 0) return nothing;
  const value = series.filter(isCounted).reduce((sum, { counters }) => sum + counters[metric]!, 0);
  return { value: value * scale, samples, needed: 1 };
}

function everySeries(result: Result, { task, labels }: BudgetOn<CounterSubject>): SeriesTotal[] {
  return result.plan.streams.flatMap((_, stream) =>
    selectSeries(result, { stream, task, labels, phases: 'all' }),
  );
}
