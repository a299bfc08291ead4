/** The table of statistics, as plain text and as Markdown. */
import { figureText } from '../budgets/figure-text.ts';
import { formatMs } from '../duration.ts';
import { markdownTable, markdownText } from './markdown.ts';
import type { Statistics, StatisticsRow } from './statistics.ts';
import { textTable, wrapped, type Column } from './text-table.ts';

const width = 120;

const columns: readonly Column[] = [
  { title: 'task', elastic: 'wrap' },
  ...[
    ...['requests', 'failures', 'avg', 'min', 'p50', 'p95', 'p99', 'max'],
    ...['service p95', 'req/s', 'failures/s'],
  ].map((title) => ({ title, align: 'right' as const })),
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
  if (kind === 'okOnly') return '└ (ok ones alone)';
  const own = kind === 'all' ? 'all' : name;
  return hasStreams ? `${stream}: ${own}` : own;
}

function figuresOf({ requests, failures, ms, ...row }: StatisticsRow): string[] {
  const times = [ms.avg, ms.min, ms.p50, ms.p95, ms.p99, ms.max, row.serviceP95Ms];
  return [
    ...[String(requests), String(failures)],
    ...times.map((value) => figureText(value, 'time')),
    ...[row.requestsPerSecond, row.failuresPerSecond].map((value) => figureText(value, 'number')),
  ];
}

function notesOn({ judgedPhases, judgedMs, elsewhere }: Statistics): string[] {
  const phases = judgedPhases.length === 0 ? 'no phase' : judgedPhases.join(', ');
  const others = elsewhere.reduce((sum, { requests }) => sum + requests, 0);
  const list = elsewhere.map(({ phase, requests }) => `${phase}: ${requests}`).join(', ');
  return [
    `Judged: ${phases}, ${judgedMs === 0 ? '0 s' : formatMs(judgedMs)}. Percentiles and max are over ` +
      'all scheduled requests, and what did not end ok is slower than any; avg and min are over ' +
      'the ok ones.',
    others === 0
      ? 'No request was scheduled in another phase.'
      : `Scheduled in other phases, and not in this table: ${others} (${list}).`,
  ];
}
