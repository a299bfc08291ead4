/** The worst second of the judged time, by the requests that ended in it. */
import type { Statistic } from '../metrics/definitions.ts';
import { scheduledOf, type OutcomeCounts } from '../metrics/outcome.ts';
import type { Result } from '../metrics/result/result.ts';
import type { IntervalStatistics, TimelinePoint } from '../metrics/result/timeline.ts';
import { judgedPoints } from './judged-points.ts';
import type { BudgetOp } from './names.ts';

export interface Worst {
  readonly startMs: number;
  readonly endMs: number;
  /** In the unit of the observed value. */
  readonly value: number;
}

export function worstLatency(
  result: Result,
  task: string | undefined,
  statistic: Statistic,
  op: BudgetOp,
): Worst | undefined {
  return worstOf(result, op, (point) => ended(point, task)?.ms[statistic]);
}

export function worstShare(
  result: Result,
  task: string | undefined,
  hitsOf: (outcomes: OutcomeCounts) => number,
  op: BudgetOp,
): Worst | undefined {
  return worstOf(result, op, (point) => {
    const outcomes = ended(point, task)?.outcomes;
    return outcomes && hitsOf(outcomes) / scheduledOf(outcomes);
  });
}

/** Stumps that a phase border cut off are left out: in a few ms nothing need have ended. */
export function worstThroughput(
  result: Result,
  task: string | undefined,
  op: BudgetOp,
): Worst | undefined {
  return worstOf(result, op, (point) => {
    const durationMs = point.endMs - point.startMs;
    if (durationMs < result.plan.intervalMs / 2) return undefined;
    return ((ended(point, task)?.outcomes.ok ?? 0) * 1000) / durationMs;
  });
}

function ended(point: TimelinePoint, task: string | undefined): IntervalStatistics | undefined {
  const name = task ?? '';
  return Object.hasOwn(point.tasks, name) ? point.tasks[name] : undefined;
}

/** The first of the worst: for an upper limit the highest, for a lower one the lowest. */
function worstOf(
  result: Result,
  op: BudgetOp,
  valueOf: (point: TimelinePoint) => number | undefined,
): Worst | undefined {
  const isLowerLimit = op === '>' || op === '>=';
  let worst: Worst | undefined;
  for (const point of judgedPoints(result)) {
    const value = valueOf(point);
    if (value === undefined || Number.isNaN(value)) continue;
    if (worst === undefined || (isLowerLimit ? value < worst.value : value > worst.value)) {
      worst = { startMs: point.startMs, endMs: point.endMs, value };
    }
  }
  return worst;
}
