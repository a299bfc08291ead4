import { expect, test } from '@playwright/test';
import { Backlog } from '../../../load/executors/backlog.ts';

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
