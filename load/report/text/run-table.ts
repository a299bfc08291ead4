/** All loads of a run in one table, at the end of the console's output. */
import type { Verdict } from '../../budgets/judge.ts';
import { figureText, shareText } from '../../metrics/figure-text.ts';
import { leftOut, worstOf } from './bounds.ts';
import type { ConsoleLine } from './console-line.ts';
import { verdictColours } from './console-load.ts';
import { loadName } from './run-totals.ts';
import type { Statistics } from './statistics.ts';
import { figures, textRows, words, type Column } from './text-table.ts';

/** The fields of a load (described in results-json.ts). */
interface TabledLoad {
  readonly log: string;
  readonly verdict: Verdict['verdict'];
  readonly unjudged: boolean;
  readonly statistics: Statistics;
  readonly totals: { readonly judgedUsersPeak: number };
}

const width = 120;

const columns: readonly Column[] = [
  { title: 'load', elastic: 'wrap' },
  ...figures('users', 'requests/s', 'average', 'p95', 'errors'),
  ...words('verdict'),
];

export function runTable(all: readonly TabledLoad[]): ConsoleLine[] {
  const loads = worstOf(all, ({ verdict }) => verdict === 'pass');
  const [titles = [], ...rows] = textRows(columns, loads.map(rowOf), width);
  const lines = rows.flatMap(([first = '', ...others], i) => {
    const { verdict, unjudged } = loads[i]!;
    const colour = unjudged
      ? {}
      : { marked: verdictText(verdict), colour: verdictColours[verdict] };
    return [{ text: first, ...colour }, ...others.map((text) => ({ text }))];
  });
  const plain = (texts: readonly string[]): ConsoleLine[] => texts.map((text) => ({ text }));
  return [...plain(titles), ...lines, ...plain(leftOut(all))];
}

function rowOf(load: TabledLoad): string[] {
  const { verdict, unjudged, statistics, totals } = load;
  const all = statistics.rows.find(({ kind }) => kind === 'all');
  const { requests = 0, errors = 0, ms, requestsPerSecond } = all ?? {};
  const share = errors === 0 ? '' : ` (${shareText(errors / requests)})`;
  return [
    loadName(load),
    String(totals.judgedUsersPeak),
    figureText(requestsPerSecond, 'number'),
    figureText(ms?.avg, 'time'),
    figureText(ms?.p95, 'time'),
    `${errors}${share}`,
    unjudged ? 'not judged' : verdictText(verdict),
  ];
}

/** Capitalised like the rows of the budgets. */
function verdictText(verdict: Verdict['verdict']): string {
  return verdict === 'fail' ? 'FAIL' : verdict.replace('-', ' ');
}
