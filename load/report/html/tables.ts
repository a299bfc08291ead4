/** The tables of a load's page: the figures of results.json, with the texts of all reports. */
import { figureText, type Dimension } from '../../metrics/figure-text.ts';
import { percentileNames, type Figure } from '../text/latency-figures.ts';
import type { JudgementEntry, LoadEntry } from '../files/results-json.ts';
import { loadName } from '../text/run-totals.ts';
import type { StatisticsRow } from '../text/statistics.ts';
import { nameOf } from '../text/statistics-table.ts';
import type { Cell, Row, Table, Tone, Value } from './page-data.ts';

export function cellOf(value: Figure | undefined, dimension: Dimension): Cell {
  return [figureText(value, dimension), cellValue(value)];
}

/** A figure as JSON has it, which knows neither ∞ nor NaN. */
export function cellValue(value: Figure | undefined): Value {
  if (value === undefined || value === null || Number.isNaN(value)) return null;
  return Math.abs(value) === Infinity ? '∞' : value;
}

export function columns(...titles: readonly string[]): Table['columns'] {
  return titles.map((title) => ({ title }));
}

export function figureColumns(...titles: readonly string[]): Table['columns'] {
  return titles.map((title) => ({ title, isFigure: true }));
}

export const loadTones: Readonly<Record<LoadEntry['verdict'], Tone>> = {
  pass: 'good',
  fail: 'bad',
  'no-data': 'warn',
  invalid: 'invalid',
};

const statusTones: Readonly<Record<JudgementEntry['status'], Tone>> = {
  pass: 'good',
  fail: 'bad',
  undecided: 'invalid',
  'no-data': 'warn',
  'not-judged': 'plain',
  'not-visible': 'plain',
};

export function budgetTable({ judgements }: LoadEntry): Table {
  return {
    columns: [
      ...columns('status', 'metric', 'limit'),
      ...figureColumns('observed', '95 % interval', 'samples', 'worst second'),
    ],
    rows: judgements.map(budgetRow),
    notes: judgements.some(({ isDefault }) => isDefault)
      ? ['* default budget. marginal: it passes, but the interval crosses the limit.']
      : [],
  };
}

function budgetRow({
  name,
  limit,
  isDefault,
  status,
  marginal,
  value,
  samples,
  shown,
  worst,
}: JudgementEntry): Row {
  const tone = marginal ? 'warn' : statusTones[status];
  const cells: Cell[] = [
    shown.status,
    name,
    `${limit}${isDefault ? ' *' : ''}`,
    [shown.observed, cellValue(value)],
    shown.interval,
    [shown.samples, samples],
    shown.worst,
  ];
  const isTold = worst !== undefined && shown.worst !== '';
  return { cells, tone, ...(isTold ? { at: [worst.startMs, worst.endMs] } : undefined) };
}

const rateColumns = figureColumns('req/s', 'fail/s');

export function statisticsTable({ statistics }: LoadEntry): Table {
  const { rows } = statistics;
  const hasStreams = new Set(rows.map(({ stream }) => stream)).size > 1;
  const service = ['50%', '95%', '99%', '99.9%'] as const;
  return {
    columns: [
      ...columns('task'),
      ...figureColumns('requests', 'failures', 'average', 'min'),
      ...percentileNames.map((title) => ({
        title,
        isFigure: true,
        note: `response time, ${title}`,
      })),
      ...service.map((name) => ({
        title: `service ${name}`,
        isFigure: true,
        note: 'from the sending on',
      })),
      ...figureColumns('size'),
      ...rateColumns,
      ...columns('verdict'),
    ],
    rows: rows.map((row) => statisticsRow(row, nameOf(row, hasStreams), service)),
  };
}

const verdictTones: Readonly<Record<NonNullable<StatisticsRow['verdict']>, Tone>> = {
  pass: 'good',
  fail: 'bad',
  undecided: 'invalid',
  'no-data': 'warn',
  invalid: 'invalid',
  interrupted: 'warn',
};

function statisticsRow(
  row: StatisticsRow,
  name: string,
  service: readonly (keyof StatisticsRow['percentilesMs'])[],
): Row {
  const { kind, requests, failures, ms, percentilesMs, servicePercentilesMs, verdict } = row;
  const isPart = kind === 'request' || kind === 'okOnly';
  const told = isPart ? '' : (verdict?.replace('-', ' ') ?? '–');
  return {
    cells: [
      name,
      [String(requests), requests],
      [String(failures), failures],
      cellOf(ms.avg, 'time'),
      cellOf(ms.min, 'time'),
      ...percentileNames.map((one) => cellOf(percentilesMs[one], 'time')),
      ...service.map((one) => cellOf(servicePercentilesMs[one], 'time')),
      cellOf(row.averageBytes, 'bytes'),
      cellOf(row.requestsPerSecond, 'number'),
      cellOf(row.failuresPerSecond, 'number'),
      told,
    ],
    isPart,
    tone: verdict === undefined ? 'plain' : verdictTones[verdict],
  };
}

/** All loads of the run. */
export function overviewTable(loads: readonly LoadEntry[]): Table {
  return {
    columns: [
      ...columns('load', 'verdict'),
      ...figureColumns('users', 'requests', 'req/s', 'average', 'p95', 'errors'),
    ],
    rows: loads.map((load) => {
      const all = load.statistics.rows.find(({ kind }) => kind === 'all');
      const { requests = 0, errors = 0, ms, requestsPerSecond } = all ?? {};
      return {
        cells: [
          loadName(load),
          load.unjudged ? 'not judged' : load.verdict.replace('-', ' '),
          cellOf(load.totals.judgedUsersPeak, 'number'),
          cellOf(requests, 'number'),
          cellOf(requestsPerSecond, 'number'),
          cellOf(ms?.avg, 'time'),
          cellOf(ms?.p95, 'time'),
          cellOf(errors, 'number'),
        ],
        tone: load.unjudged ? 'warn' : loadTones[load.verdict],
      };
    }),
  };
}
