import { expect, test } from '@playwright/test';
import { activeSpans, type ActiveSpan } from '../../../load/workload/active-spans.ts';
import { wholeLoad } from '../../../load/workload/slice.ts';
import { stages } from '../../../load/workload/stages.ts';
import { users } from '../../../load/workload/users.ts';
import type { ClosedWorkload } from '../../../load/workload/workload.ts';

function spansOf(workload: ClosedWorkload): [number, number, number][] {
  return activeSpans(workload, wholeLoad).map(({ slot, startMs, endMs }) => [slot, startMs, endMs]);
}

test('users start one after another at the spawn rate, and stay to the end', () => {
  expect(spansOf(users({ count: 4, spawnRate: 2, duration: '10s' }))).toEqual([
    [0, 0, Infinity],
    [1, 500, Infinity],
    [2, 1000, Infinity],
    [3, 1500, Infinity],
  ]);
});

test('a start between two milliseconds is due at the later one', () => {
  const starts = spansOf(users({ count: 4, spawnRate: 3, duration: '10s' })).map(([, at]) => at);
  expect(starts).toEqual([0, 334, 667, 1000]);
});

test('a ramp-down takes the highest user first, each where the level falls to it', () => {
  const workload = stages(
    [
      { users: 4, duration: '10s' },
      { users: 0, duration: '4s' },
    ],
    { from: 4 },
  );
  expect(spansOf(workload)).toEqual([
    [0, 0, 14_000],
    [1, 0, 13_000],
    [2, 0, 12_000],
    [3, 0, 11_000],
  ]);
});

test('a user who comes back after a ramp-down has two spans', () => {
  const workload = stages([
    { users: 2, duration: '2s' },
    { users: 1, duration: '2s' },
    { users: 1, duration: '2s' },
    { users: 2, duration: '2s' },
    { users: 2, duration: '2s' },
  ]);
  expect(spansOf(workload)).toEqual([
    [0, 0, Infinity],
    [1, 1000, 4000],
    [1, 6000, Infinity],
  ]);
});

test('who stays through a partial ramp-down stays to the end', () => {
  const workload = stages([
    { users: 10, duration: '1s' },
    { users: 10, duration: '1s' },
    { users: 3, duration: '7s' },
  ]);
  const ends = new Map(spansOf(workload).map(([slot, , endMs]) => [slot, endMs]));
  expect([ends.get(0), ends.get(2), ends.get(3), ends.get(9)]).toEqual([
    Infinity,
    Infinity,
    9000,
    3000,
  ]);
});

test('a warm-up with some users is part of their one span', () => {
  const workload = users({
    count: 4,
    spawnRate: 2,
    duration: '10s',
    warmUp: { duration: '5s', users: 2 },
  });
  expect(spansOf(workload)).toEqual([
    [0, 0, Infinity],
    [1, 0, Infinity],
    [2, 5000, Infinity],
    [3, 5500, Infinity],
  ]);
});

const course = stages([
  { users: 50, duration: '7s' },
  { users: 50, duration: '5s' },
  { users: 13, duration: '9s' },
  { users: 13, duration: '1s' },
  { users: 37, duration: '3s' },
  { users: 0, duration: '5s' },
]);

/** Users at work at an instant, by the spans. */
function levelAt(spans: readonly ActiveSpan[], atMs: number): number {
  return spans.filter(({ startMs, endMs }) => startMs <= atMs && atMs < endMs).length;
}

test('at every moment as many are at work as the course says', () => {
  const spans = activeSpans(course, wholeLoad);
  const wrong = Array.from({ length: 3000 }, (_, i) => i * 10 + 5.5).filter((atMs) => {
    const segment = course.segments.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
    const { startMs, endMs, from, to } = segment ?? { startMs: 0, endMs: 1, from: 0, to: 0 };
    const level = from + ((atMs - startMs) / (endMs - startMs)) * (to - from);
    // A start waits for the clock's next millisecond, at most.
    return levelAt(spans, atMs) > Math.ceil(level) || levelAt(spans, atMs) < Math.ceil(level) - 1;
  });
  expect(wrong).toEqual([]);
});

for (const count of [1, 2, 3, 4, 7, 60]) {
  test(`${count} slices have the spans of the whole load, each once, to the instant`, () => {
    const slices = Array.from({ length: count }, (_, i) => ({ index: i + 1, count }));
    const union = slices.flatMap((slice) => activeSpans(course, slice));
    const inOrder = union.sort((a, b) => a.startMs - b.startMs || a.slot - b.slot);
    expect(inOrder).toEqual(activeSpans(course, wholeLoad));
  });
}
