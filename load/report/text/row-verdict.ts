/** What a row of the statistics is said to be worth: the worst of the budgets that are stated for it. */
import type { Verdict } from '../../budgets/judge.ts';

export type RowVerdict = 'pass' | 'fail' | 'no-data' | 'invalid' | 'interrupted';

/** From the worst on. */
const ranked = ['fail', 'no-data', 'pass'] as const;

/**
 * `task` undefined: the row over all, with the budgets that are of no task. Undefined where none was
 * judged, or nobody asked. `invalid`: the instrument gives no verdict on the target, whatever the
 * figures. `interrupted`: so far no budget was broken.
 */
export function rowVerdict(
  { verdict, judgements, interrupted, isUnasked = false }: Verdict,
  task: string | undefined,
): RowVerdict | undefined {
  if (isUnasked) return undefined;
  const own = judgements.filter(({ budget }) => budget.task === task);
  const worst = ranked.find((status) => own.some((one) => one.status === status));
  if (worst === undefined) return undefined;
  if (verdict === 'invalid') return 'invalid';
  return interrupted && worst !== 'fail' ? 'interrupted' : worst;
}
