import { expect, test } from '@playwright/test';
import type { Clock, Timer } from '../../../../load/platform/clock.ts';
import { Lateness } from '../../../../load/metrics/record/lateness.ts';
import { LoopWatch, type WatchedLoad } from '../../../../load/metrics/record/loop-watch.ts';
import { VirtualClock } from '../../virtual-clock.ts';

/** Virtual time in which each beat comes late by so many ms, as on a busy loop. */
class LateClock extends VirtualClock {
  lateMs = 0;

  override at(atMs: number, callback: () => void): Timer {
    return super.at(atMs + this.lateMs, callback);
  }
}

const idle: WatchedLoad = { inFlight: 0, ended: 0, lateness: new Lateness() };

async function watching(clock: Clock, load = idle): Promise<LoopWatch> {
  const watch = new LoopWatch(clock, load);
  watch.start();
  // Watching begins with the load, at 0.
  await clock.until(0);
  return watch;
}

test('a loop that turns on time has no delay', async () => {
  const clock = new LateClock();
  const watch = await watching(clock);
  await clock.run(1000);
  const { loopDelay, loopStalls } = watch.take();
  expect([loopDelay.max, loopStalls]).toEqual([0, []]);
});

test('the grain of the timer is no delay', async () => {
  const clock = new LateClock();
  clock.lateMs = 1;
  const watch = await watching(clock);
  await clock.run(1000);
  expect(watch.take().loopDelay.max).toBe(0);
});

test('a delay is weighted by the time over which it was felt', async () => {
  const clock = new LateClock();
  const watch = await watching(clock);
  await clock.run(500);
  clock.lateMs = 496;
  await clock.run(1004);
  const { loopDelay } = watch.take();
  // Half of the time on time, then held for half a second: the median is none, p75 all of it.
  expect(loopDelay.count).toBe(1004);
  expect(loopDelay.max).toBe(495_000);
  const slow = loopDelay.buckets.filter(([value]) => value > 0);
  expect(slow.reduce((sum, [, count]) => sum + count, 0)).toBe(500);
});

test('a loop that was held for more than 100 ms has stalled', async () => {
  const clock = new LateClock();
  const watch = await watching(clock);
  await clock.run(8);
  clock.lateMs = 300;
  await clock.run(400);
  expect(watch.take().loopStalls).toEqual([{ atMs: 16, durationMs: 299 }]);
});

test('a delay held up those whose answers came meanwhile, and not all in flight', async () => {
  const clock = new LateClock();
  const load = { inFlight: 100, ended: 0, lateness: new Lateness() };
  const watch = await watching(clock, load);
  load.ended = 5;
  await clock.run(8);
  clock.lateMs = 300;
  await clock.run(16);
  load.ended = 8;
  await clock.run(400);
  // 299 ms, half a beat and the timer's grain, for each of the three.
  expect(watch.take()).toMatchObject({ heldMs: 3 * 302 });
  expect(watch.take()).toMatchObject({ heldMs: 0 });
});

test('each interval starts anew', async () => {
  const clock = new LateClock();
  clock.lateMs = 300;
  const watch = await watching(clock);
  await clock.run(1000);
  expect(watch.take().loopStalls.length).toBeGreaterThan(0);
  expect(watch.take()).toMatchObject({ loopStalls: [], loopDelay: { count: 0 } });
});

test('once stopped it beats no more', async () => {
  const clock = new LateClock();
  const watch = await watching(clock);
  watch.stop();
  await clock.run(1000);
  expect(watch.take().loopDelay.count).toBe(0);
});
