/**
 * The difference of two shares, which may have different sources, such as the system's counters and the
 * users' own records.
 */
import type { Budget, DifferenceSubject } from '../../metrics/log/budget.ts';
import { nothing, type BudgetOn, type Observation } from './observation.ts';

/** `observe` computes each side, with the same task and labels. */
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
