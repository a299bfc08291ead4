import { expect, test } from '@playwright/test';
import { JudgedFailure } from '../../../load/clients/scope.ts';
import { outcomesOf, selectSeries, trendOf } from '../../../load/metrics/result/select.ts';
import { parseSlice, wholeLoad } from '../../../load/workload/slice.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { type SentRequest, answersAfter, hangs, runVirtually } from '../virtual-load.ts';
import { Backlog } from '../../../load/executors/open-model.ts';
import { VirtualClock } from '../virtual-clock.ts';

const tenPerSecond = arrivals({ rate: 10, duration: '10s' });

function instantsOf(requests: readonly SentRequest[]): number[] {
  return requests.map(({ atMs }) => atMs);
}

test('iterations start when they are due, however long the answers take', async () => {
  const { requests } = await runVirtually({ workload: tenPerSecond, system: answersAfter(5000) });
  expect(instantsOf(requests).slice(0, 100)).toEqual(
    Array.from({ length: 100 }, (_, k) => k * 100),
  );
});

test('users that are free are taken again before new ones are', async () => {
  const { requests } = await runVirtually({ workload: tenPerSecond, system: answersAfter(250) });
  expect(new Set(requests.map(({ userNumber }) => userNumber)).size).toBe(3);
});

test('an arrival that finds no free user waits, and its wait is part of its response time', async () => {
  const workload = arrivals({ rate: 10, duration: '1s', maxUsers: 1 });
  const { requests, result } = await runVirtually({ workload, system: answersAfter(300) });
  expect(instantsOf(requests).slice(0, 4)).toEqual([0, 300, 600, 900]);
  const series = selectSeries(result);
  // The last, due at 900 ms, is sent at 2700 ms; what the drain brought counts for the steady state.
  expect(trendOf(series, 'service').max).toBe(300_000);
  expect(trendOf(series, 'scheduleLag').max / 1000).toBe(600);
  expect(result.generator.lag.max).toBe(0);
});

test('waiting for a user is the system’s doing, not this machine’s lag', async () => {
  const workload = arrivals({ rate: 100, duration: '5s', maxUsers: 5 });
  const { result } = await runVirtually({ workload, system: answersAfter(200) });
  expect(trendOf(selectSeries(result), 'scheduleLag').max).toBeGreaterThan(1_000_000);
  expect(result.generator.lag.max).toBe(0);
});

test('arrivals are served in the order in which they came', async () => {
  const workload = arrivals({ rate: 50, duration: '4s', maxUsers: 3, process: 'poisson' });
  const { requests, result } = await runVirtually({ workload, system: answersAfter(50) });
  const { requests: unhindered } = await runVirtually({
    workload: arrivals({ rate: 50, duration: '4s', process: 'poisson' }),
    system: answersAfter(50),
  });
  const common = Math.min(requests.length, unhindered.length);
  const drawsOf = (list: readonly SentRequest[]): unknown[] =>
    list.slice(0, common).map(({ draws }) => draws);
  expect(drawsOf(requests)).toEqual(drawsOf(unhindered));
  expect(result.end?.cause).toBe('completed');
});

test('past the bound of the backlog an arrival is dropped and counted', async () => {
  const workload = arrivals({ rate: 10, duration: '1s', maxUsers: 1, maxBacklog: 2 });
  const { requests, result } = await runVirtually({ workload, system: hangs, deadline: '600s' });
  expect(requests).toHaveLength(1);
  // 1 in flight, 2 waiting, 7 dropped.
  const counts = outcomesOf(selectSeries(result, { phases: 'all' }));
  expect(counts).toMatchObject({ dropped: 7 });
  expect(result.timeline[0]?.backlog).toBe(2);
  const errors = selectSeries(result).flatMap((series) => series.errors);
  expect(errors.find(({ kind }) => kind === 'dropped')).toMatchObject({
    count: 7,
    firstMs: 300,
    lastMs: 900,
    sample: 'no free user, backlog full',
  });
});

test('without a backlog what finds no free user is dropped', async () => {
  const workload = arrivals({ rate: 10, duration: '1s', maxUsers: 1, maxBacklog: 0 });
  const { result } = await runVirtually({ workload, system: answersAfter(150) });
  expect(outcomesOf(selectSeries(result))).toEqual({ ok: 5, dropped: 5 });
});

test('what still waits when the load ends is interrupted, and counted', async () => {
  const workload = arrivals({ rate: 10, duration: '1s', maxUsers: 1 });
  const { requests, result } = await runVirtually({ workload, system: answersAfter(450) });
  expect(instantsOf(requests)).toEqual([0, 450, 900]);
  const counts = outcomesOf(selectSeries(result));
  expect(counts).toEqual({ ok: 3, interrupted: 7 });
});

test('where the rate ends before the load what waits is still served', async () => {
  const workload = arrivals({
    from: 10,
    maxUsers: 1,
    stages: [
      { rate: 10, duration: '950ms' },
      { rate: 0, duration: 1 },
      { rate: 0, duration: '20s' },
    ],
  });
  const { result } = await runVirtually({ workload, system: answersAfter(450) });
  expect(outcomesOf(selectSeries(result, { phases: 'all' }))).toEqual({ ok: 10 });
});

test('sessions: a spent user is replaced by a fresh one', async () => {
  const { requests } = await runVirtually({
    workload: tenPerSecond,
    system: answersAfter(10),
    user: { session: { requests: 4 } },
  });
  const numbers = requests.slice(0, 12).map(({ userNumber }) => userNumber);
  expect(numbers).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
});

test('a user that could not start is used all the same, once: its requests will tell', async () => {
  const { requests, result } = await runVirtually({
    workload: arrivals({ rate: 10, duration: '1s' }),
    system: answersAfter(10),
    user: {
      onStart: () => {
        throw new Error('login refused');
      },
    },
  });
  expect(instantsOf(requests).slice(0, 10)).toEqual([
    0, 100, 200, 300, 400, 500, 600, 700, 800, 900,
  ]);
  expect(outcomesOf(result.series.filter(({ task }) => task === 'onStart'))).toEqual({
    failed: 10,
  });
  expect(requests.map(({ userNumber }) => userNumber)).toEqual([...requests.keys()]);
});

for (const outcome of ['throttled', 'degraded', 'timeout'] as const) {
  test(`a task that lacks what onStart should have brought ends as that did: ${outcome}`, async () => {
    let logins = 0;
    const { result } = await runVirtually({
      workload: arrivals({ rate: 10, duration: '1s' }),
      system: answersAfter(10),
      user: {
        onStart: ({ measure }) => {
          logins += 1;
          const isRefused = logins <= 3;
          const verdict = { outcome, kind: 'throttled', detail: 'come again' } as const;
          return measure('login', () =>
            isRefused ? Promise.reject(new JudgedFailure(verdict)) : Promise.resolve({ ok: 1 }),
          );
        },
        tasks: {
          chat: {
            run: async ({ state, measure }) => {
              const { ok } = state as { readonly ok: number };
              await measure('chat', () => Promise.resolve(ok));
            },
          },
        },
      },
    });
    const chats = selectSeries(result, { task: 'chat' });
    expect(outcomesOf(chats)).toEqual({ ok: 7, [outcome]: 3 });
    expect(chats.flatMap(({ errors }) => errors)).toMatchObject([
      { kind: 'throttled', sample: 'come again', count: 3 },
    ]);
    expect(logins).toBe(4);
  });
}

test('every user says good-bye once', async () => {
  const stopped: number[] = [];
  const { requests } = await runVirtually({
    workload: tenPerSecond,
    system: answersAfter(730),
    user: { session: { requests: 3 }, onStop: ({ user }) => void stopped.push(user.number) },
  });
  const used = new Set(requests.map(({ userNumber }) => userNumber));
  expect(stopped.sort((a, b) => a - b)).toEqual([...used].sort((a, b) => a - b));
});

for (const slice of [wholeLoad, parseSlice('2/4')]) {
  test(`behind schedule sockets get their turns, in slice ${slice.index} of ${slice.count}`, async () => {
    // All arrivals are overdue from the beginning, so nothing waits for a timer.
    class LateClock extends VirtualClock {
      turns = 0;

      override now(): number {
        return super.now() + 5000;
      }

      override turn(): Promise<void> {
        this.turns += 1;
        return super.turn();
      }
    }
    const clock = new LateClock();
    const workload = arrivals({ rate: 400 * slice.count, duration: '2s', maxUsers: 4000 });
    const { requests } = await runVirtually({
      workload,
      slice,
      clock,
      shortened: true,
      system: () => Promise.resolve(),
    });
    expect(requests.length).toBeGreaterThan(800);
    expect(clock.turns).toBeGreaterThanOrEqual(requests.length / 64);
  });
}

test('what came first is taken first', () => {
  const backlog = new Backlog<number>(10);
  for (const item of [1, 2, 3]) backlog.add(item);
  expect([backlog.take(), backlog.take(), backlog.take(), backlog.take()]).toEqual([
    1,
    2,
    3,
    undefined,
  ]);
});

test('past its bound it takes nothing in', () => {
  const backlog = new Backlog<number>(2);
  expect([1, 2, 3].map((item) => backlog.add(item))).toEqual([true, true, false]);
  backlog.take();
  expect([backlog.add(4), backlog.length]).toEqual([true, 2]);
});

test('with a bound of 0 nothing ever waits', () => {
  expect(new Backlog<number>(0).add(1)).toBe(false);
});

test('in and out a hundred thousand times it keeps order and does not grow', () => {
  const backlog = new Backlog<number>(5000);
  const taken: number[] = [];
  for (let i = 0; i < 100_000; i++) {
    backlog.add(i);
    if (i >= 3000) taken.push(backlog.take()!);
  }
  expect(taken.every((item, i) => item === i)).toBe(true);
  expect((Reflect.get(backlog, 'items') as unknown[]).length).toBeLessThan(10_000);
});

test('what a user does in onStart and onStop is the system’s time, also where others wait for it', async () => {
  const workload = arrivals({ rate: 10, duration: '5s', maxUsers: 2 });
  const { result } = await runVirtually({
    workload,
    system: answersAfter(100),
    user: (clock) => ({
      session: { requests: 2 },
      onStart: ({ measure }) => measure('login', () => clock.until(clock.now() + 700)),
      onStop: ({ measure }) => measure('logout', () => clock.until(clock.now() + 900)),
    }),
  });
  const series = selectSeries(result);
  expect(trendOf(series, 'scheduleLag').max).toBeGreaterThan(1_000_000);
  expect(result.generator.lag.max).toBe(0);
});
