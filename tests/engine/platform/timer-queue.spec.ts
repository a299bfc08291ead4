import { expect, test } from '@playwright/test';
import { drawKey, integerBelow, purpose, uniform } from '../../../load/platform/random.ts';
import { TimerQueue, type Timer } from '../../../load/platform/timer-queue.ts';

const nothing = (): void => undefined;

function drain(queue: TimerQueue, untilMs = Infinity): Timer[] {
  const timers: Timer[] = [];
  for (let timer = queue.popDue(untilMs); timer !== undefined; timer = queue.popDue(untilMs)) {
    timers.push(timer);
  }
  return timers;
}

test('timers come out in the order of their instants', () => {
  const queue = new TimerQueue();
  for (const atMs of [5, 1, 3, 2, 4]) queue.add(atMs, nothing);
  expect(drain(queue).map(({ atMs }) => atMs)).toEqual([1, 2, 3, 4, 5]);
});

test('timers of one instant keep the order in which they were set', () => {
  const queue = new TimerQueue();
  const set = Array.from({ length: 100 }, (_, i) => queue.add(i % 2, nothing));
  const byInstant = [...set.filter((t) => t.atMs === 0), ...set.filter((t) => t.atMs === 1)];
  expect(drain(queue)).toEqual(byInstant);
});

test('nothing is popped before it is due', () => {
  const queue = new TimerQueue();
  const timer = queue.add(10, nothing);
  expect(queue.popDue(9.999)).toBeUndefined();
  expect(queue.popDue(10)).toBe(timer);
  expect(queue.popDue(Infinity)).toBeUndefined();
});

test('a cancelled timer never comes out, and is not the head', () => {
  const queue = new TimerQueue();
  const first = queue.add(1, nothing);
  const second = queue.add(2, nothing);
  queue.cancel(first);
  expect(queue.head).toBe(second);
  expect(drain(queue)).toEqual([second]);
});

test('cancelling twice, or after a timer fired, changes nothing', () => {
  const queue = new TimerQueue();
  const timers = Array.from({ length: 200 }, (_, i) => queue.add(i, nothing));
  const fired = drain(queue, 49);
  for (const timer of fired) queue.cancel(timer);
  for (const timer of timers.slice(100)) {
    queue.cancel(timer);
    queue.cancel(timer);
  }
  expect(drain(queue)).toEqual(timers.slice(50, 100));
  expect(Reflect.get(queue, 'cancelledCount')).toBe(0);
});

test('cancelled timers do not pile up', () => {
  const queue = new TimerQueue();
  queue.add(1e9, nothing);
  for (let i = 0; i < 10_000; i++) queue.cancel(queue.add(1e6 + i, nothing));
  const heap = Reflect.get(queue, 'heap') as readonly Timer[];
  expect(heap.length).toBeLessThan(200);
});

for (const seed of [1, 2, 3, 4, 5]) {
  test(`the heap does what a sorted list does, whatever is added and cancelled (${seed})`, () => {
    const key = drawKey(seed, 'timers');
    const [what, when, which] = [purpose('what'), purpose('when'), purpose('which')];
    const queue = new TimerQueue();
    let sorted: Timer[] = [];
    const ours: Timer[] = [];
    const theirs: Timer[] = [];
    let nowMs = 0;
    for (let step = 0; step < 5000; step++) {
      const drawn = uniform(key, step, what);
      if (drawn < 0.5) {
        sorted.push(queue.add(nowMs + integerBelow(50, key, step, when), nothing));
      } else if (drawn < 0.85) {
        const timer = sorted[integerBelow(Math.max(1, sorted.length), key, step, which)];
        if (timer === undefined) continue;
        queue.cancel(timer);
        sorted = sorted.filter((other) => other !== timer);
      } else {
        nowMs += integerBelow(5, key, step, when);
        ours.push(...drain(queue, nowMs));
        const due = sorted.filter(({ atMs }) => atMs <= nowMs);
        theirs.push(...due.sort((a, b) => a.atMs - b.atMs || a.order - b.order));
        sorted = sorted.filter(({ atMs }) => atMs > nowMs);
      }
    }
    expect(ours.length).toBeGreaterThan(300);
    expect(ours.map(({ order }) => order)).toEqual(theirs.map(({ order }) => order));
  });
}
