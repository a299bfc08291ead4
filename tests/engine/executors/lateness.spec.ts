/** This machine's lateness must be reported as such, and nothing else may be. */
import { expect, test } from '@playwright/test';
import type { Timer } from '../../../load/platform/clock.ts';
import type { TrendHistogram } from '../../../load/metrics/trend-histogram.ts';
import { outcomesOf, selectSeries, trendOf } from '../../../load/metrics/result/select.ts';
import type { Result } from '../../../load/metrics/result/result.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { spike, users } from '../../../load/workload/users.ts';
import { between } from '../../../load/workload/think-time.ts';
import { answersAfter, runVirtually, stopAt } from '../virtual-load.ts';
import { VirtualClock } from '../virtual-clock.ts';

/** A busy loop: timers come late, and no two readings of the clock are equal. */
class BusyClock extends VirtualClock {
  private looks = 0;
  private readonly lateMs: number;

  constructor(lateMs: number) {
    super();
    this.lateMs = lateMs;
  }

  override now(): number {
    this.looks += 1;
    return super.now() + this.looks * 1e-7;
  }

  override at(atMs: number, callback: () => void): Timer {
    return super.at(atMs + this.lateMs, callback);
  }
}

function lagOf(result: Result): TrendHistogram {
  return trendOf(selectSeries(result, { phases: 'all' }), 'scheduleLag');
}

test('closed: the first request of a user that starts late is late', async () => {
  const workload = spike({
    count: 5,
    spawnRate: 100,
    duration: '1s',
    thinkTime: between('10s', '10s'),
  });
  const { result } = await runVirtually({
    workload,
    system: answersAfter(10),
    clock: new BusyClock(8),
    shortened: true,
  });
  // User 0 is due at once and waits for no timer; the other four come 8 ms late.
  expect(lagOf(result).count).toBe(5);
  expect(lagOf(result).valueAtRank(2)).toBeGreaterThanOrEqual(7990);
  expect(result.generator.lag.max).toBeGreaterThanOrEqual(7990);
});

test('closed: what a user does in onStart is not late, and its first request is due after it', async () => {
  const workload = users({
    count: 3,
    spawnRate: 100,
    duration: '2s',
    thinkTime: between('10s', '10s'),
  });
  const { result } = await runVirtually({
    workload,
    system: answersAfter(10),
    shortened: true,
    user: (clock) => ({ onStart: () => clock.until(clock.now() + 200) }),
  });
  expect(lagOf(result).max).toBeLessThan(1000);
});

test('open: an arrival that is picked up late is late by this machine, not by its users', async () => {
  const workload = arrivals({ rate: '20/s', duration: '2s', maxUsers: 50 });
  const { result } = await runVirtually({
    workload,
    system: answersAfter(10),
    clock: new BusyClock(30),
    shortened: true,
  });
  expect(result.generator.lag.valueAtRank(30)).toBeGreaterThanOrEqual(29_000);
});

test('open: an arrival that waits for a free user is not late by this machine', async () => {
  const workload = arrivals({ rate: '10/s', duration: '3s', maxUsers: 1, maxBacklog: 100 });
  const { result } = await runVirtually({ workload, system: answersAfter(400), shortened: true });
  expect(lagOf(result).max).toBeGreaterThan(1_000_000);
  expect(result.generator.lag.max).toBeLessThan(1000);
});

/** Users wake so late that the load ends first. */
class DrowsyClock extends VirtualClock {
  override promptly(atMs: number, callback: () => void): Timer {
    return super.promptly(atMs + 47, callback);
  }
}

const hundredArrivals = { workload: arrivals({ rate: 100, duration: '1s' }), shortened: true };

test('open: arrivals that are late as the load ends still come', async () => {
  const clock = new DrowsyClock();
  const load = { ...hundredArrivals, clock, system: answersAfter(1) };
  const { result, requests } = await runVirtually(load);
  expect(outcomesOf(selectSeries(result, { phases: 'all' }))).toEqual({ ok: 100 });
  expect(requests).toHaveLength(100);
});

test('open: arrivals that were due before the load was cut short, and came not, are counted', async () => {
  const load = { ...hundredArrivals, clock: new DrowsyClock(), system: answersAfter(1) };
  const { result, requests } = await runVirtually({ ...load, during: stopAt(700) });
  const { ok, interrupted = 0 } = outcomesOf(selectSeries(result, { phases: 'all' }));
  expect(interrupted).toBeGreaterThan(0);
  expect([ok! + interrupted, result.scheduled]).toEqual([70, 70]);
  expect(requests).toHaveLength(ok!);
});

test('open: an arrival that comes late, and was due while all users were at work, is late since one was free', async () => {
  const workload = arrivals({ rate: 10, duration: '1s', maxUsers: 1 });
  const load = { workload, clock: new DrowsyClock(), shortened: true };
  // Due at 0.1 s it comes at 0.147 s; its user is free from 0.12 s on. Those after it find none free.
  const { result } = await runVirtually({ ...load, system: answersAfter(120) });
  expect(lagOf(result).max).toBeGreaterThan(100_000);
  expect(result.generator.lag.max).toBe(27_000);
});
