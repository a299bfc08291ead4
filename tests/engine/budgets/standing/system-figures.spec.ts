import { expect, test } from '@playwright/test';
import type { Reading } from '../../../../load/metrics/log/monitor-reading.ts';
import { repeat, type MadeSeries } from '../make-result.ts';
import { machine, rowOf, type Machine } from './one-row.ts';

/** A second with 100 requests; the monitor read a figure of the system. */
function statusOf(
  [key, limit]: readonly [string, string],
  [part, whole]: readonly [number, number],
  late: Machine,
  series: readonly MadeSeries[] = [{ okMs: repeat(100, 100) }],
) {
  const gauges: Readonly<Record<string, number>> = { targetMemory: 100_000_000, poolAvailable: 5 };
  const told = key in gauges ? { gauges } : { ratios: { [key]: { part, whole } } };
  const reading: Reading = { source: '/metrics', fromMs: 0, toMs: 1000, ...told };
  const monitor = { readings: [reading] };
  const intervals = [{ series, monitor, users: 100, generator: machine(late) }];
  return rowOf(key, limit, { intervals }).status;
}

const delays = (ms: number): Machine => ({ delaysMs: repeat(ms, 100) });
const lost = (share: number): Machine => ({ heldMs: share * 100_000 });
const late = (count: number): MadeSeries[] => [
  { okMs: repeat(100, 100 - count) },
  { okMs: repeat(100, count), late: 3 },
];

test('a batch took in more of what the loop held back: throughput × mean delay', () => {
  const batch = (limit: string, ms: number) =>
    statusOf(['averageBatchSize', limit], [80, 10], delays(ms));
  // 100 requests in a second: 0.1 in each ms.
  expect([batch('> 7', 9), batch('> 7', 11)]).toEqual(['pass', 'undecided']);
  expect([batch('> 9', 0), batch('> 9', 90)]).toEqual(['fail', 'fail']);
  expect([batch('< 9', 11), batch('< 7', 9), batch('< 7', 11)]).toEqual([
    'pass',
    'fail',
    'undecided',
  ]);
});

test('a floor of the hit rate is broken where those of late time, taken as hits, do not keep it', () => {
  const hits = (limit: string, count: number) =>
    statusOf(['cacheHitRate', limit], [80, 100], {}, late(count));
  expect([hits('> 90 %', 9), hits('> 90 %', 11)]).toEqual(['fail', 'undecided']);
  expect(hits('> 70 %', 90)).toBe('pass');
  expect([hits('< 90 %', 9), hits('< 90 %', 11)]).toEqual(['pass', 'undecided']);
});

test('requests that are clean at 16 ms met the cache as they would have', () => {
  const series = [{ okMs: repeat(100, 100), late: 2 }];
  expect(statusOf(['cacheHitRate', '> 90 %'], [80, 100], {}, series)).toBe('fail');
});

for (const [key, met, broken] of [
  ['targetMemory', '< 150 MB', '< 50 MB'],
  ['poolAvailable', '> 2', '> 10'],
  ['targetCpu', '< 90 %', '< 50 %'],
] as const) {
  test(`${key}: read of the system, it stands; to be met the load must be offered`, () => {
    const status = (limit: string, machineOf: Machine) =>
      statusOf([key, limit], [8, 10], machineOf, [{ okMs: repeat(100, 100), late: 5 }]);
    expect(status(broken, lost(0.5))).toBe('fail');
    expect([status(met, lost(0.09)), status(met, lost(0.11))]).toEqual(['pass', 'undecided']);
  });
}
