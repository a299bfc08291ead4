/** A whole run in one line. */
import type { Judgement, Verdict } from '../../budgets/judge.ts';
import { counted } from '../../platform/words.ts';

export interface RunTotals {
  readonly loads: number;
  readonly verdicts: Readonly<Record<Verdict['verdict'], number>>;
  readonly shortened: number;
  readonly interrupted: number;
  /** Which loads those are, by the names of their logs. */
  readonly marked: Readonly<Record<Mark, readonly string[]>>;
  /** A met row of a run that is spoiled as a whole, or that nobody asked for, is not counted as met. */
  readonly budgets: { readonly met: number; readonly judged: number; readonly total: number };
}

const marks = ['invalid', 'unjudged', 'interrupted', 'steered', 'shortened'] as const;

type Mark = (typeof marks)[number];

/** What is counted of a load (results-json.ts says what its fields mean). */
export interface Counted {
  readonly log: string;
  readonly verdict: Verdict['verdict'];
  readonly judgements: readonly Pick<Judgement, 'status'>[];
  /** Something was wrong with the instrument as a whole: no row of it stands. */
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

/** The log's name without its ending: tells the second load of a test, and slices, apart. */
export function loadName({ log }: Pick<Counted, 'log'>): string {
  return log.replace(/\.ndjson$/, '');
}

/** So many loads are named; more are a number. */
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
