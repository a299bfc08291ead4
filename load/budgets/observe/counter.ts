/** What was counted: in the judged phases of a load stream, or over the whole run. */
import type { CounterSubject } from '../../metrics/log/budget.ts';
import type { Result } from '../../metrics/result/result.ts';
import { selectSeries } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { nothing, type BudgetOn, type Observation } from './observation.ts';
import { carriers, judgedSeries, scheduledIn } from './series.ts';

/**
 * What the judged user declares and never counts, while requests run, is 0: counters begin there. Over the
 * whole run it may be another user's, whose requests prove nothing before it counts.
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
