/** The table of statistics, as plain text and as Markdown. */
import { figureText } from '../../metrics/figure-text.ts';
import { formatMs } from '../../platform/duration.ts';
import { markdownTable, markdownText } from './markdown.ts';
import type { Statistics, StatisticsRow } from './statistics.ts';
import { textTable, wrapped, type Column } from './text-table.ts';

const width = 120;

const columns: readonly Column[] = [
  { title: 'task', elastic: 'wrap' },
  ...[
    'requests',
    'failures',
    'avg',
    'min',
    'p50',
    'p95',
    'p99',
    'max',
    'req/s',
    'fail/s',
    'in flight',
  ].map((title) => ({ title, align: 'right' as const })),
  { title: 'verdict' },
];

export function statisticsText(statistics: Statistics): string {
  const notes = notesOn(statistics).flatMap((note) => wrapped(note, width));
  return [...textTable(columns, rowsOf(statistics), width), ...notes].join('\n');
}

export function statisticsMarkdown(statistics: Statistics): string {
  const table = markdownTable(columns, rowsOf(statistics));
  return `${table}\n\n${notesOn(statistics).map(markdownText).join('\n')}`;
}

function rowsOf({ rows }: Statistics): string[][] {
  const hasStreams = new Set(rows.map(({ stream }) => stream)).size > 1;
  return rows.map((row) => [nameOf(row, hasStreams), ...figuresOf(row)]);
}

function nameOf({ kind, stream, name }: StatisticsRow, hasStreams: boolean): string {
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

/** `p95 241 ms`, of each stream by name where there are several. */
function serviceText(rows: Statistics['rows']): string {
  const totals = rows.filter(({ kind }) => kind === 'all');
  return totals
    .map(({ stream, serviceP95Ms }) => {
      const text = `p95 ${figureText(serviceP95Ms, 'time')}`;
      return totals.length > 1 ? `${stream}: ${text}` : text;
    })
    .join(', ');
}

function notesOn({ rows, judgedPhases, judgedMs, elsewhere }: Statistics): string[] {
  const phases = judgedPhases.length === 0 ? 'no phase' : judgedPhases.join(', ');
  const others = elsewhere.reduce((sum, { requests }) => sum + requests, 0);
  const list = elsewhere.map(({ phase, requests }) => `${phase}: ${requests}`).join(', ');
  return [
    `Judged: ${phases}, ${judgedMs === 0 ? '0 s' : formatMs(judgedMs)}. Percentiles and max are over ` +
      'all scheduled requests, and what did not end ok is slower than any; avg and min are over ' +
      'the ok ones. In flight: the most at once. Verdict: the worst of the budgets on the row.',
    `Service time, from the sending on: ${serviceText(rows)}.`,
    others === 0
      ? 'No request was scheduled in another phase.'
      : `Scheduled in other phases, and not in this table: ${others} (${list}).`,
  ];
}
