import { expect, test } from '@playwright/test';
import { Bunching, windowsMs } from '../../../../load/metrics/record/bunching.ts';

/** Pairs of [ready, started], in the order in which they were started. */
function squares(pairs: readonly (readonly [number, number])[]) {
  const bunching = new Bunching();
  for (const [readyAtMs, startedAtMs] of pairs) bunching.add(readyAtMs, startedAtMs);
  return bunching.take();
}

const each = (count: number, everyMs: number): number[] =>
  Array.from({ length: count }, (_, i) => i * everyMs);

test('requests that start as they are ready have the same sums on both sides', () => {
  // One in each 10 ms for a second: 100 × 1, 10 × 10², 100².
  const sums = [100, 1000, 10_000];
  expect(squares(each(100, 10).map((ms) => [ms, ms]))).toMatchObject({
    ready: sums,
    started: sums,
  });
});

test('a bunch is kept where all of it starts in its window', () => {
  expect(squares(Array.from({ length: 8 }, () => [0, 3] as const))).toMatchObject({
    ready: [64, 64, 64],
    started: [64, 64, 64],
  });
});

test('a bunch that is smeared out has smaller sums in the windows that it left', () => {
  expect(squares(each(8, 30).map((startedMs) => [0, startedMs] as const))).toMatchObject({
    ready: [64, 64, 64],
    // 0, 30, 60, 90 | 120, 150, 180 | 210 ms.
    started: [8, 16 + 9 + 1, 64],
  });
});

test('what was held up and released at once has larger ones', () => {
  const { ready, started } = squares(each(8, 30).map((readyMs) => [readyMs, 240] as const));
  expect([ready, started]).toEqual([
    [8, 26, 64],
    [64, 64, 64],
  ]);
});

test('sums are of the time since they were taken; a window goes on across that', () => {
  const bunching = new Bunching();
  bunching.add(0, 0);
  bunching.add(1, 1);
  expect(bunching.take().started).toEqual([4, 4, 4]);
  bunching.add(2, 2);
  // Three in one window are 9, of which 4 have been told.
  expect(bunching.take().started).toEqual([5, 5, 5]);
  expect(bunching.take()).toMatchObject({ ready: [0, 0, 0], started: [0, 0, 0] });
});

test('late ones still fill the window in which they were ready', () => {
  const pairs = [
    [0, 0],
    [500, 500],
    [1, 600],
  ] as const;
  expect(squares(pairs).ready[0]).toBe(4 + 1);
});

test('ten seconds later the shortest window is forgotten: such a one counts as alone in it', () => {
  const pairs = [
    [0, 0],
    [10_240, 10_240],
    [1, 10_241],
  ] as const;
  expect(squares(pairs).ready[0]).toBe(1 + 1 + 1);
});

test('windows are of three lengths', () => {
  expect(windowsMs).toEqual([10, 100, 1000]);
});

test('lags add up, and are told once', () => {
  const bunching = new Bunching();
  bunching.add(0, 3);
  bunching.add(10, 11);
  expect(bunching.take().lagMs).toBe(4);
  expect(bunching.take().lagMs).toBe(0);
});
