/** A whole run in one line. */
import type { LoadEntry } from './results-json.ts';

export interface RunTotals {
  readonly loads: number;
  readonly verdicts: Readonly<Record<LoadEntry['verdict'], number>>;
  readonly shortened: number;
  readonly interrupted: number;
  /** A budget of an invalid run is not met: nothing vouches for its figure. */
  readonly budgets: { readonly met: number; readonly judged: number; readonly total: number };
}

type Counted = Pick<LoadEntry, 'verdict' | 'shortened' | 'interrupted' | 'judgements'>;

export function runTotals(loads: readonly Counted[]): RunTotals {
  const count = (holds: (load: Counted) => boolean): number => loads.filter(holds).length;
  const budgets = loads.flatMap(({ verdict, judgements }) =>
    judgements.map(({ status }) => ({ status, isTrusted: verdict !== 'invalid' })),
  );
  const withVerdict = (verdict: Counted['verdict']): number =>
    count((load) => load.verdict === verdict);
  return {
    loads: loads.length,
    verdicts: {
      ...{ pass: withVerdict('pass'), fail: withVerdict('fail') },
      ...{ 'no-data': withVerdict('no-data'), invalid: withVerdict('invalid') },
    },
    shortened: count(({ shortened }) => shortened),
    interrupted: count(({ interrupted }) => interrupted),
    budgets: {
      met: budgets.filter(({ status, isTrusted }) => isTrusted && status === 'pass').length,
      judged: budgets.filter(({ status }) => status === 'pass' || status === 'fail').length,
      total: budgets.length,
    },
  };
}

/** `11 of 12 budgets met (1 not judged) in 2 loads, 1 shortened, 0 invalid`. */
export function totalsLine({
  loads,
  verdicts,
  shortened,
  interrupted,
  budgets,
}: RunTotals): string {
  const { met, judged, total } = budgets;
  const notJudged = judged < total ? ` (${total - judged} not judged)` : '';
  const cut = interrupted > 0 ? `, ${interrupted} interrupted` : '';
  return (
    `${met} of ${total} budgets met${notJudged} in ${loads} load${loads === 1 ? '' : 's'}, ` +
    `${shortened} shortened, ${verdicts.invalid} invalid${cut}`
  );
}
