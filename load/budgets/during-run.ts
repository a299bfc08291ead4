/**
 * Checks on the budgets while a run goes on: whether to abort it, or to extend it because samples are
 * missing.
 */
import { judgedMs, type Plan, type Result } from '../metrics/result/result.ts';
import { judgementLine } from './judgement-text.ts';
import { judgeBudget } from './judge.ts';
import { observe } from './observe/observe.ts';
import { streamOf } from './observe/series.ts';

/** Why the run should be aborted: a budget with `abortOnFail` is broken, and its delay has passed. */
export function abortReason(result: Result): string | undefined {
  for (const budget of result.plan.budgets) {
    if (budget.abortOnFail !== true) continue;
    if (judgedMs(result, streamOf(budget)) < (budget.delayMs ?? 0)) continue;
    const judgement = judgeBudget(result, budget);
    if (judgement.status !== 'fail') continue;
    return `abortOnFail: ${judgementLine(judgement)}`;
  }
  return undefined;
}

/** Whether a budget has fewer samples so far than its percentile needs. */
export function lacksSamples(result: Result): boolean {
  return result.plan.budgets.some((budget) => {
    if (endsBefore(result.plan, streamOf(budget))) return false;
    // A rise needs more minutes, not more requests.
    if (budget.subject.kind === 'rise') return false;
    // The first seconds of a spike cannot be extended.
    if (budget.phase !== undefined) return false;
    const { samples, needed } = observe(result, budget);
    // Only percentiles need several samples. If nothing was recorded, waiting does not help.
    return needed > 1 && samples > 0 && samples < needed;
  });
}

/** A background load that has ended gets no more samples, however long the load goes on. */
function endsBefore({ streams }: Plan, stream: number): boolean {
  const endMs = (n: number): number => streams[n]?.phases.at(-1)?.endMs ?? 0;
  return endMs(stream) < endMs(0);
}
