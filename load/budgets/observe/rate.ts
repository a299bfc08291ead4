/**
 * A rate, recorded as 1 or 0: its share of the recorded values or of all scheduled requests, or its hits
 * per second.
 */
import { figures, type FigureDefinition } from '../../metrics/definitions.ts';
import type { Budget, FigureSubject, RateSubject } from '../../metrics/log/budget.ts';
import { judgedMs, type Result } from '../../metrics/result/result.ts';
import { nothing, shareOf, type BudgetOn, type Observation } from './observation.ts';
import { judgedCarriers, scheduledIn } from './series.ts';

export function observeRate(result: Result, budget: BudgetOn<RateSubject>): Observation {
  const { metric, over } = budget.subject;
  return observeRecordedShare(result, budget, metric, over === 'scheduled');
}

export function observeRecordedShare(
  result: Result,
  budget: Budget,
  metric: string,
  isOfScheduled = false,
): Observation {
  const { hits, total, scheduled } = recorded(result, budget, metric);
  return shareOf(hits, isOfScheduled ? Math.max(total, scheduled) : total);
}

/**
 * Hits per second of the judged time, among the requests scheduled in it. A good request ends soon after
 * it was due, so the difference from throughput, which counts by end, hardly matters.
 */
export function observeRatePerSecond(result: Result, budget: BudgetOn<FigureSubject>): Observation {
  const { hitsOf = '' }: FigureDefinition = figures[budget.subject.metric];
  const { hits, total, scheduled } = recorded(result, budget, hitsOf);
  const durationMs = judgedMs(result);
  const samples = Math.max(total, scheduled);
  if (durationMs === 0 || samples === 0) return nothing;
  return { value: (hits * 1000) / durationMs, samples, needed: 1 };
}

/** If it was not recorded (yet), no series has it: no samples, and never a pass. */
function recorded(result: Result, budget: Budget, metric: string) {
  const series = judgedCarriers(result, budget, ({ rates }) => Object.hasOwn(rates, metric));
  let hits = 0;
  let total = 0;
  for (const { rates } of series) {
    const rate = Object.hasOwn(rates, metric) ? rates[metric] : undefined;
    hits += rate?.hits ?? 0;
    total += rate?.total ?? 0;
  }
  return { hits, total, scheduled: scheduledIn(series) };
}
