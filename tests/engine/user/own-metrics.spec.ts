import { expect, test } from '@playwright/test';
import { outcomesOf } from '../../../load/metrics/result/select.ts';
import { recordValue } from '../../../load/user/record-value.ts';
import { observe } from '../../../load/budgets/observe/observe.ts';
import { budget } from '../budgets/make-result.ts';
import { resultOf, seriesOf } from './one-user.ts';

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
    counters: { tokens: 28 },
    gauges: { depth: 3 },
    rates: { hit: { hits: 4, total: 4 } },
  });
  expect(series?.trends.get('batch')?.toData()).toMatchObject({ count: 4, max: 2.5 });
});

for (const [unit, value, text] of [
  ['B', 10_000_000, 10_000_000],
  ['us', 10_000_000, 10_000],
  ['$', 0.0004, 0.0004],
  ['points of credit', -5, -5],
] as const) {
  test(`a trend of ${value} ${unit} is told as that`, async () => {
    const metrics = { own: { kind: 'trend', unit } } as const;
    const result = await resultOf(
      async ({ measure, pass, record }) => {
        await measure('chat', () => pass(25));
        record('own', value * 0.7);
        record('own', value);
        record('own', value * 1.3);
      },
      { metrics },
    );
    for (const statistic of ['p50', 'avg']) {
      const { value: told } = observe(result, budget(`own.${statistic}`, '> 0', {}, metrics));
      expect(Math.abs(told! / text - 1)).toBeLessThan(0.001);
    }
  });
}

test('what is recorded counts under the name and the labels of the request just answered', async () => {
  const metrics = { good: { kind: 'rate', over: 'scheduled' }, size: { kind: 'trend' } } as const;
  const result = await resultOf(
    async ({ measure, pass, record, label }) => {
      label('turn', 1);
      await measure('ask', () => pass(25));
      record('good', 1);
      record('size', -3);
      await measure('ask', () => Promise.reject(new Error('no')));
    },
    { metrics },
  );
  for (const key of ['good', 'good{turn=1}', 'good{request=ask}']) {
    const share = observe(result, budget(key, '> 99 %', {}, metrics));
    expect(share).toMatchObject({ value: 0.5, samples: 8 });
  }
  expect(seriesOf(result, 'ask')?.trends.get('size')?.count).toBe(4);
  expect(seriesOf(result, 'chat')).toBeUndefined();
});

test('a label is a text: a number becomes one, and anything else fails the iteration in words', async () => {
  const result = await resultOf(async ({ measure, pass, label }) => {
    label('turn', 2);
    await measure('chat', () => pass(25));
    label('model', { name: 'small' } as unknown as string);
  });
  const { labels, outcomes, errors } = seriesOf(result, 'chat')!;
  expect(labels).toEqual({ turn: '2' });
  expect(outcomes).toEqual({ failed: 4 });
  expect(errors[0]?.sample).toContain(
    'label "model": { name: \'small\' }; accepted: a text or a number',
  );
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

test('a metric that was not declared is told with those that were', () => {
  const bufferOf = (): never => {
    throw new Error('nothing is recorded');
  };
  const metrics = { tokens: { kind: 'counter' }, cost: { kind: 'trend' } } as const;
  expect(() => {
    recordValue(metrics, 'tokns', 1, bufferOf);
  }).toThrow(
    '"tokns" is not declared by the user, did you mean "tokens"?; metrics of this user: tokens, cost',
  );
  expect(() => {
    recordValue({}, 'cost', 1, bufferOf);
  }).toThrow('"cost" is not declared by the user; metrics of this user: none');
});

test('a difference follows from two others, and is not recorded', async () => {
  const metrics = {
    hit: { kind: 'rate' },
    gap: { kind: 'difference', of: ['hit', 'errorRate'] },
  } as const;
  const result = await resultOf(
    ({ record }) => {
      record('gap', 1);
    },
    { metrics },
  );
  const [error] = result.series.flatMap(({ errors }) => errors);
  expect(error?.sample).toContain('"gap" follows from two others');
});
