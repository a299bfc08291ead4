/** What budgets ask of a run while it goes on: to end early, or to go on for want of samples. */
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

/** Whether a budget has fewer samples than its percentile needs, as far as the run has got. */
export function lacksSamples(result: Result): boolean {
  return result.plan.budgets.some((budget) => {
    if (endsBefore(result.plan, streamOf(budget))) return false;
    // A climb needs more minutes, not more requests.
    if (budget.subject.kind === 'rise') return false;
    // The first seconds of a spike do not come again.
    if (budget.phase !== undefined) return false;
    const { samples, needed } = observe(result, budget);
    // Only percentiles need several; what nothing was recorded for will not come by waiting.
    return needed > 1 && samples > 0 && samples < needed;
  });
}

/** A load in the background that has ended by itself gets no more samples, however long the load goes on. */
function endsBefore({ streams }: Plan, stream: number): boolean {
  const endMs = (n: number): number => streams[n]?.phases.at(-1)?.endMs ?? 0;
  return endMs(stream) < endMs(0);
}
