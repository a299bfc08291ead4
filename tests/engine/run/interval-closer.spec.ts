import { expect, test } from '@playwright/test';
import { constant } from '../../../load/workload/think-time.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { users } from '../../../load/workload/users.ts';
import { answersAfter, runVirtually } from '../virtual-load.ts';

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
