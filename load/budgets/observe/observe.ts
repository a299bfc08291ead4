/**
 * Computes the figure of a budget from a result. Latencies and rates are over the requests *scheduled* in
 * the judged phases, throughput over those that *ended* in them. Each kind of subject has a file in this
 * folder and a line in the table below.
 */
import type { Budget, Subject } from '../../metrics/log/budget.ts';
import type { Result } from '../../metrics/result/result.ts';
import { observeCounter } from './counter.ts';
import { observeDifference } from './difference.ts';
import { observeLevel } from './level.ts';
import type { BudgetOn, Observation } from './observation.ts';
import { observeOutcomeCount, observeOutcomeShare } from './outcomes.ts';
import { observeRate, observeRatePerSecond } from './rate.ts';
import { observeRatio } from './ratio.ts';
import { observeRise } from './rise.ts';
import { observeStall } from './stall.ts';
import { survivorRemarks } from './survivors.ts';
import { observeSpeedUp, observeThroughput } from './throughput.ts';
import { observeTrend } from './trend.ts';

type Observer<S extends Subject> = (result: Result, budget: BudgetOn<S>) => Observation;

/** The subject of one kind, or of one of several kinds. */
export type SubjectOf<Kind, S extends Subject = Subject> = S extends { readonly kind: infer K }
  ? Kind extends K
    ? S
    : never
  : never;

const observers: { readonly [Kind in Subject['kind']]: Observer<SubjectOf<Kind>> } = {
  trend: observeTrend,
  outcomeShare: observeOutcomeShare,
  outcomeCount: observeOutcomeCount,
  throughput: observeThroughput,
  speedUp: observeSpeedUp,
  stall: observeStall,
  rate: observeRate,
  ratePerSecond: observeRatePerSecond,
  counter: observeCounter,
  difference: (result, budget) => observeDifference(budget, (side) => observe(result, side)),
  ratio: observeRatio,
  level: observeLevel,
  rise: observeRise,
};

export function observe(result: Result, budget: Budget): Observation {
  // Each function is called with subjects of its own kind only.
  const observer = observers[budget.subject.kind] as Observer<Subject>;
  const observation = observer(result, budget);
  const remarks = [...(observation.remarks ?? []), ...survivorRemarks(result, budget)];
  return remarks.length === 0 ? observation : { ...observation, remarks };
}
