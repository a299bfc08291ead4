/** The summary of a monitor at its end: average, least and most of its columns, and how the API answered. */
import { numberText, shareText } from '../../metrics/figure-text.ts';
import { sumOf } from '../../platform/lists.ts';
import { furtherColumns, furtherFigures, monitorColumns, type Tick } from './monitor-rows.ts';
import { markdownTable } from './markdown.ts';
import { figures, textTable, visible, words } from './text-table.ts';

const width = 120;
/** Columns that are not quantities. */
const left = ['timestamp', 'api_status'];
const columns = [...words('reading'), ...figures('average', 'least', 'most', 'n')];

export interface MonitorFigure {
  /** Its column in monitor.csv, which includes the unit. */
  readonly reading: string;
  readonly average: number;
  readonly least: number;
  readonly most: number;
  /** In how many readings it was known. */
  readonly n: number;
}

/** One entry for each column with known values. */
export function monitorFigures(ticks: readonly Tick[]): MonitorFigure[] {
  const further = furtherColumns(ticks).map((name) => ({
    name,
    valueOf: (tick: Tick) => furtherFigures(tick).get(name),
  }));
  return [...monitorColumns, ...further]
    .filter(({ name }) => !left.includes(name))
    .flatMap(({ name, valueOf }) => {
      const values = ticks.map(valueOf).filter((value) => typeof value === 'number');
      if (values.length === 0) return [];
      return [
        {
          reading: name,
          average: sumOf(values, (value) => value) / values.length,
          least: values.reduce((least, value) => Math.min(least, value), Infinity),
          most: values.reduce((most, value) => Math.max(most, value), -Infinity),
          n: values.length,
        },
      ];
    });
}

export function monitorMarkdown(read: readonly MonitorFigure[]): string {
  return read.length === 0 ? '' : markdownTable(columns, read.map(rowOf));
}

function rowOf({ reading, average, least, most, n }: MonitorFigure): string[] {
  return [visible(reading), ...[average, least, most].map(numberText), String(n)];
}

export function monitorSummary(ticks: readonly Tick[]): string {
  const rows = monitorFigures(ticks).map(rowOf);
  const table = rows.length === 0 ? ['nothing was read'] : textTable(columns, rows, width);
  return [...table, ...apiLines(ticks), ...poolLines(ticks)].map((line) => `${line}\n`).join('');
}

function apiLines(ticks: readonly Tick[]): string[] {
  const latencies = ticks.flatMap(({ gauges }) => gauges['apiLatency'] ?? []).sort((a, b) => a - b);
  const asked = ticks.filter(({ gauges, unknown }) => {
    return Object.hasOwn(gauges, 'apiStatus') || Object.hasOwn(unknown, 'apiStatus');
  });
  const errors = asked.filter(({ gauges }) => !((gauges['apiStatus'] ?? Infinity) < 400)).length;
  if (asked.length === 0) return [];
  const rank = (q: number): string =>
    numberText(latencies[Math.ceil(q * latencies.length) - 1] ?? NaN);
  const told =
    latencies.length === 0
      ? []
      : [`p50 ${rank(0.5)} ms, p95 ${rank(0.95)} ms, p99 ${rank(0.99)} ms`];
  const rate = `${errors} of ${asked.length} answers were errors (${shareText(errors / asked.length)})`;
  return [`API: ${[...told, rate].join('; ')}`];
}

function poolLines(ticks: readonly Tick[]): string[] {
  const active = ticks.flatMap(({ gauges }) => gauges['poolActive'] ?? []);
  return active.length === 0 ? [] : [`Pool: at most ${Math.max(...active)} connections at work`];
}
