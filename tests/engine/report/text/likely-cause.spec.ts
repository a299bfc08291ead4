import { expect, test } from '@playwright/test';
import { likelyCauses } from '../../../../load/report/text/likely-cause.ts';
import { judge } from '../../../../load/budgets/judge.ts';
import type { Interval } from '../../../../load/metrics/log/schema.ts';
import { budget, makeResult, repeat, type MadeInterval } from '../../budgets/make-result.ts';

const slow = { series: [{ okMs: repeat(100, 40) }] };

/** Twenty seconds of a load that breaks its budget, or keeps it. */
function causesOf(
  intervals: (second: number) => Omit<Partial<Interval>, 'series'>,
  { limit = '< 50 ms', model = 'closed' } = {},
): string[] {
  const result = makeResult({
    budgets: [budget('p95', limit)],
    stream: { workload: { model } },
    intervals: Array.from({ length: 20 }, (_, i): MadeInterval => ({ ...slow, ...intervals(i) })),
  });
  return likelyCauses(result, judge(result));
}

function reading(second: number, gauges: Record<string, number>): Pick<Interval, 'monitor'> {
  const atMs = second * 1000 + 500;
  return { monitor: { readings: [{ source: '/metrics', fromMs: atMs, toMs: atMs, gauges }] } };
}

test('a pool that was empty, and when', () => {
  const empty = (second: number) => reading(second, { poolAvailable: second < 12 ? 3 : 0 });
  expect(causesOf(empty)).toEqual([
    'poolAvailable was 0 in 8 of 20 readings, first at 0:12: requests waited for a free connection ' +
      "of the system's pool",
  ]);
  // Nobody asks why a load was slow that is green.
  expect(causesOf(empty, { limit: '< 1 s' })).toEqual([]);
  expect(causesOf((second) => reading(second, { poolAvailable: 1 }))).toEqual([]);
});

test('a machine without CPU left', () => {
  const busyFrom = (from: number) =>
    causesOf((second) => reading(second, { targetCpuPeak: second >= from ? 0.97 : 0.4 }));
  expect(busyFrom(16)).toEqual([
    "targetCpu was at 97.0 % of the system's machine, in 4 of 20 readings, first at 0:16",
  ]);
  // A moment explains no percentile of the whole.
  expect(busyFrom(17)).toEqual([]);
});

test('a pool that was empty for a moment is no cause', () => {
  expect(causesOf((second) => reading(second, { poolAvailable: second < 17 ? 3 : 0 }))).toEqual([]);
});

test('all users in flight: those of the judged load, and only where they come back', () => {
  const waiting = { users: 200, inFlight: 199 };
  expect(causesOf(() => waiting)).toEqual([
    'all users in flight: on average 199 of 200 waited for an answer, so they sent only as fast as ' +
      'the system answered',
  ]);
  const judged = { users: 200, inFlight: 20, inFlightPeak: 30 };
  expect(causesOf(() => ({ ...waiting, judged }))).toEqual([]);
  expect(causesOf(() => ({ users: 1, inFlight: 1 }))).toEqual([]);
  expect(causesOf(() => waiting, { model: 'open' })).toEqual([]);
});

test('arrivals that wait for a free user', () => {
  expect(causesOf((second) => ({ backlog: second * 10 }), { model: 'open' })).toEqual([
    'all users in flight: up to 190 arrivals waited for a free one (at 0:19)',
  ]);
});
