/**
 * The files that Locust writes with `--csv`, with its columns in its order, so that existing programs can
 * read them. Times are unrounded ms. `Infinity` stands for a percentile that is among failed requests,
 * `N/A` for a value that was not measured.
 */
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import { selectSeries } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { groupedBy, sumOf } from '../../platform/lists.ts';
import { percentileNames, type Figure, type Percentiles } from '../text/latency-figures.ts';
import type { Statistics, StatisticsRow } from '../text/statistics.ts';
import { csvCell } from '../text/csv-cell.ts';

export const statsColumns = [
  'Type',
  'Name',
  'Request Count',
  'Failure Count',
  'Median Response Time',
  'Average Response Time',
  'Min Response Time',
  'Max Response Time',
  'Average Content Size',
  'Requests/s',
  'Failures/s',
  ...percentileNames,
] as const;

const failuresColumns = ['Method', 'Name', 'Error', 'Occurrences'];
const exceptionsColumns = ['Count', 'Message', 'Traceback', 'Nodes'];

/** Locust's name of the row for all requests. */
export const overAll = 'Aggregated';

/**
 * `_stats.csv`: a row for each request name of the judged load stream, with its task as type, and one for
 * all requests.
 */
export function statsCsv({ rows }: Statistics): string {
  const judged = rows.filter(({ stream }) => stream === rows[0]?.stream);
  const lines = leavesOf(judged).map(({ task, row }) => [task, row.name, ...figuresOf(row)]);
  const all = judged.find(({ kind }) => kind === 'all');
  const last = all === undefined ? [] : [['', overAll, ...figuresOf(all)]];
  return csvText([statsColumns, ...lines, ...last]);
}

/** The rows that add up to the total: the requests of a task with several, else the task. */
function leavesOf(rows: readonly StatisticsRow[]): { task: string; row: StatisticsRow }[] {
  const tasks: { readonly row: StatisticsRow; readonly parts: StatisticsRow[] }[] = [];
  for (const row of rows) {
    if (row.kind === 'task') tasks.push({ row, parts: [] });
    else if (row.kind === 'request') tasks.at(-1)?.parts.push(row);
  }
  return tasks.flatMap(({ row, parts }) =>
    (parts.length > 0 ? parts : [row]).map((leaf) => ({ task: row.name, row: leaf })),
  );
}

function figuresOf(row: StatisticsRow): Csv[] {
  const { requests, failures, ms, averageBytes, percentilesMs } = row;
  return [
    requests,
    failures,
    told(percentilesMs['50%']),
    told(ms.avg),
    told(ms.min),
    told(ms.max),
    averageBytes ?? 0,
    row.requestsPerSecond ?? 0,
    row.failuresPerSecond ?? 0,
    ...percentileCells(percentilesMs),
  ];
}

export function percentileCells(percentiles: Percentiles): Csv[] {
  return percentileNames.map((name) => told(percentiles[name]));
}

export function told(figure: Figure): Csv {
  return figure ?? 'N/A';
}

/** `_failures.csv`: requests of the judged phases that did not end ok, by task, request and kind. */
export function failuresCsv(load: JudgedLoad): string {
  const rows = [...errorsByRequest(load)].map(({ task, request, kind, sample, count }) => {
    return [task, request, sample === '' ? kind : `${kind}: ${sample}`, count];
  });
  return csvText([failuresColumns, ...rows]);
}

/** `_exceptions.csv`: errors of the tasks' own code. */
export function exceptionsCsv(load: JudgedLoad): string {
  const own = errorsByRequest(load).filter(({ kind }) => kind === 'task');
  const bySample = [...groupedBy(own, ({ sample }) => sample)];
  const rows = bySample.map(([sample, errors]) => {
    return [sumOf(errors, ({ count }) => count), sample, '', load.plan.machine.host];
  });
  return csvText([exceptionsColumns, ...rows]);
}

function errorsByRequest(load: JudgedLoad) {
  const bySeries = groupedBy(selectSeries(load), ({ task, request }) =>
    JSON.stringify([task, request]),
  );
  return [...bySeries.values()].flatMap((series) => {
    const { task, request } = series[0]!;
    return kindsIn(series).map((error) => ({ task, request, ...error }));
  });
}

function kindsIn(series: readonly SeriesTotal[]) {
  const byKind = groupedBy(
    series.flatMap(({ errors }) => errors),
    ({ kind }) => kind,
  );
  return [...byKind].map(([kind, errors]) => {
    return { kind, sample: errors[0]!.sample, count: sumOf(errors, ({ count }) => count) };
  });
}

export type Csv = string | number;

/** Line ends are those of Python's csv writer. */
export function csvText(rows: readonly (readonly Csv[])[]): string {
  return rows
    .map(
      (row) =>
        `${row.map((cell) => (typeof cell === 'number' ? cell : csvCell(cell))).join(',')}\r\n`,
    )
    .join('');
}
