import { expect, test } from '@playwright/test';
import { Lateness, latenessStepsMs, neverClean } from '../../../../load/metrics/record/lateness.ts';

const beatMs = 5;

/**
 * A loop that turns every 5 ms, on time except for the delays: `[due, delay]` in ms. `inFlightAt` is
 * called at the end of each turn. Returns the lateness at `untilMs`.
 */
function looked(
  delays: readonly (readonly [atMs: number, delayMs: number])[],
  untilMs: number,
  inFlightAt: (atMs: number) => number = () => 1,
): Lateness {
  const lateness = new Lateness();
  let nowMs = 0;
  while (nowMs < untilMs) {
    const dueMs = nowMs + beatMs;
    lateness.expectTurn(dueMs, inFlightAt(nowMs));
    const delayMs = delays.find(([atMs]) => atMs >= nowMs && atMs < dueMs)?.[1] ?? 0;
    nowMs = dueMs + delayMs;
    if (nowMs > untilMs) break;
    lateness.turned(nowMs, delayMs, inFlightAt(nowMs));
  }
  return lateness;
}

test('what nothing disturbed is clean at the first step', () => {
  expect(looked([], 100).classOf(0, 0, 100)).toBe(0);
});

test('the class is the first step that no delay was beyond', () => {
  const classes = [0.5, 1, 1.1, 4, 4.1, 16, 17, 64, 65, 256, 257, 3000].map((delayMs) =>
    looked([[1000, delayMs]], 1000 + delayMs + 20).classOf(990, 0, 1000 + delayMs + 20),
  );
  expect(classes).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, neverClean, neverClean]);
});

test('so is it by the lag with which the request started', () => {
  const lateness = looked([], 1000);
  const lags = [0, 1, 1.5, 4, 10, 50, 200, 257];
  expect(lags.map((lagMs) => lateness.classOf(900, lagMs, 1000))).toEqual([
    0,
    0,
    1,
    1,
    2,
    3,
    4,
    neverClean,
  ]);
});

test('a late time lasts as long again as the delay', () => {
  // Held from 1005 to 1055 ms: late until 1105 ms.
  const lateness = looked([[1000, 50]], 1200);
  expect(lateness.classOf(1000, 0, 1200)).toBe(3);
  expect(lateness.classOf(1104, 0, 1200)).toBe(3);
  expect(lateness.classOf(1105, 0, 1200)).toBe(0);
});

test('what ended before it was not touched', () => {
  expect(looked([[1000, 50]], 1004).classOf(500, 0, 1004)).toBe(0);
});

test('what ends while the loop is late, before anybody knew, is late', () => {
  const lateness = looked([[1000, 50]], 1040);
  // The turn was due at 1005 ms.
  expect(lateness.classOf(1000, 0, 1040)).toBe(3);
  expect(lateness.classOf(1000, 0, 1006)).toBe(0);
});

test('a time is late until those in flight are as few as before it', () => {
  const queueUntil = (atMs: number) => (nowMs: number) => (nowMs > 1005 && nowMs < atMs ? 20 : 3);
  const classAt = (recoveredMs: number, scheduledAtMs: number): number =>
    looked([[1000, 50]], 2000, queueUntil(recoveredMs)).classOf(scheduledAtMs, 0, 2000);
  expect([classAt(1300, 1299), classAt(1300, 1300)]).toEqual([3, 0]);
  expect([classAt(1060, 1104), classAt(1060, 1105)]).toEqual([3, 0]);
});

test('ten times its length is the bound: a system that has not recovered by then is judged', () => {
  const classAt = (scheduledAtMs: number): number =>
    looked([[1000, 50]], 3000, (nowMs) => (nowMs > 1005 ? 20 : 3)).classOf(scheduledAtMs, 0, 3000);
  expect([classAt(1554), classAt(1555)]).toEqual([3, 0]);
});

test('the usual number in flight is enough, where more were before', () => {
  const lateness = new Lateness();
  for (let nowMs = 0; nowMs < 1000; nowMs += beatMs) {
    lateness.expectTurn(nowMs + beatMs, 10);
    lateness.turned(nowMs + beatMs, 0, 10);
  }
  lateness.take(1000);
  const isCleanWith = (inFlight: number): boolean => {
    lateness.expectTurn(1005, 3);
    lateness.turned(1055, 50, 3);
    lateness.expectTurn(1060, 3);
    lateness.turned(1110, 0, inFlight);
    return lateness.classOf(1111, 0, 1112) === 0;
  };
  // Three before it: back to three, for that is less than the median of ten.
  expect([isCleanWith(10), isCleanWith(3)]).toEqual([false, true]);
});

test('one after another they are one late time, each at the steps that it is beyond', () => {
  const lateness = looked(
    [
      [1000, 50],
      [1080, 10],
    ],
    1300,
  );
  // Late at 16 ms until 1105 ms; at 4 ms, by the second delay, no longer than that.
  expect(lateness.classOf(1000, 0, 1300)).toBe(3);
  expect(lateness.classOf(1110, 0, 1300)).toBe(0);
});

test('late time is counted once, by step, and in the interval in which it was', () => {
  const lateness = looked([[1000, 50]], 1200);
  // 1005 to 1105 ms, beyond 1, 4 and 16 ms.
  expect(lateness.take(1200)).toEqual([100, 100, 100, 0, 0]);
  expect(lateness.take(1300)).toEqual([0, 0, 0, 0, 0]);
});

test('a late time that lasts is counted up to each border', () => {
  const lateness = looked([[1000, 50]], 1080);
  expect(lateness.take(1080)).toEqual([75, 75, 75, 0, 0]);
  lateness.expectTurn(1100, 1);
  lateness.turned(1110, 0, 1);
  expect(lateness.take(1200)).toEqual([30, 30, 30, 0, 0]);
});

test('there is a class for each step, and one for what is clean at none', () => {
  expect(neverClean).toBe(latenessStepsMs.length);
  const steps: readonly number[] = latenessStepsMs;
  expect([...steps].sort((a, b) => a - b)).toEqual(steps);
});
