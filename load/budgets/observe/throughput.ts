/** Requests per second that ended ok in the judged time, whenever they were scheduled. */
import type { Budget } from '../../metrics/log/budget.ts';
import { scheduledOf } from '../../metrics/outcome.ts';
import { judgedMs, judgedPoints, type Result } from '../../metrics/result/result.ts';
import { nothing, type Observation, type Worst } from './observation.ts';
import { judgedSeries, scheduledIn } from './series.ts';
import { worstOf } from './worst.ts';

export function observeThroughput(result: Result, budget: Budget): Observation {
  const { task = '' } = budget;
  const durationMs = judgedMs(result);
  const ended = judgedPoints(result).map(({ tasks }) => tasks[task]?.outcomes ?? {});
  const ok = ended.reduce((sum, outcomes) => sum + (outcomes.ok ?? 0), 0);
  const all = ended.reduce((sum, outcomes) => sum + scheduledOf(outcomes), 0);
  // If requests were scheduled and none ended, the throughput is 0, not missing.
  const samples = all > 0 ? all : scheduledIn(judgedSeries(result, budget));
  if (durationMs === 0 || samples === 0) return nothing;
  const value = (ok * 1000) / durationMs;
  return { value, samples, needed: 1, worst: worstSecond(result, budget) };
}

/** The throughput as a multiple of that of the load named in the plan. */
export function observeSpeedUp(result: Result, budget: Budget): Observation {
  const { value, samples } = observeThroughput(result, budget);
  const { comparedWith } = result.plan;
  if (comparedWith === undefined || value === undefined) return nothing;
  return { value: value / comparedWith.perSecond, samples, needed: 1 };
}

/** Short pieces at the border of a phase are left out, since a few ms may have no ended request. */
function worstSecond(result: Result, budget: Budget): Worst | undefined {
  return worstOf(result, budget, (ended, { startMs, endMs }) => {
    const durationMs = endMs - startMs;
    if (durationMs < result.plan.intervalMs / 2) return undefined;
    return ((ended?.outcomes.ok ?? 0) * 1000) / durationMs;
  });
}
