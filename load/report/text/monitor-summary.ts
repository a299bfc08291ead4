/** What a monitor saw in all, at its end: average, least and most of its columns, and how the API answered. */
import { numberText, shareText } from '../../metrics/figure-text.ts';
import { sumOf } from '../../platform/lists.ts';
import { monitorColumns, type Tick } from './monitor-rows.ts';
import { figures, textTable, words } from './text-table.ts';

const width = 120;
/** They stand for moments, not for sizes. */
const left = ['timestamp', 'api_status'];
const columns = [...words('reading'), ...figures('average', 'least', 'most', 'n')];

export function monitorSummary(ticks: readonly Tick[]): string {
  const rows = monitorColumns
    .filter(({ name }) => !left.includes(name))
    .flatMap(({ name, valueOf }) => {
      const values = ticks.map(valueOf).filter((value) => typeof value === 'number');
      if (values.length === 0) return [];
      const average = sumOf(values, (value) => value) / values.length;
      const figuresOf = [average, Math.min(...values), Math.max(...values)].map(numberText);
      return [[name, ...figuresOf, String(values.length)]];
    });
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
