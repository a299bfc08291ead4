import { expect, test } from '@playwright/test';
import { StallWatch } from '../../../../load/metrics/record/stall-watch.ts';

/** So many requests in flight since `atMs`. */
function inFlight(count: number, atMs = 0): StallWatch {
  const watch = new StallWatch();
  for (let i = 0; i < count; i++) watch.started(atMs);
  return watch;
}

function answered(watch: StallWatch, atMs: number): void {
  watch.progressed(atMs);
  watch.ended(atMs);
}

test('a span with 5 in flight and no answer is a stall, from the fifth on', () => {
  const watch = inFlight(4);
  watch.started(100);
  answered(watch, 5100);
  expect(watch.take(6000, true)).toEqual([{ startMs: 100, endMs: 5100, inFlight: 5 }]);
});

test('4 in flight are never a stall', () => {
  const watch = inFlight(4);
  answered(watch, 60_000);
  expect(watch.take(61_000, true)).toEqual([]);
});

test('a stall ends as soon as fewer than 5 wait', () => {
  const watch = inFlight(5);
  watch.ended(1000);
  expect(watch.take(60_000, true)).toEqual([{ startMs: 0, endMs: 1000, inFlight: 5 }]);
});

test('a deadline that passes is no progress: the stall goes on', () => {
  const watch = inFlight(10);
  for (const atMs of [1000, 2000, 3000]) watch.ended(atMs);
  answered(watch, 4000);
  expect(watch.take(4000, true)).toEqual([{ startMs: 0, endMs: 4000, inFlight: 7 }]);
});

test('a chunk of a stream is progress', () => {
  const watch = inFlight(5);
  for (let atMs = 200; atMs <= 10_000; atMs += 200) watch.progressed(atMs);
  expect(watch.take(10_000, true)).toEqual([]);
});

test('a request that starts is no progress', () => {
  const watch = inFlight(5);
  for (let atMs = 100; atMs < 1000; atMs += 100) watch.started(atMs);
  answered(watch, 1000);
  expect(watch.take(1000, true)).toEqual([{ startMs: 0, endMs: 1000, inFlight: 14 }]);
});

test('the ordinary gaps between two answers are none', () => {
  const watch = inFlight(6);
  answered(watch, 249);
  answered(watch, 249 + 250);
  expect(watch.take(499, true)).toEqual([{ startMs: 249, endMs: 499, inFlight: 5 }]);
});

test('two stalls are two', () => {
  const watch = inFlight(20);
  for (const atMs of [1000, 1010, 3010]) answered(watch, atMs);
  expect(watch.take(3020, true).map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 1000],
    [1010, 3010],
  ]);
});

test('a stall that goes on is told at each interval, longer each time, with one start', () => {
  const watch = inFlight(5);
  expect(watch.take(1000, false)).toEqual([{ startMs: 0, endMs: 1000, inFlight: 5 }]);
  expect(watch.take(2000, false)).toEqual([{ startMs: 0, endMs: 2000, inFlight: 5 }]);
  answered(watch, 2500);
  expect(watch.take(3000, false)).toEqual([{ startMs: 0, endMs: 2500, inFlight: 5 }]);
  expect(watch.take(4000, false)).toEqual([]);
});

test('the end of the run ends a stall', () => {
  const watch = inFlight(5);
  expect(watch.take(1000, true)).toHaveLength(1);
  expect(watch.take(2000, true)).toEqual([]);
});

test('a chunk ends a stall when it came in, also where it is read later', () => {
  const watch = inFlight(5);
  for (const atMs of [900, 950]) watch.started(atMs);
  watch.progressed(800);
  expect(watch.take(1000, false)).toEqual([{ startMs: 0, endMs: 800, inFlight: 7 }]);
  // The part of a span that was reported meanwhile is kept.
  watch.take(2000, false);
  watch.progressed(1900);
  answered(watch, 3000);
  // One that is read after the answer tells nothing new.
  watch.progressed(2990);
  expect(watch.take(3100, false)).toEqual([
    { startMs: 800, endMs: 2000, inFlight: 7 },
    { startMs: 2000, endMs: 3000, inFlight: 7 },
  ]);
});
