/**
 * The figures of a load, task by task: as plain data, and as the table that every report shows. Only
 * requests that were scheduled in a judged phase are in it.
 */
import type { Verdict } from '../../budgets/judge.ts';
import { streamOf } from '../../budgets/observe/series.ts';
import { errorsOf, scheduledOf } from '../../metrics/outcome.ts';
import { isJudged, judgedMs, judgedPoints, type Result } from '../../metrics/result/result.ts';
import { outcomesOf, selectSeries } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { figureText } from '../../metrics/figure-text.ts';
import { formatMs } from '../../platform/duration.ts';
import { groupedBy, sumOf } from '../../platform/lists.ts';
import { counted } from '../../platform/words.ts';
import { latencyFigures, type Figure, type LatencyFigures } from './latency-figures.ts';
import { markdownTable, markdownText } from './markdown.ts';
import { figures, textTable, words, wrapped, type Column } from './text-table.ts';

/** What a row is said to be worth: the worst of the budgets that are stated for it. */
type RowVerdict = 'pass' | 'fail' | 'undecided' | 'no-data' | 'invalid' | 'interrupted';

/** `okOnly` stands beside the row above it: percentiles of the requests that ended ok, alone. */
type RowKind = 'task' | 'request' | 'okOnly' | 'all';

export interface StatisticsRow extends LatencyFigures {
  readonly kind: RowKind;
  readonly stream: string;
  /** The task or request; the task's again for `okOnly`, empty for `all`. */
  readonly name: string;
  /** Scheduled in the judged phases. */
  readonly requests: number;
  /** Not ok, whatever the reason. */
  readonly failures: number;
  /** What the error rate counts of them: not degraded, throttled or interrupted ones. */
  readonly errors: number;
  /** Received of the bodies of all answers, by request. */
  readonly averageBytes: Figure;
  /** Scheduled requests over the length of the judged phases. */
  readonly requestsPerSecond: Figure;
  readonly failuresPerSecond: Figure;
  /**
   * Most requests in flight at once in the judged phases. Counted for the whole judged load only: undefined
   * for a task, and for a load stream beside it.
   */
  readonly peakInFlight: number | undefined;
  /** The worst of the row's own budgets; undefined where none of them was judged. */
  readonly verdict: RowVerdict | undefined;
}

export interface Statistics {
  readonly rows: readonly StatisticsRow[];
  readonly judgedPhases: readonly string[];
  readonly judgedMs: number;
  /** Requests that are not in the rows, by the phase in which they were scheduled. */
  readonly elsewhere: readonly { readonly phase: string; readonly requests: number }[];
}

/** `verdict`: of this result. */
export function statisticsIn(result: Result, verdict: Verdict): Statistics {
  const { streams } = result.plan;
  const judged = streams.flatMap(({ phases }) => phases).filter((phase) => phase.judged);
  return {
    rows: streams.flatMap((_, stream) => streamRows(result, verdict, stream)),
    judgedPhases: [...new Set(judged.map(({ name }) => name))],
    judgedMs: judgedMs(result),
    elsewhere: requestsElsewhere(result),
  };
}

/** Where there are several load streams, the judged one is told apart, but not in older logs. */
function peakInFlight(result: Result): number | undefined {
  const isAlone = result.plan.streams.length === 1;
  const peaks = judgedPoints(result).map(({ judged, inFlightPeak }) =>
    isAlone ? inFlightPeak : judged?.inFlightPeak,
  );
  const told = peaks.filter((peak) => peak !== undefined);
  return told.length === 0 ? undefined : Math.max(...told);
}

function streamRows(result: Result, verdict: Verdict, stream: number): StatisticsRow[] {
  const { name: streamName, tasks } = result.plan.streams[stream]!;
  const durationMs = judgedMs(result, stream);
  const series = selectSeries(result, { stream });
  const row = (kind: RowKind, name: string, own: readonly SeriesTotal[]): StatisticsRow[] => {
    // No budget is of a single request of a task.
    const hasBudgets = kind !== 'request';
    const made = {
      ...rowOf({ kind, stream: streamName, name }, own, durationMs),
      peakInFlight: kind === 'all' && stream === 0 ? peakInFlight(result) : undefined,
      verdict: hasBudgets
        ? rowVerdict(verdict, stream, kind === 'task' ? name : undefined)
        : undefined,
    };
    const isMixed = kind !== 'request' && made.failures > 0 && made.failures < made.requests;
    return isMixed ? [made, okOnly(made, own)] : [made];
  };
  // In the plan's order; a task that only the log knows comes after those.
  const names = new Set([...tasks.map(({ name }) => name), ...series.map(({ task }) => task)]);
  const taskRows = [...names].flatMap((task) => {
    const own = series.filter((one) => one.task === task);
    const requests = [...groupedBy(own, ({ request }) => request)];
    const parts = requests.length > 1 ? requests : [];
    const rows = parts.flatMap(([request, series]) => row('request', request, series));
    return [...row('task', task, own), ...rows];
  });
  return [...taskRows, ...row('all', '', series)];
}

function rowOf(
  head: Pick<StatisticsRow, 'kind' | 'stream' | 'name'>,
  series: readonly SeriesTotal[],
  durationMs: number,
): Omit<StatisticsRow, 'peakInFlight' | 'verdict'> {
  const outcomes = outcomesOf(series);
  const requests = scheduledOf(outcomes);
  const failures = requests - (outcomes.ok ?? 0);
  return {
    ...head,
    requests,
    failures,
    errors: errorsOf(outcomes),
    ...latencyFigures(series, requests),
    averageBytes: requests === 0 ? null : sumOf(series, (one) => one.bytesReceived) / requests,
    requestsPerSecond: perSecond(requests, durationMs),
    failuresPerSecond: perSecond(failures, durationMs),
  };
}

function perSecond(count: number, durationMs: number): Figure {
  return durationMs === 0 ? null : (count * 1000) / durationMs;
}

function okOnly(row: StatisticsRow, series: readonly SeriesTotal[]): StatisticsRow {
  const requests = row.requests - row.failures;
  const { requestsPerSecond: perSecond } = row;
  return {
    ...row,
    kind: 'okOnly',
    requests,
    failures: 0,
    errors: 0,
    failuresPerSecond: 0,
    ...latencyFigures(series, requests),
    // Nobody told whose the bytes were.
    averageBytes: null,
    requestsPerSecond: perSecond === null ? null : (perSecond * requests) / row.requests,
    peakInFlight: undefined,
    verdict: undefined,
  };
}

/** From the worst on. */
const ranked = ['fail', 'undecided', 'no-data', 'pass'] as const;

/**
 * `task` undefined: the row over all, with the budgets that are of no task. Undefined where none was
 * judged, or nobody asked. `invalid`: the instrument as a whole gives no verdict on the target, whatever
 * the figures. `interrupted`: so far no budget was broken.
 */
function rowVerdict(
  { invalid, judgements, interrupted, isUnasked = false }: Verdict,
  stream: number,
  task: string | undefined,
): RowVerdict | undefined {
  if (isUnasked) return undefined;
  const own = judgements.filter(
    ({ budget }) => streamOf(budget) === stream && budget.task === task,
  );
  const worst = ranked.find((status) => own.some((one) => one.status === status));
  if (worst === undefined) return undefined;
  if (invalid.length > 0) return 'invalid';
  return interrupted && worst !== 'fail' ? 'interrupted' : worst;
}

function requestsElsewhere({ plan, series }: Result): { phase: string; requests: number }[] {
  const others = series.filter(({ stream, phase }) => !isJudged(plan, stream, phase));
  return [...groupedBy(others, ({ phase }) => phase)].map(([phase, own]) => {
    return { phase, requests: sumOf(own, ({ outcomes }) => scheduledOf(outcomes)) };
  });
}

const width = 120;

const columns: readonly Column[] = [
  { title: 'task', elastic: 'wrap' },
  ...figures('requests', 'failures', 'avg', 'min', 'p50', 'p95', 'p99', 'max'),
  ...figures('req/s', 'fail/s', 'in flight'),
  ...words('verdict'),
];

export function statisticsText(statistics: Statistics): string {
  const notes = notesOn(statistics).flatMap((note) => wrapped(note, width));
  return [...textTable(columns, rowsOf(statistics), width), ...notes].join('\n');
}

/** The table alone, of tasks at most so many: those with most failures, then the slowest. */
export function statisticsLines(statistics: Statistics, mostTasks: number): string[] {
  const tasks = statistics.rows.filter(({ kind }) => kind === 'task');
  const rank = ({ failures, ms }: StatisticsRow): number =>
    failures * 1e9 + Math.min(ms.p95 ?? 0, 1e8);
  const worst = new Set([...tasks].sort((a, b) => rank(b) - rank(a)).slice(0, mostTasks));
  const rows = statistics.rows.filter((row) => row.kind === 'all' || worst.has(row));
  const left = tasks.length - worst.size;
  const more = left > 0 ? [`and ${counted(left, 'task')} more`] : [];
  return [...textTable(columns, rowsOf({ ...statistics, rows }), width), ...more];
}

export function statisticsMarkdown(statistics: Statistics): string {
  const table = markdownTable(columns, rowsOf(statistics));
  return `${table}\n\n${notesOn(statistics).map(markdownText).join('\n')}`;
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

/** `p95 241 ms`, of each stream by name where there are several. */
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
      'all scheduled requests, and what did not end ok is slower than any; avg and min are over ' +
      'the ok ones. In flight: the most at once. Verdict: the worst of the budgets on the row.',
    `Service time, from the sending on: ${serviceText(rows)}.`,
    others === 0
      ? 'No request was scheduled in another phase.'
      : `Scheduled in other phases, and not in this table: ${others} (${list}).`,
  ];
}
