import { expect, test } from '@playwright/test';
import { between, constant, pacing } from '../../../load/workload/think-time.ts';
import { stages } from '../../../load/workload/stages.ts';
import { users } from '../../../load/workload/users.ts';
import { outcomesOf, selectSeries, trendOf } from '../../../load/metrics/result/select.ts';
import { answersAfter, runVirtually, type SentRequest } from '../virtual-load.ts';

const one = users({ count: 1, spawnRate: 1000, duration: '10s' });
const three = users({ count: 3, spawnRate: 1, duration: '10s' });

function instantsOf(requests: readonly SentRequest[], userNumber?: number): number[] {
  return requests
    .filter((request) => userNumber === undefined || request.userNumber === userNumber)
    .map(({ atMs }) => atMs);
}

test('a user’s first request is due as it starts; then it answers, thinks, and asks again', async () => {
  const { requests } = await runVirtually({
    workload: three,
    system: answersAfter(200),
    user: { thinkTime: constant('1.8s') },
  });
  expect(instantsOf(requests, 0)).toEqual([0, 2000, 4000, 6000, 8000]);
  expect(instantsOf(requests, 1)).toEqual([1000, 3000, 5000, 7000, 9000]);
  expect(instantsOf(requests, 2)).toEqual([2000, 4000, 6000, 8000]);
});

test('without a think time the next request comes with the answer', async () => {
  const { requests } = await runVirtually({ workload: one, system: answersAfter(250.5) });
  expect(instantsOf(requests).slice(0, 4)).toEqual([0, 250.5, 501, 751.5]);
});

test('a think time ends on the first whole millisecond', async () => {
  const { requests } = await runVirtually({
    workload: one,
    system: answersAfter(250.5),
    user: { thinkTime: constant(100) },
  });
  expect(instantsOf(requests).slice(0, 4)).toEqual([0, 351, 702, 1053]);
});

test('drawn think times lie between the two bounds, and differ', async () => {
  const { requests } = await runVirtually({
    workload: one,
    system: answersAfter(100),
    user: { thinkTime: between(300, 700) },
  });
  const instants = instantsOf(requests);
  const thinks = instants.slice(1).map((atMs, i) => atMs - instants[i]! - 100);
  expect(thinks.every((ms) => ms >= 300 && ms <= 701)).toBe(true);
  expect(new Set(thinks).size).toBeGreaterThan(thinks.length / 2);
});

test('pacing spaces the starts; an answer that takes longer is followed at once', async () => {
  const latencies = [200, 2500, 200, 200];
  const { requests } = await runVirtually({
    workload: one,
    user: { thinkTime: pacing('1s') },
    system: ({ atMs }, clock) => clock.until(atMs + (latencies.shift() ?? 200)),
  });
  expect(instantsOf(requests).slice(0, 5)).toEqual([0, 1000, 3500, 4500, 5500]);
});

test('a workload’s think time replaces the user’s own', async () => {
  const workload = users({ count: 1, spawnRate: 9, duration: '1s', thinkTime: constant(400) });
  const user = { thinkTime: constant(1) };
  const { requests } = await runVirtually({ workload, user, system: answersAfter(100) });
  expect(instantsOf(requests)).toEqual([0, 500]);
});

test('waiting for an answer costs no response time: the next request is due when the last is answered', async () => {
  const { result } = await runVirtually({ workload: one, system: answersAfter(3000) });
  const [series] = selectSeries(result);
  expect(series?.trends.get('responseTime')?.max).toBe(3_000_000);
  expect(series?.trends.get('scheduleLag')?.max).toBe(0);
});

test('on the way down users finish what they have begun, the highest first', async () => {
  const workload = stages(
    [
      { users: 4, duration: '4s' },
      { users: 0, duration: '4s' },
    ],
    { from: 4 },
  );
  const { requests, result } = await runVirtually({ workload, system: answersAfter(700) });
  const last = [0, 1, 2, 3].map((number) => instantsOf(requests, number).at(-1)! + 700);
  // Ends of spans: 8, 7, 6 and 5 s; the answer that is under way still comes.
  expect(last).toEqual([8400, 7000, 6300, 5600]);
  expect(result.timeline.slice(0, 9).map(({ users: count }) => count)).toEqual([
    4, 4, 4, 4, 4, 3, 2, 1, 0,
  ]);
});

test('sessions: after so many requests a fresh user takes the slot, without thinking', async () => {
  const { requests } = await runVirtually({
    workload: one,
    system: answersAfter(100),
    user: { thinkTime: constant(400), session: { requests: 3 } },
  });
  expect(instantsOf(requests, 0)).toEqual([0, 500, 1000]);
  expect(instantsOf(requests, 1)).toEqual([1100, 1600, 2100]);
  expect(instantsOf(requests, 2)).toEqual([2200, 2700, 3200]);
});

test('sessions hold the level', async () => {
  const workload = users({ count: 20, spawnRate: 20, duration: '30s' });
  const { result, requests } = await runVirtually({
    workload,
    system: answersAfter(90),
    user: { session: { requests: 2 } },
  });
  const steady = result.timeline.filter(({ startMs, endMs }) => startMs >= 1000 && endMs <= 30_000);
  expect(new Set(steady.map(({ users: count }) => count))).toEqual(new Set([20]));
  // Each user sends 2; the last in each of the 20 slots may be cut short.
  const distinct = new Set(requests.map(({ userNumber }) => userNumber)).size;
  expect(distinct * 2 - requests.length).toBeLessThanOrEqual(20);
  expect(distinct * 2).toBeGreaterThanOrEqual(requests.length);
});

test('no two users share a number, in whichever slice, session or span they run', async () => {
  const workload = stages([
    { users: 7, duration: '1s' },
    { users: 7, duration: '2s' },
    { users: 2, duration: '1s' },
    { users: 7, duration: '1s' },
    { users: 7, duration: '2s' },
  ]);
  const numbers: number[] = [];
  for (const index of [1, 2, 3]) {
    await runVirtually({
      workload,
      slice: { index, count: 3 },
      system: answersAfter(100),
      user: { session: { requests: 4 }, onStart: ({ user }) => numbers.push(user.number) },
    });
  }
  expect(numbers.length).toBeGreaterThan(80);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('a user that could not start is counted and tried again in a second, as a fresh one', async () => {
  const starts: [number, number][] = [];
  const { requests, result } = await runVirtually({
    workload: users({ count: 1, spawnRate: 1000, duration: '5s' }),
    system: answersAfter(500),
    user: {
      onStart: async ({ user }) => {
        starts.push([user.number, (starts.at(-1)?.[1] ?? -1000) + 1000]);
        await Promise.resolve();
        if (starts.length < 4) throw new Error('login refused');
      },
    },
  });
  expect(starts).toEqual([
    [0, 0],
    [1, 1000],
    [2, 2000],
    [3, 3000],
  ]);
  expect(instantsOf(requests)).toEqual([3000, 3500, 4000, 4500]);
  const failures = result.series.filter(({ task }) => task === 'onStart');
  expect(outcomesOf(failures)).toEqual({ failed: 3 });
  expect(failures[0]?.errors[0]?.sample).toBe('Error: login refused');
});

test('every user that started says good-bye: at the end of its session, its span and the load', async () => {
  const stopped: number[] = [];
  const { requests } = await runVirtually({
    workload: three,
    system: answersAfter(400),
    user: {
      session: { requests: 5 },
      thinkTime: constant(100),
      onStop: ({ user }) => void stopped.push(user.number),
    },
  });
  const started = new Set(requests.map(({ userNumber }) => userNumber));
  expect(stopped.sort((a, b) => a - b)).toEqual([...started].sort((a, b) => a - b));
});

test('a user whose answers come at once does not hold up the others', async () => {
  const { requests, result } = await runVirtually({
    workload: users({ count: 2, spawnRate: 1000, duration: '1s' }),
    system: ({ atMs, userNumber }, clock) => clock.until(atMs + (userNumber === 0 ? 1 : 250)),
  });
  expect(instantsOf(requests, 1)).toEqual([1, 251, 501, 751]);
  expect(result.end?.cause).toBe('completed');
});

/** Ten users who leave and come back: slot k from 5 to 7 s, and again, while an answer takes 12 s. */
const downAndUp = stages(
  [
    { users: 10, duration: '5s' },
    { users: 0, duration: '2s' },
    { users: 10, duration: '2s' },
    { users: 10, duration: '20s' },
  ],
  { from: 10, thinkTime: constant(0) },
);

test('a slot that comes back waits for the answer of the user before: the system’s time, no lag', async () => {
  const { requests, result } = await runVirtually({
    workload: downAndUp,
    system: answersAfter(12_000),
    shortened: true,
  });
  // The user of slot 0 never leaves; the other nine come back from 7.2 to 8.8 s, and ask at 12 s.
  expect(instantsOf(requests).slice(0, 20)).toEqual([
    ...Array.from({ length: 10 }, () => 0),
    ...Array.from({ length: 10 }, () => 12_000),
  ]);
  expect(new Set(requests.map(({ userNumber }) => userNumber)).size).toBe(19);
  expect(result.generator.lag.max).toBe(0);
  const series = selectSeries(result, { phases: 'all' });
  expect(trendOf(series, 'scheduleLag').max / 1000).toBe(4800);
  expect(trendOf(series, 'responseTime').max / 1000).toBe(16_800);
});

test('in a slice, too, a slot has one user at a time', async () => {
  const { requests } = await runVirtually({
    workload: downAndUp,
    slice: { index: 2, count: 4 },
    system: answersAfter(12_000),
    shortened: true,
  });
  // Slots 1, 5 and 9.
  expect(instantsOf(requests)).toEqual([0, 0, 0, 12_000, 12_000, 12_000, 24_000, 24_000, 24_000]);
});

test('a slot whose time is over before its user before has an answer stays out', async () => {
  const { requests, result } = await runVirtually({
    workload: stages(
      [10, 0, 10, 0].flatMap((n) => [
        { users: n, duration: '1s' },
        { users: n, duration: '1s' },
      ]),
      { from: 10 },
    ),
    system: answersAfter(12_000),
    shortened: true,
  });
  expect(instantsOf(requests)).toEqual(Array.from({ length: 10 }, () => 0));
  expect(outcomesOf(selectSeries(result, { phases: 'all' }))).toEqual({ ok: 10 });
});

test('a slow onStart or onStop of a slot that comes back is no lag either', async () => {
  const { result } = await runVirtually({
    workload: downAndUp,
    system: answersAfter(6000),
    shortened: true,
    user: (clock) => ({
      session: { requests: 1 },
      onStart: ({ measure }) => measure('login', () => clock.until(clock.now() + 3000)),
      onStop: ({ measure }) => measure('logout', () => clock.until(clock.now() + 5000)),
    }),
  });
  expect(result.generator.lag.max).toBe(0);
  expect(outcomesOf(selectSeries(result, { phases: 'all' })).failed).toBeUndefined();
});
