import { expect, test } from '@playwright/test';
import { scheduledOf } from '../../../load/metrics/outcome.ts';
import type { Result } from '../../../load/metrics/result/result.ts';
import { outcomesOf } from '../../../load/metrics/result/select.ts';
import { constant } from '../../../load/workload/think-time.ts';
import type { TaskContext } from '../../../load/user/define-user.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { users } from '../../../load/workload/users.ts';
import { answersAfter, hangs, runVirtually, stopAt } from '../virtual-load.ts';

const tenPerSecond = arrivals({ rate: 10, duration: '10s' });

function expectWhole(result: Result): void {
  expect(scheduledOf(outcomesOf(result.series))).toBe(result.scheduled);
  expect(result.end).toMatchObject({ scheduled: result.scheduled, sent: result.sent });
}

test.describe('the end of a load', () => {
  test('lets what is in flight end, and counts it where it was due', async () => {
    const { result } = await runVirtually({ workload: tenPerSecond, system: answersAfter(2500) });
    expect(result.end).toMatchObject({ atMs: 12_400, cause: 'completed' });
    const steady = result.series.find(({ phase }) => phase === 'steady state');
    expect([steady?.outcomes, result.scheduled]).toEqual([{ ok: 100 }, 100]);
    expect(steady?.trends.get('responseTime')?.max).toBe(2_500_000);
    expectWhole(result);
  });

  test('gives a hung request up to its deadline', async () => {
    const { result } = await runVirtually({
      workload: arrivals({ rate: 10, duration: '1s' }),
      system: hangs,
      deadline: '8s',
    });
    expect(outcomesOf(result.series)).toEqual({ timeout: result.scheduled });
    expect(result.end?.atMs).toBe(8900);
    expectWhole(result);
  });

  test('gives it 30 s at most; what is cut off then is interrupted', async () => {
    const { result } = await runVirtually({
      workload: tenPerSecond,
      system: hangs,
      deadline: '60s',
    });
    expect(outcomesOf(result.series)).toEqual({ interrupted: result.scheduled });
    expect(result.end).toMatchObject({ atMs: 40_000, cause: 'completed' });
    expectWhole(result);
  });

  test('reads the sockets once before it cuts anything off', async () => {
    const { result } = await runVirtually({
      workload: tenPerSecond,
      deadline: '60s',
      // All answers come in the turn of the event loop in which the drain ends.
      system: (_, clock) =>
        new Promise((resolve) => {
          clock.at(40_000, () => {
            setImmediate(resolve);
          });
        }),
    });
    expect(outcomesOf(result.series)).toEqual({ ok: 100 });
    expectWhole(result);
  });

  test('does not wait for tasks that wait for nothing of ours', async () => {
    const { result } = await runVirtually({
      workload: users({ count: 5, spawnRate: 5, duration: '3s' }),
      system: hangs,
      user: { tasks: { stuck: { run: hangs } } },
    });
    expect(result.end).toMatchObject({ atMs: 33_500, scheduled: 0 });
  });

  test('a request that was answered counts, though its task never comes to its next step', async () => {
    const { result } = await runVirtually({
      workload: users({ count: 5, spawnRate: 5, duration: '3s' }),
      system: hangs,
      user: (clock) => ({
        tasks: {
          stuck: {
            run: async ({ measure }) => {
              await measure('asked', () => clock.until(clock.now() + 100));
              await hangs();
            },
          },
        },
      }),
    });
    expect(outcomesOf(result.series)).toEqual({ ok: 5 });
    expectWhole(result);
  });

  test('a task that fails after everything was counted changes no figure', async () => {
    const { result } = await runVirtually({
      workload: users({ count: 5, spawnRate: 5, duration: '3s' }),
      system: hangs,
      user: (clock) => ({
        tasks: {
          stubborn: {
            run: async () => {
              await clock.until(34_000);
              throw new Error('much too late');
            },
          },
        },
      }),
      healthAfter: async (clock) => {
        await clock.until(40_000);
        return { ok: true, detail: 'up again' };
      },
    });
    expect(result.end).toMatchObject({ scheduled: 0, healthAfter: { ok: true } });
    expectWhole(result);
  });
});

test.describe('stopping and cutting', () => {
  test('a stop ends arrivals at once and lets what is in flight drain', async () => {
    const { result, requests } = await runVirtually({
      workload: tenPerSecond,
      system: answersAfter(1450),
      during: stopAt(5050),
    });
    expect(requests).toHaveLength(51);
    expect(outcomesOf(result.series)).toEqual({ ok: 51 });
    expect(result.end).toMatchObject({ atMs: 6450, cause: 'interrupted', detail: 'Ctrl-C' });
    expectWhole(result);
  });

  test('a cut ends everything now: what is in flight is interrupted', async () => {
    const { result } = await runVirtually({
      workload: tenPerSecond,
      system: hangs,
      during: (run, clock) => {
        stopAt(5050)(run, clock);
        clock.at(6000, () => {
          run.cut();
        });
      },
    });
    expect(outcomesOf(result.series)).toEqual({ interrupted: 51 });
    expect(result.end?.atMs).toBe(6000);
    expectWhole(result);
  });

  test('the first reason stands', async () => {
    const { result } = await runVirtually({
      workload: tenPerSecond,
      system: answersAfter(10),
      during: (run, clock) => {
        stopAt(1000)(run, clock);
        clock.at(1001, () => {
          run.stop({ cause: 'crashed', detail: 'later' });
        });
      },
    });
    expect(result.end?.cause).toBe('interrupted');
  });

  for (const [how, said] of [
    ['stop', 5],
    ['cut', 0],
  ] as const) {
    test(`after a ${how} ${said} of 5 users have said good-bye`, async () => {
      let byes = 0;
      const { result } = await runVirtually({
        workload: users({ count: 5, spawnRate: 5, duration: '10s' }),
        system: answersAfter(20),
        user: {
          thinkTime: constant('1s'),
          // As a client would: what it sends, its user schedules.
          onStop: (context) => {
            const { measure } = context as unknown as TaskContext<unknown, unknown, string>;
            return measure('bye', () => Promise.resolve((byes += 1))).then(() => undefined);
          },
        },
        during: (run, clock) => {
          clock.at(5500, () => {
            run.stop({ cause: 'interrupted', detail: how });
            if (how === 'cut') run.cut();
          });
        },
      });
      expect(byes).toBe(said);
      expectWhole(result);
    });
  }

  test('an executor that breaks ends the run as crashed, and its log is complete', async () => {
    const thinkTime = constant('1s');
    const { result } = await runVirtually({
      workload: users({ count: 5, spawnRate: 5, duration: '10s' }),
      system: answersAfter(20),
      user: { thinkTime },
      during: (_, clock) => {
        clock.at(3300, () => {
          // A think time that cannot be drawn: as a defect of ours would break an executor.
          Object.defineProperty(thinkTime, 'kind', {
            get: () => {
              throw new Error('broken');
            },
          });
        });
      },
    });
    expect(result.end).toMatchObject({ cause: 'crashed' });
    expect(result.end?.detail).toContain('the generator failed: Error: broken');
    expectWhole(result);
  });
});
