import { expect, test } from '@playwright/test';
import { Batcher } from '../../fixtures/reference/batcher.ts';

/** So long that no pause of a busy machine sends an incomplete batch. */
const longWaitMs = 600_000;

function recording(
  maxSize: number,
  maxWaitMs: number,
  run?: (items: readonly number[]) => Promise<void>,
) {
  const batches: (readonly number[])[] = [];
  let running = 0;
  let mostRunning = 0;
  const batcher = new Batcher<number, string>({
    maxSize,
    maxWaitMs,
    run: async (items) => {
      batches.push(items);
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await (run?.(items) ?? new Promise((resolve) => setImmediate(resolve)));
      running -= 1;
      return items.map((item) => `#${item}`);
    },
  });
  return { batcher, batches, mostRunning: () => mostRunning };
}

test('a full batch leaves at once, the rest with the next, and each gets its own result', async () => {
  const { batcher, batches } = recording(3, longWaitMs);
  const results = [0, 1, 2, 3, 4].map((item) => batcher.add(item));
  expect(batches).toEqual([[0, 1, 2]]);
  expect(batcher.waiting).toBe(2);
  results.push(batcher.add(5));
  expect(await Promise.all(results)).toEqual(['#0', '#1', '#2', '#3', '#4', '#5']);
  expect(batches).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ]);
});

test('what is not full waits for more', async () => {
  const { batcher, batches } = recording(2, longWaitMs);
  const first = batcher.add(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(batches).toEqual([]);
  const second = batcher.add(1);
  await Promise.all([first, second]);
  expect(batches).toEqual([[0, 1]]);
});

test('what never fills a batch leaves once it has waited long enough', async () => {
  const { batcher, batches } = recording(2, 5);
  expect(await batcher.add(0)).toBe('#0');
  expect(batches).toEqual([[0]]);
});

test('batches run one at a time, however many wait', async () => {
  const { batcher, batches, mostRunning } = recording(2, longWaitMs);
  await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((item) => batcher.add(item)));
  expect(batches.map(({ length }) => length)).toEqual([2, 2, 2, 2]);
  expect(mostRunning()).toBe(1);
});

test('a batch that fails fails its own items only', async () => {
  const { batcher } = recording(2, longWaitMs, (items) =>
    items.includes(0) ? Promise.reject(new Error('out of memory')) : Promise.resolve(),
  );
  const settled = await Promise.allSettled([0, 1, 2, 3].map((item) => batcher.add(item)));
  expect(settled.map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
});
