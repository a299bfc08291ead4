import { expect, test } from '@playwright/test';
import { outcomesOf } from '../../../load/metrics/result/select.ts';
import { datasetOf } from '../../../load/user/dataset.ts';
import { resultOf, seriesOf, type Context } from './one-user.ts';

test('an iteration may send several requests, each counted by its name', async () => {
  const result = await resultOf(async ({ measure, pass }) => {
    await measure('first', () => pass(10));
    await measure('second', () => pass(15));
  });
  expect(seriesOf(result, 'first')?.trends.get('responseTime')?.max).toBe(10_000);
  expect(seriesOf(result, 'second')?.trends.get('responseTime')?.max).toBe(15_000);
  expect(seriesOf(result, 'second')?.outcomes).toEqual({ ok: 4 });
});

test('a request after a wait is due when the wait ends', async () => {
  const result = await resultOf(async ({ measure, pass, wait }) => {
    await measure('first', () => pass(10));
    await wait(5);
    await measure('second', () => pass(15));
  });
  expect(seriesOf(result, 'second')?.trends.get('responseTime')?.max).toBe(15_000);
  expect(seriesOf(result, 'second')?.trends.get('scheduleLag')?.max).toBe(0);
});

test('a request that rejects has failed, and ends the iteration unless the task catches it', async () => {
  const result = await resultOf(async ({ measure, pass }) => {
    await measure('broken', async () => {
      await pass(10);
      throw new Error('bad answer');
    });
    await measure('never', () => pass(10));
  });
  expect(seriesOf(result, 'broken')?.outcomes).toMatchObject({ failed: 4 });
  expect(seriesOf(result, 'broken')?.errors[0]).toMatchObject({ sample: 'Error: bad answer' });
  expect(seriesOf(result, 'never')).toBeUndefined();
});

test('a request that throws before its first wait counts once', async () => {
  const result = await resultOf(async ({ measure, pass }) => {
    await pass(10);
    await measure('broken', () => {
      throw new Error('at once');
    });
  });
  expect(outcomesOf(result.series)).toEqual({ failed: 4 });
  expect(result.sent).toBe(4);
});

test('a request that outlives its deadline is a timeout, and its answer comes too late', async () => {
  const result = await resultOf(
    async ({ measure, pass }) => {
      await measure('slow', () => pass(40));
    },
    {},
    '30ms',
  );
  expect(seriesOf(result, 'slow')?.outcomes).toEqual({ timeout: 4 });
  expect(outcomesOf(result.series).ok).toBeUndefined();
});

test('an answer that is read in the turn of its deadline is an answer', async () => {
  const result = await resultOf(
    async ({ measure, pass }) => {
      await measure('just', () => pass(30));
    },
    {},
    '30ms',
  );
  expect(seriesOf(result, 'just')?.outcomes).toEqual({ ok: 4 });
  expect(seriesOf(result, 'just')?.trends.get('responseTime')?.max).toBe(30_000);
});

test('a task may declare the request just answered failed', async () => {
  const result = await resultOf(async ({ measure, pass, fail }) => {
    await measure('chat', () => pass(25));
    fail('the answer makes no sense');
  });
  expect(seriesOf(result, 'chat')?.outcomes).toEqual({ failed: 4 });
  expect(seriesOf(result, 'chat')?.errors[0]).toMatchObject({
    kind: 'task',
    sample: 'the answer makes no sense',
  });
});

test('what a task throws counts against it once, not again for the request before', async () => {
  const result = await resultOf(async ({ measure, pass }) => {
    await measure('chat', () => pass(25));
    throw new TypeError('no such field');
  });
  expect(seriesOf(result, 'chat')?.outcomes).toEqual({ failed: 4 });
  expect(seriesOf(result, 'chat')?.errors[0]?.sample).toBe('TypeError: no such field');
});

test('a label holds for the request just answered and those that follow in the iteration', async () => {
  const result = await resultOf(async ({ measure, pass, label }) => {
    await measure('before', () => pass(10));
    await measure('asked', () => pass(10));
    label('model', 'small');
    await measure('after', () => pass(10));
  });
  expect(seriesOf(result, 'before')?.labels).toEqual({});
  expect(seriesOf(result, 'asked')?.labels).toEqual({ model: 'small' });
  expect(seriesOf(result, 'after')?.labels).toEqual({ model: 'small' });
});

test('draws of onStart are not those of the first iteration', async () => {
  const draws: number[] = [];
  await resultOf(
    async ({ pass, random }) => {
      draws.push(random(), random());
      await pass(30);
    },
    { onStart: ({ random }) => void draws.push(random(), random()) },
  );
  expect(draws.length).toBeGreaterThan(6);
  expect(new Set(draws).size).toBe(draws.length);
});

test('state is the user’s own', async () => {
  const seen: unknown[] = [];
  await resultOf(
    async (context) => {
      const state = context.state as { turns: number };
      seen.push((state.turns += 1));
      await context.pass(30);
    },
    { onStart: () => ({ turns: 0 }) },
  );
  expect(seen).toEqual([1, 2, 3, 4]);
});

test('rows come from the user’s dataset, and there is none without', async () => {
  const rows: unknown[] = [];
  const task = async ({ data, pass }: Context): Promise<void> => {
    await pass(30);
    rows.push(data.next());
  };
  await resultOf(task, { data: datasetOf('two', 'circular', ['a', 'b']) });
  expect(rows).toEqual(['a', 'b', 'a', 'b']);
  const without = await resultOf(task);
  expect(without.series[0]?.errors[0]?.sample).toContain('has no dataset');
});

test('a request that waits for its next step when the load ends is interrupted, not failed', async () => {
  const result = await resultOf(async ({ measure, pass, wait }) => {
    await measure('polled', async () => {
      await pass(20);
      await wait('10s');
    });
  });
  expect(seriesOf(result, 'polled')?.outcomes).toEqual({ interrupted: 1 });
});
