import { expect, test } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import type { LogFile } from '../../load/metrics/log-file.ts';
import { scheduledOf } from '../../load/metrics/outcome.ts';
import { readResult } from '../../load/metrics/read-log.ts';
import type { Result } from '../../load/metrics/result.ts';
import { outcomesOf } from '../../load/metrics/select.ts';
import { constant, pacing } from '../../load/think-time.ts';
import type { TaskContext } from '../../load/user/define-user.ts';
import { arrivals } from '../../load/workload/arrivals.ts';
import { users } from '../../load/workload/users.ts';
import { fillDisk } from './metrics/full-disk.ts';
import { answersAfter, hangs, runVirtually, type VirtualLoad } from './virtual-load.ts';

const tenPerSecond = arrivals({ rate: 10, duration: '10s' });

function stopAt(ms: number): NonNullable<VirtualLoad['during']> {
  return (run, clock) => {
    clock.at(ms, () => {
      run.stop({ reason: 'interrupted', detail: 'Ctrl-C' });
    });
  };
}

function expectWhole(result: Result): void {
  expect(scheduledOf(outcomesOf(result.series))).toBe(result.scheduled);
  expect(result.end).toMatchObject({ scheduled: result.scheduled, sent: result.sent });
}

test.describe('the end of a load', () => {
  test('lets what is in flight end, and counts it where it was due', async () => {
    const { result } = await runVirtually({ workload: tenPerSecond, system: answersAfter(2500) });
    expect(result.end).toMatchObject({ atMs: 12_400, reason: 'completed' });
    const steady = result.series.find(({ phase }) => phase === 'steady state');
    expect([steady?.outcomes, result.scheduled]).toEqual([{ ok: 100 }, 100]);
    expect(steady?.trends.get('responseTime')?.max).toBe(2_500_000);
    expectWhole(result);
  });

  test('gives a hung request up to its deadline', async () => {
    const { result } = await runVirtually({
      ...{ workload: arrivals({ rate: 10, duration: '1s' }), system: hangs, deadline: '8s' },
    });
    expect(outcomesOf(result.series)).toEqual({ timeout: result.scheduled });
    expect(result.end?.atMs).toBe(8900);
    expectWhole(result);
  });

  test('gives it 30 s at most; what is cut off then is interrupted', async () => {
    const { result } = await runVirtually({
      ...{ workload: tenPerSecond, system: hangs, deadline: '60s' },
    });
    expect(outcomesOf(result.series)).toEqual({ interrupted: result.scheduled });
    expect(result.end).toMatchObject({ atMs: 40_000, reason: 'completed' });
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
      ...{ workload: tenPerSecond, system: answersAfter(1450), during: stopAt(5050) },
    });
    expect(requests).toHaveLength(51);
    expect(outcomesOf(result.series)).toEqual({ ok: 51 });
    expect(result.end).toMatchObject({ atMs: 6450, reason: 'interrupted', detail: 'Ctrl-C' });
    expectWhole(result);
  });

  test('a cut ends everything now: what is in flight is interrupted', async () => {
    const { result } = await runVirtually({
      ...{ workload: tenPerSecond, system: hangs },
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
      ...{ workload: tenPerSecond, system: answersAfter(10) },
      during: (run, clock) => {
        stopAt(1000)(run, clock);
        clock.at(1001, () => {
          run.stop({ reason: 'crashed', detail: 'later' });
        });
      },
    });
    expect(result.end?.reason).toBe('interrupted');
  });

  for (const [how, said] of [
    ['stop', 5],
    ['cut', 0],
  ] as const) {
    test(`after a ${how} ${said} of 5 users have said good-bye`, async () => {
      let byes = 0;
      const { result } = await runVirtually({
        ...{
          workload: users({ count: 5, spawnRate: 5, duration: '10s' }),
          system: answersAfter(20),
        },
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
            run.stop({ reason: 'interrupted', detail: how });
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
      ...{ workload: users({ count: 5, spawnRate: 5, duration: '10s' }), system: answersAfter(20) },
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
    expect(result.end).toMatchObject({ reason: 'crashed' });
    expect(result.end?.detail).toContain('the generator failed: Error: broken');
    expectWhole(result);
  });
});

test.describe('a steady state that lacks samples', () => {
  const budgets = [{ key: 'p95', limit: '< 2 s' }];
  const slow = arrivals({ rate: 1, duration: '50s' });

  test('goes on until there are enough, and says so once', async () => {
    const { result } = await runVirtually({ workload: slow, system: answersAfter(100), budgets });
    // p95 needs 72: with those of 0 to 71 s there are enough, seen a second later.
    expect(outcomesOf(result.series).ok).toBeGreaterThanOrEqual(72);
    expect(result.end?.atMs).toBeLessThanOrEqual(74_100);
    expect(result.events.filter(({ kind }) => kind === 'extended')).toHaveLength(1);
    const steady = result.series.find(({ phase }) => phase === 'steady state');
    expect(steady?.outcomes.ok).toBeGreaterThanOrEqual(72);
  });

  test('goes on to twice its length at most', async () => {
    const { result } = await runVirtually({
      ...{ workload: arrivals({ rate: 1, duration: '20s' }), system: answersAfter(100), budgets },
    });
    expect(result.end?.atMs).toBe(40_100);
  });

  test('a ramp-up is not doubled', async () => {
    const { result } = await runVirtually({
      workload: users({ count: 2, spawnRate: 0.2, duration: '30s', thinkTime: pacing('7s') }),
      ...{ system: answersAfter(100), budgets },
    });
    // 10 s of ramp-up, 20 s of steady state, 20 s more.
    expect(result.end?.atMs).toBe(50_000);
  });

  for (const [what, more] of [
    ['where there are enough', { workload: arrivals({ rate: 2, duration: '50s' }) }],
    ['in a run that is shortened on purpose', { shortened: true }],
    ['in a slice, which cannot know', { slice: { index: 1, count: 2 } }],
    ['without a budget that needs any', { budgets: [{ key: 'errorRate', limit: '< 1 %' }] }],
  ] as const) {
    test(`does not go on ${what}`, async () => {
      const load = { workload: slow, system: answersAfter(100), budgets, ...more };
      const { result } = await runVirtually(load);
      expect(result.end?.atMs).toBeLessThanOrEqual(50_100);
      expect(result.events).toEqual([]);
    });
  }

  test('an interrupt ends the extension', async () => {
    const { result } = await runVirtually({
      ...{ workload: slow, system: answersAfter(100), budgets, during: stopAt(55_050) },
    });
    expect(result.end).toMatchObject({ reason: 'interrupted', atMs: 55_100 });
  });
});

test.describe('the interval log', () => {
  test('read back, it is the result', async () => {
    const logPath = test.info().outputPath('log.ndjson');
    const { result } = await runVirtually({
      ...{ workload: tenPerSecond, system: answersAfter(300), logPath },
    });
    expect(await readResult(logPath)).toEqual(result);
  });

  test('is not written over: a run that would is refused before the first request', async () => {
    const logPath = test.info().outputPath('log.ndjson');
    const load = { workload: tenPerSecond, system: answersAfter(300), logPath };
    await runVirtually(load);
    const text = readFileSync(logPath, 'utf8');
    await expect(runVirtually(load)).rejects.toThrow('EEXIST');
    expect(readFileSync(logPath, 'utf8')).toBe(text);
  });

  test('on a full disk it ends, is told, and the result in memory is whole', async () => {
    test.skip(!existsSync('/dev/full'), 'only Linux has a full disk at hand');
    const { result, run } = await runVirtually({
      ...{ workload: tenPerSecond, system: answersAfter(300) },
      logPath: test.info().outputPath('log.ndjson'),
      during: (started, clock) => {
        clock.at(4500, () => {
          fillDisk(Reflect.get(started, 'file') as LogFile);
        });
      },
    });
    expect(run.logFailure).toContain('ENOSPC');
    expect(result.notes.join()).toContain('interval log not written');
    expect(result.end?.reason).toBe('completed');
    expect(outcomesOf(result.series).ok).toBe(result.scheduled);
    expectWhole(result);
  });
});
