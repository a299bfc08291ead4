import { expect, test } from '@playwright/test';
import { pacing } from '../../../load/think-time.ts';
import { outcomesOf } from '../../../load/metrics/select.ts';
import type { Result, SeriesTotal } from '../../../load/metrics/result.ts';
import { datasetOf } from '../../../load/user/dataset.ts';
import type { TaskContext } from '../../../load/user/define-user.ts';
import { stages } from '../../../load/workload/stages.ts';
import { hangs, runVirtually, type VirtualLoad } from '../virtual-load.ts';

type Context = TaskContext<unknown, unknown, string> & {
  /** For the scripted system: resolves after so many ms. */
  readonly pass: (ms: number) => Promise<void>;
};
type User = Exclude<VirtualLoad['user'], ((...given: never) => unknown) | undefined>;

/** One user who runs one task four times: at 0, 300, 600 and 900 ms. */
async function resultOf(
  run: (context: Context) => Promise<void> | void,
  user: User = {},
  deadline = '30s',
): Promise<Result> {
  const { result } = await runVirtually({
    workload: stages([{ users: 1, duration: '1s' }], { from: 1, thinkTime: pacing('300ms') }),
    system: hangs,
    user: (clock) => {
      const pass = (ms: number): Promise<void> => clock.until(clock.now() + ms);
      const tasks = {
        chat: {
          deadline,
          run: (context: TaskContext<unknown, unknown, string>) => run({ ...context, pass }),
        },
      };
      return { tasks, ...user };
    },
  });
  return result;
}

function seriesOf(result: Result, request: string): SeriesTotal | undefined {
  return result.series.find((s) => s.request === request && s.phase === 'steady state');
}

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

test('a task may declare the request just answered failed', async () => {
  const result = await resultOf(async ({ measure, pass, fail }) => {
    await measure('chat', () => pass(25));
    fail('the answer makes no sense');
  });
  expect(seriesOf(result, 'chat')?.outcomes).toEqual({ failed: 4 });
  expect(seriesOf(result, 'chat')?.errors[0]).toMatchObject({
    ...{ kind: 'task', sample: 'the answer makes no sense' },
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

test('metrics of the user’s own are recorded by their kind', async () => {
  const metrics = {
    tokens: { kind: 'counter' },
    depth: { kind: 'gauge' },
    hit: { kind: 'rate' },
    batch: { kind: 'trend' },
  } as const;
  const result = await resultOf(
    async ({ measure, pass, record }) => {
      await measure('chat', () => pass(25));
      for (const [name, value] of [
        ['tokens', 7],
        ['depth', 3],
        ['hit', 1],
        ['batch', 2.5],
      ] as const) {
        record(name, value);
      }
    },
    { metrics },
  );
  const series = seriesOf(result, 'chat');
  expect(series).toMatchObject({
    ...{ counters: { tokens: 28 }, gauges: { depth: 3 }, rates: { hit: { hits: 4, total: 4 } } },
  });
  expect(series?.trends.get('batch')?.toData()).toMatchObject({ count: 4, max: 2500 });
});

test('a metric recorded after an answer belongs to the phase in which its request was due', async () => {
  const metrics = { hit: { kind: 'rate' } } as const;
  const result = await resultOf(
    async ({ measure, pass, record }) => {
      // The last answer comes at 1150 ms, when the load has been over for 150 ms.
      await measure('chat', () => pass(250));
      record('hit', 1);
    },
    { metrics },
  );
  expect(seriesOf(result, 'chat')?.rates).toEqual({ hit: { hits: 4, total: 4 } });
  expect(result.series.filter(({ phase }) => phase === 'drain')).toEqual([]);
});

test('a task that catches a failed request may still record', async () => {
  const metrics = { hit: { kind: 'rate' } } as const;
  const result = await resultOf(
    async ({ measure, record }) => {
      try {
        await measure('chat', () => Promise.reject(new Error('bad answer')));
      } catch (error) {
        record('hit', 0);
        throw error;
      }
    },
    { metrics },
  );
  const { outcomes, rates } = seriesOf(result, 'chat')!;
  expect(rates['hit']).toEqual({ hits: 0, total: outcomes.failed });
  expect(outcomes).toEqual({ failed: 4 });
});

for (const [what, name, value] of [
  ['was not declared', 'unknown', 1],
  ['is named like what every object has', 'toString', 1],
  ['has no number', 'tokens', NaN],
] as const) {
  test(`a metric that ${what} fails the iteration`, async () => {
    const result = await resultOf(
      async ({ measure, pass, record }) => {
        await measure('chat', () => pass(25));
        record(name, value);
      },
      { metrics: { tokens: { kind: 'counter' } } },
    );
    expect(outcomesOf(result.series)).toEqual({ failed: 4 });
  });
}

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
