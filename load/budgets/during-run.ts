/** What budgets ask of a run while it goes on: to end early, or to go on for want of samples. */
import { judgedMs, type Result } from '../metrics/result/result.ts';
import { judgementLine } from './judgement-text.ts';
import { judgeBudget } from './judge.ts';
import { parseBudget } from './parse.ts';

/** Why the run should be aborted: a budget with `abortOnFail` is broken, and its delay has passed. */
export function abortReason(result: Result): string | undefined {
  const metrics = result.plan.streams[0]?.metrics ?? {};
  const elapsedMs = judgedMs(result);
  for (const line of result.plan.budgets) {
    if (line.abortOnFail !== true || elapsedMs < (line.delayMs ?? 0)) continue;
    const judgement = judgeBudget(result, parseBudget(line, metrics));
    if (judgement.status !== 'fail') continue;
    return `abortOnFail: ${judgementLine(judgement)}`;
  }
  return undefined;
}

/** Whether a budget has fewer samples than its percentile needs, as far as the run has got. */
export function lacksSamples(result: Result): boolean {
  const metrics = result.plan.streams[0]?.metrics ?? {};
  return result.plan.budgets.some((line) => {
    const budget = parseBudget(line, metrics);
    // A climb needs more minutes, not more requests.
    if (budget.subject.kind === 'rise') return false;
    const { samples, needed } = judgeBudget(result, budget);
    // Only percentiles need several; what nothing was recorded for will not come by waiting.
    return needed > 1 && samples > 0 && samples < needed;
  });
}
