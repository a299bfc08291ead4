/** The statistics as a table, the same in every report. */
import { figureText } from '../../metrics/figure-text.ts';
import { formatMs } from '../../platform/duration.ts';
import { sumOf } from '../../platform/lists.ts';
import { counted } from '../../platform/words.ts';
import { leftOut, mostRows } from './bounds.ts';
import { markdownTable, markdownText } from './markdown.ts';
import type { Statistics, StatisticsRow } from './statistics.ts';
import { figures, textTable, words, wrapped, type Column } from './text-table.ts';

const width = 120;

const columns: readonly Column[] = [
  { title: 'task', elastic: 'wrap' },
  ...figures('requests', 'failures', 'avg', 'min', 'p50', 'p95', 'p99', 'max'),
  ...figures('req/s', 'fail/s', 'in flight'),
  ...words('verdict'),
];

export function statisticsText(statistics: Statistics): string {
  const notes = notesOn(statistics).flatMap((note) => wrapped(note, width));
  const { rows, more } = worstRows(statistics);
  return [...textTable(columns, rows, width), ...more, ...notes].join('\n');
}

/** Leaves room for the rows over all tasks, so that the table is not cut. */
const mostNamed = mostRows - 10;

/**
 * All rows, or those of the tasks and requests with the most failures, then of the slowest, in their
 * order. A request is below its task.
 */
function worstRows(statistics: Statistics): { rows: string[][]; more: string[] } {
  const { rows } = statistics;
  const named = rows.filter(({ kind }) => kind === 'task' || kind === 'request');
  if (named.length <= mostNamed && rows.length <= mostRows) {
    return { rows: rowsOf(statistics), more: [] };
  }
  const ranks = new Map<StatisticsRow, number>();
  let task: StatisticsRow | undefined;
  for (const row of named) {
    if (row.kind === 'task') task = row;
    ranks.set(row, rank(row));
    if (task !== undefined) ranks.set(task, Math.max(ranks.get(task)!, rank(row)));
  }
  const worst = new Set(
    [...named].sort((a, b) => ranks.get(b)! - ranks.get(a)!).slice(0, mostNamed),
  );
  const shown = rows.filter((row) => row.kind === 'all' || worst.has(row));
  return { rows: rowsOf({ ...statistics, rows: shown }), more: leftOut(named, worst.size) };
}

function rank({ failures, ms }: StatisticsRow): number {
  return failures * 1e9 + Math.min(ms.p95 ?? 0, 1e8);
}

/** Only the table, with at most `most` tasks: those with the most failures, then the slowest. */
export function statisticsLines(statistics: Statistics, mostTasks: number): string[] {
  const tasks = statistics.rows.filter(({ kind }) => kind === 'task');
  const worst = new Set([...tasks].sort((a, b) => rank(b) - rank(a)).slice(0, mostTasks));
  const rows = statistics.rows.filter((row) => row.kind === 'all' || worst.has(row));
  const left = tasks.length - worst.size;
  const more = left > 0 ? [`and ${counted(left, 'task')} more`] : [];
  return [...textTable(columns, rowsOf({ ...statistics, rows }), width), ...more];
}

export function statisticsMarkdown(statistics: Statistics): string {
  const { rows, more } = worstRows(statistics);
  const notes = notesOn(statistics).map(markdownText).join('\n');
  return [markdownTable(columns, rows), ...more, notes].join('\n\n');
}

function rowsOf({ rows }: Statistics): string[][] {
  const hasStreams = new Set(rows.map(({ stream }) => stream)).size > 1;
  return rows.map((row) => [nameOf(row, hasStreams), ...figuresOf(row)]);
}

export function nameOf({ kind, stream, name }: StatisticsRow, hasStreams: boolean): string {
  if (kind === 'request') return `└ ${name}`;
  if (kind === 'okOnly') return '└ ok alone';
  const own = kind === 'all' ? 'all' : name;
  return hasStreams ? `${stream}: ${own}` : own;
}

function figuresOf({ kind, requests, failures, ms, ...row }: StatisticsRow): string[] {
  const times = [ms.avg, ms.min, ms.p50, ms.p95, ms.p99, ms.max];
  const hasVerdict = kind === 'task' || kind === 'all';
  return [
    String(requests),
    String(failures),
    ...times.map((value) => figureText(value, 'time')),
    ...[row.requestsPerSecond, row.failuresPerSecond].map((value) => figureText(value, 'number')),
    kind === 'all' ? figureText(row.peakInFlight, 'number') : '',
    hasVerdict ? (row.verdict?.replace('-', ' ') ?? '–') : '',
  ];
}

/** `p95 241 ms`, with the names of the streams if there are several. */
function serviceText(rows: Statistics['rows']): string {
  const totals = rows.filter(({ kind }) => kind === 'all');
  const texts = totals.map(({ stream, serviceP95Ms }) => {
    const text = `p95 ${figureText(serviceP95Ms, 'time')}`;
    return totals.length > 1 ? `${stream}: ${text}` : text;
  });
  return texts.join(', ');
}

function notesOn({ rows, judgedPhases, judgedMs, elsewhere }: Statistics): string[] {
  const phases = judgedPhases.length === 0 ? 'no phase' : judgedPhases.join(', ');
  const others = sumOf(elsewhere, ({ requests }) => requests);
  const list = elsewhere.map(({ phase, requests }) => `${phase}: ${requests}`).join(', ');
  return [
    `Judged: ${phases}, ${judgedMs === 0 ? '0 s' : formatMs(judgedMs)}. Percentiles and max are over ` +
      'all scheduled requests (not ok counts as slower than any); avg and min are over ' +
      'the ok ones. In flight: the most at once. Verdict: the worst of the budgets on the row.',
    `Service time, counted from the sending: ${serviceText(rows)}.`,
    others === 0
      ? 'No request was scheduled in another phase.'
      : `Scheduled in other phases, and not in this table: ${others} (${list}).`,
  ];
}
