/** How far two shares are apart; each has its own source, such as the system's counters and the users' texts. */
import type { Budget, DifferenceSubject } from '../../metrics/log/budget.ts';
import { nothing, type BudgetOn, type Observation } from './observation.ts';

/** `observe`: how each side is observed, under the same task and labels. */
export function observeDifference(
  budget: BudgetOn<DifferenceSubject>,
  observe: (side: Budget) => Observation,
): Observation {
  const [one, other] = budget.subject.of;
  const sides = [
    observe({ ...budget, subject: one }),
    observe({ ...budget, subject: other }),
  ] as const;
  const [first, second] = sides;
  if (first.value === undefined || second.value === undefined) return nothing;
  const samples = Math.min(first.samples, second.samples);
  return { value: Math.abs(first.value - second.value), samples, needed: 1 };
}
