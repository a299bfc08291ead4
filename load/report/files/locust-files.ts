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
import { requestsByMethod, type RequestRow } from '../text/request-statistics.ts';
import type { Statistics, StatisticsRow } from '../text/statistics.ts';
import { csvCell } from '../text/csv-cell.ts';

const statsColumns = [
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

/** The part of a load's entry that `_stats.csv` states. */
interface CsvFigures {
  readonly requests: readonly RequestRow[];
  readonly statistics: Statistics;
}

/** Locust's name of the row for all requests. */
export const overAll = 'Aggregated';

/**
 * `_stats.csv`: a row for each request of the judged load stream by method and name, and one for all
 * requests of the judged phases. A login of `onStart` in an earlier phase has a row and is not in the last.
 */
export function statsCsv({ requests, statistics: { rows } }: CsvFigures): string {
  const lines = requests.map((row) => [row.method, row.name, ...figuresOf(row)]);
  const all = rows.find(({ kind }) => kind === 'all');
  const last = all === undefined ? [] : [['', overAll, ...figuresOf(all)]];
  return csvText([statsColumns, ...lines, ...last]);
}

function figuresOf(row: RequestRow | StatisticsRow): Csv[] {
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

/** `_failures.csv`: requests of `_stats.csv` that did not end ok, by method, name and kind. */
export function failuresCsv(load: JudgedLoad): string {
  const rows = requestsByMethod(load).flatMap(({ method, name, series }) =>
    kindsIn(series).map(({ kind, sample, count }) => {
      return [method, name, sample === '' ? kind : `${kind}: ${sample}`, count];
    }),
  );
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
    return kindsIn(series);
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
