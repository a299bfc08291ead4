/** Figures computed from the outcomes of the requests: a share of all scheduled ones, or a count. */
import { figures, type FigureDefinition } from '../../metrics/definitions.ts';
import type { FigureSubject } from '../../metrics/log/budget.ts';
import { scheduledOf, type OutcomeCounts } from '../../metrics/outcome.ts';
import type { Result } from '../../metrics/result/result.ts';
import { outcomesOf } from '../../metrics/result/select.ts';
import { nothing, shareOf, type BudgetOn, type Observation } from './observation.ts';
import { judgedSeries } from './series.ts';
import { worstOf } from './worst.ts';

export function observeOutcomeShare(result: Result, budget: BudgetOn<FigureSubject>): Observation {
  const outcomes = outcomesOf(judgedSeries(result, budget));
  const observation = shareOf(hitsIn(outcomes, budget), scheduledOf(outcomes));
  if (Object.keys(budget.labels).length > 0) return observation;
  const worst = worstOf(result, budget, (ended) => {
    const scheduled = scheduledOf(ended?.outcomes ?? {});
    return scheduled === 0 ? undefined : hitsIn(ended!.outcomes, budget) / scheduled;
  });
  return { ...observation, worst };
}

export function observeOutcomeCount(result: Result, budget: BudgetOn<FigureSubject>): Observation {
  const outcomes = outcomesOf(judgedSeries(result, budget));
  const samples = scheduledOf(outcomes);
  return samples === 0 ? nothing : { value: hitsIn(outcomes, budget), samples, needed: 1 };
}

function hitsIn(counts: OutcomeCounts, { subject }: BudgetOn<FigureSubject>): number {
  const { outcomes = [] }: FigureDefinition = figures[subject.metric];
  return outcomes.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
}
