import { expect, test } from '@playwright/test';
import type { Reading } from '../../../../load/metrics/log/monitor-reading.ts';
import {
  furtherColumns,
  monitorColumns,
  monitorHeader,
  monitorLine,
  monitorRow,
  MonitorTable,
  Ticks,
  type Tick,
} from '../../../../load/report/text/monitor-rows.ts';
import { monitorSummary } from '../../../../load/report/text/monitor-summary.ts';
import { fault } from '../../../faults/fault-matrix.ts';

const epochMs = Date.UTC(2026, 0, 1, 12);

function at(second: number, more: Partial<Reading>): Reading {
  return { source: 'host', fromMs: (second - 5) * 1000, toMs: second * 1000, ...more };
}

const host = (second: number, part: number): Reading =>
  at(second, {
    gauges: { hostMemory: 0.5, hostMemoryBytes: 2e9 },
    ratios: { hostCpu: { part: 1, whole: 4 }, hostDiskRead: { part, whole: 5 } },
  });
const up = at(5, { source: 'api', gauges: { apiLatency: 12.345, apiStatus: 200 } });
const reason = 'connect ECONNREFUSED';
const down = at(10, { source: 'api', unknown: { apiLatency: reason, apiStatus: reason } });

test('a row has the stated columns first, in their order', () => {
  expect(monitorHeader()).toMatch(
    /^timestamp,cpu_percent,memory_mb,memory_percent,disk_read_mb,disk_write_mb,network_sent_mb,network_recv_mb,api_latency_ms,api_status,db_pool_size,db_pool_available,db_pool_active,redis_hit_rate,redis_total_reads,/,
  );
});

test('what no source told is unknown, never 0, and who did not answer is unreachable', () => {
  const ticks = new Ticks();
  const first = monitorRow(ticks.add([host(5, 3e6), up], epochMs)).split(',');
  const second = monitorRow(ticks.add([host(10, 2e6), down], epochMs)).split(',');
  expect(first.slice(0, 10)).toEqual(
    ['2026-01-01T12:00:05.000Z', '25', '2000', '50', '3'].concat([
      'unknown',
      'unknown',
      'unknown',
      '12.35',
      '200',
    ]),
  );
  expect(second.slice(4, 11)).toEqual([
    '5',
    'unknown',
    'unknown',
    'unknown',
    'unknown',
    'unreachable',
    'unknown',
  ]);
  expect(first.slice(10).map((cell) => cell.trim())).not.toContain('0');
});

test('a line and a summary say the same in words', () => {
  const ticks = new Ticks();
  const seen = [ticks.add([host(5, 3e6), up], epochMs), ticks.add([host(10, 2e6), down], epochMs)];
  expect(monitorLine(seen[0]!)).toBe(
    '12:00:05  CPU 25 %  memory 2000 MB (50 %)  API 12.35 ms (200)  pool unknown of unknown, unknown free  cache unknown\n',
  );
  expect(monitorLine(seen[1]!)).toContain('API unreachable');
  const summary = monitorSummary(seen);
  expect(summary).toContain('1 of 2 answers were errors (50.0 %)');
  expect(summary).toMatch(/cpu_percent +25 +25 +25 +2/);
  expect(monitorSummary([])).toContain('nothing was read');
});

test('a figure without a column of its own is one behind them, from when it turns up', () => {
  const ticks = new Ticks();
  const table = new MonitorTable();
  const page = (second: number, gauges: Record<string, number>): Reading =>
    at(second, { source: 'gpu-1:9400', gauges });
  const card = { 'gpuMemoryBytes@gpu-1:9400': 8e9, 'node_load5@node-1': 2.5 };
  expect(table.add(ticks.add([host(5, 1)], epochMs))).toBeUndefined();
  expect(table.text().split('\n')[0]).toBe(monitorHeader().trim());
  expect(table.add(ticks.add([host(10, 1), page(10, card)], epochMs))).toBeUndefined();
  const row = table.add(ticks.add([host(15, 1), page(15, card)], epochMs));
  const [header = '', first, , last] = table.text().split('\n');
  expect(header.endsWith(',gpuMemoryBytes@gpu-1:9400,node_load5@node-1')).toBe(true);
  expect(first!.endsWith(',unknown,unknown')).toBe(true);
  expect(`${last}\n`).toBe(row);
  expect(last!.endsWith(',8000000000,2.5')).toBe(true);
  // The column of the cards is told by the page where this machine has none.
  expect(last!.split(',')[header.split(',').indexOf('gpu_memory_mb')]).toBe('8000');
  expect(monitorSummary(table.ticks)).toMatch(/node_load5@node-1 +2\.5 +2\.5 +2\.5 +2/);
});

test('a figure with a column of its own has no second one, and neither has one that says the same', () => {
  const shown = monitorColumns.flatMap(({ figure, alike = [] }) =>
    figure === undefined ? [] : [{ figure, alike }],
  );
  expect(shown.flatMap(({ alike }) => alike)).toEqual(['targetCpu', 'targetCpuPeak', 'gpuMemory']);
  const names = shown.flatMap(({ figure, alike }) => [figure, ...alike]);
  const gauges = Object.fromEntries(names.map((name) => [name, 1]));
  const ratios = Object.fromEntries(names.map((name) => [name, { part: 1, whole: 2 }]));
  const tick = new Ticks().add([at(5, { gauges, ratios })], epochMs);
  expect(furtherColumns([tick])).toEqual([]);
  // Each column shows the figure that it names.
  const told = monitorColumns.filter(({ figure }) => figure !== undefined);
  expect(told.filter(({ valueOf }) => valueOf(tick) === undefined)).toEqual([]);
});

test("the generator's own readings are columns, and unknown where nobody counts", () => {
  const generator = {
    utilisation: 0.25,
    cpu: 0.5,
    rssBytes: 1,
    loopDelayP99Ms: 1,
    loopDelayMaxMs: 3,
    lagP99Ms: 0.75,
    sockets: 12,
  };
  const names = monitorHeader().trim().split(',').slice(-5);
  expect(names).toEqual([
    'generator_busy_percent',
    'generator_loop_delay_ms',
    'generator_lag_p99_ms',
    'generator_cpu_percent',
    'generator_sockets',
  ]);
  const cells = (tick: Tick): string[] => monitorRow(tick).trim().split(',').slice(-5);
  const ticks = new Ticks();
  expect(cells(ticks.add([], 0, generator))).toEqual(['25', '3', '0.75', '50', '12']);
  expect(cells(ticks.add([], 0))).toEqual(Array(5).fill('unknown'));
});

for (const [name, cell] of [
  ['shop-steady-1-user', 'shop-steady-1-user'],
  ["=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"],
  ['-1+1', "'-1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\nb', 'a\\nb'],
] as const) {
  test(
    `a test's name ${JSON.stringify(name)} is one cell, and no formula`,
    { annotation: fault(33) },
    () => {
      const row = monitorRow(new Ticks().add([], 0), [], [name]);
      expect(row.endsWith(`,${cell}\n`), row).toBe(true);
    },
  );
}
