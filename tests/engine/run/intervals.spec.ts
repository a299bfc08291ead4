import { expect, test } from '@playwright/test';
import { IntervalTimes } from '../../../load/run/intervals.ts';
import { users } from '../../../load/workload/users.ts';
import { constant } from '../../../load/workload/think-time.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { answersAfter, runVirtually } from '../virtual-load.ts';

const hourMs = 3_600_000;

function bordersOf(times: IntervalTimes, untilMs: number, bytesEach = 0): number[] {
  const borders: number[] = [];
  for (let atMs = 0; atMs < untilMs;) {
    atMs = times.nextBorderMs(atMs);
    borders.push(atMs);
    times.fitInto(borders.length * bytesEach);
  }
  return borders;
}

function timesOf(duration: string, spawnRate = 1): IntervalTimes {
  return new IntervalTimes([users({ count: 5, spawnRate, duration })]);
}

test('intervals are a second long', () => {
  expect(bordersOf(timesOf('10s'), 10_000)).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((s) => s * 1000),
  );
});

test('they are cut at the borders of phases, too', () => {
  // Five users at 1.6/s have started after 3125 ms.
  const borders = bordersOf(timesOf('5500ms', 1.6), 6000);
  expect(borders).toEqual([1000, 2000, 3000, 3125, 4000, 5000, 5500, 6000]);
});

test('the phases of all streams cut', () => {
  const times = new IntervalTimes([
    users({ count: 5, spawnRate: 4, duration: '3s' }),
    users({ count: 3, spawnRate: 2, duration: '2500ms' }),
  ]);
  expect(bordersOf(times, 3000)).toEqual([1000, 1250, 1500, 2000, 2500, 3000]);
});

test('beyond half an hour they are 5 s long', () => {
  const borders = bordersOf(timesOf('1h'), hourMs);
  expect(borders).toHaveLength(1800 + 360);
  expect(borders.slice(1799, 1802)).toEqual([1_800_000, 1_805_000, 1_810_000]);
});

test('a border that was met a moment early does not make a sliver', () => {
  expect(timesOf('10s').nextBorderMs(2999.9999)).toBe(4000);
});

test('a month of a large log stays within its bound', () => {
  const bytesEach = 200_000;
  const borders = bordersOf(timesOf('720h'), 720 * hourMs, bytesEach);
  // The last line that fits may be the first that does not.
  expect(borders.length * bytesEach).toBeLessThan(256 * 2 ** 20 + 20 * bytesEach);
  expect(borders.at(-1)).toBeGreaterThanOrEqual(720 * hourMs);
});

test('a day of a small log is as fine as it can be', () => {
  expect(bordersOf(timesOf('24h'), 24 * hourMs, 4000)).toHaveLength(1800 + (23.5 * 3600) / 5);
});

test('intervals follow one another without gap or overlap, from 0 to the end of the drain', async () => {
  const { result } = await runVirtually({
    workload: arrivals({ rate: 7, duration: '4500ms' }),
    system: answersAfter(1300),
  });
  const spans = result.timeline.map(({ startMs, endMs }) => [startMs, endMs]);
  expect(spans).toEqual([
    [0, 1000],
    [1000, 2000],
    [2000, 3000],
    [3000, 4000],
    [4000, 4500],
    [4500, 5000],
    [5000, result.end?.atMs],
  ]);
});

test('each tells its phase: cut where one ends', async () => {
  const workload = users({ count: 3, spawnRate: 2, duration: '3s', warmUp: { duration: '700ms' } });
  const { result } = await runVirtually({
    workload,
    system: answersAfter(300),
    user: { thinkTime: constant(50) },
  });
  expect(result.timeline.map(({ startMs, phases }) => [startMs, phases[0]])).toEqual([
    [0, 'warm-up'],
    [700, 'ramp-up'],
    [1000, 'ramp-up'],
    [1700, 'steady state'],
    [2000, 'steady state'],
    [3000, 'steady state'],
    [3700, 'drain'],
  ]);
});

test('a run that is stopped early ends its phase there: the drain is not mixed with it', async () => {
  const { result } = await runVirtually({
    workload: arrivals({ rate: 10, duration: '1m' }),
    system: answersAfter(690),
    during: (run, clock) => {
      clock.at(2345, () => {
        run.stop({ cause: 'interrupted', detail: '' });
      });
    },
  });
  const last = result.timeline
    .slice(-2)
    .map(({ startMs, endMs, phases }) => [startMs, endMs, phases]);
  expect(last).toEqual([
    [2000, 2345, ['steady state']],
    [2345, 2990, ['drain']],
  ]);
});

test('each counts what was scheduled and sent, and how many are at work and in flight', async () => {
  const workload = arrivals({ rate: 10, duration: '3s', maxUsers: 4 });
  const { result } = await runVirtually({ workload, system: answersAfter(990) });
  const shown = result.timeline
    .slice(0, 3)
    .map((p) => [p.users, p.inFlight, p.inFlightPeak, p.backlog]);
  expect(shown).toEqual([
    [4, 4, 4, 5],
    [4, 4, 4, 11],
    [4, 4, 4, 17],
  ]);
  expect(result.timeline.reduce((sum, point) => sum + point.scheduled, 0)).toBe(result.scheduled);
  expect(result.timeline.reduce((sum, point) => sum + point.sent, 0)).toBe(result.sent);
});

test('the time in flight adds up to the service times', async () => {
  const workload = arrivals({ rate: 10, duration: '3s' });
  const { result, requests } = await runVirtually({ workload, system: answersAfter(350) });
  const busyMs = result.timeline.reduce((sum, point) => sum + point.busyMs, 0);
  expect(busyMs).toBeCloseTo(requests.length * 350, 6);
});
