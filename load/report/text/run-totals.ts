/** A whole run on one line. */
import type { Judgement, Verdict } from '../../budgets/judge.ts';
import { counted } from '../../platform/words.ts';
import { nameOfLog } from '../../settings/run-folder.ts';

export interface RunTotals {
  readonly loads: number;
  readonly verdicts: Readonly<Record<Verdict['verdict'], number>>;
  readonly shortened: number;
  readonly interrupted: number;
  /** The loads with each mark, by the names of their logs. */
  readonly marked: Readonly<Record<Mark, readonly string[]>>;
  /** Rows of a run that is invalid as a whole, or whose verdict was not asked for, do not count as met. */
  readonly budgets: { readonly met: number; readonly judged: number; readonly total: number };
}

const marks = ['invalid', 'unjudged', 'interrupted', 'steered', 'shortened'] as const;

type Mark = (typeof marks)[number];

/** The fields of a load (described in results-json.ts). */
export interface Counted {
  readonly log: string;
  readonly verdict: Verdict['verdict'];
  readonly judgements: readonly Pick<Judgement, 'status'>[];
  /** True if the load generator failed as a whole, so that no row is valid. */
  readonly isSpoiled: boolean;
  readonly unjudged: boolean;
  readonly interrupted: boolean;
  readonly steered: boolean;
  readonly shortened: boolean;
}

const judgedStatuses: ReadonlySet<Judgement['status']> = new Set(['pass', 'fail', 'undecided']);

export function runTotals(loads: readonly Counted[]): RunTotals {
  const budgets = loads.flatMap(({ isSpoiled, judgements, unjudged }) =>
    judgements.map(({ status }) => ({ status, isTrusted: !isSpoiled && !unjudged })),
  );
  const names = (holds: (load: Counted) => boolean): string[] => loads.filter(holds).map(loadName);
  const having = (verdict: Counted['verdict']): string[] =>
    names((load) => load.verdict === verdict);
  const marked = {
    invalid: having('invalid'),
    unjudged: names(({ unjudged }) => unjudged),
    interrupted: names(({ interrupted }) => interrupted),
    steered: names(({ steered }) => steered),
    shortened: names(({ shortened }) => shortened),
  };
  return {
    loads: loads.length,
    verdicts: {
      pass: having('pass').length,
      fail: having('fail').length,
      'no-data': having('no-data').length,
      invalid: marked.invalid.length,
    },
    shortened: marked.shortened.length,
    interrupted: marked.interrupted.length,
    marked,
    budgets: {
      met: budgets.filter(({ status, isTrusted }) => isTrusted && status === 'pass').length,
      judged: budgets.filter(({ status }) => judgedStatuses.has(status)).length,
      total: budgets.length,
    },
  };
}

/** The log's name without its ending. It distinguishes the second load of a test, and slices. */
export function loadName({ log }: Pick<Counted, 'log'>): string {
  return nameOfLog(log);
}

/** How many loads are named. Further ones are counted. */
const maxNamed = 3;

/** `11 of 12 budgets met (1 not judged) in 2 loads; invalid: web-shop-spike-200-users`. */
export function totalsLine({ loads, marked, budgets }: RunTotals): string {
  const { met, judged, total } = budgets;
  const notJudged = judged < total ? ` (${total - judged} not judged)` : '';
  const told = marks
    .filter((mark) => marked[mark].length > 0)
    .map((mark) => {
      const { length } = marked[mark];
      return `; ${mark}: ${length <= maxNamed ? marked[mark].join(', ') : length}`;
    });
  return `${met} of ${total} budgets met${notJudged} in ${counted(loads, 'load')}${told.join('')}`;
}
