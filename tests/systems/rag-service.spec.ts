import { arrivals, custom, expect, noThinkTime, settings, smoke, test, users } from 'loadwright';
import { ragServiceUser } from '../../load/systems/rag-service/rag-service.ts';

// No other test of the same run disturbs a load.
test.describe.configure({ lock: '-exclusive-' });

const common = { vectorTimeoutRate: '< 0.1 %', errorRate: '< 1 %' } as const;
const query = { p95: '< 3 s' } as const;
const index = { p95: '< 5 s' } as const;
const fewUsers = { ...common, tasks: { query } };
const manyUsers = { ...common, tasks: { query, 'index documents': index } };

test('answers every task', { tag: '@smoke' }, async ({ runLoad }) => {
  const result = await runLoad(ragServiceUser, smoke(ragServiceUser), { budgets: fewUsers });
  expect(result).toMeetBudget();
});

test('serves a single user without pause', { tag: '@baseline' }, async ({ runLoad }) => {
  const load = users({ count: 1, spawnRate: 1, duration: '5m', thinkTime: noThinkTime });
  const result = await runLoad(ragServiceUser, load, { budgets: { errorRate: '< 1 %' } });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('holds 5 users', { tag: '@progressive' }, async ({ runLoad }) => {
  const load = users({ count: 5, spawnRate: 1, duration: '5m' });
  const result = await runLoad(ragServiceUser, load, { budgets: fewUsers });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

for (const [count, spawnRate] of [
  [25, 3],
  [50, 5],
] as const) {
  test(`holds ${count} users`, { tag: '@progressive' }, async ({ runLoad }) => {
    const load = users({ count, spawnRate, duration: '5m' });
    const result = await runLoad(ragServiceUser, load, { budgets: manyUsers });
    expect.soft(result).toMeetBudget();
    expect(result).toMatchBaseline();
  });
}

test('takes what 5 users send as it comes', { tag: '@arrival' }, async ({ runLoad }) => {
  // 5 users who think for 5.5 s on average and wait for about half a second.
  const load = arrivals({ rate: '0.8/s', duration: '5m' });
  const result = await runLoad(ragServiceUser, load, { budgets: fewUsers });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('takes a load of your own shape', { tag: '@custom' }, async ({ runLoad }) => {
  const result = await runLoad(ragServiceUser, custom(settings()));
  expect(result).toMeetBudget();
});

test('is no slower than its base', { tag: '@pair' }, async ({ comparePair }) => {
  const load = users({ count: 2, spawnRate: 4, duration: '15s', thinkTime: noThinkTime });
  const pair = await comparePair(ragServiceUser, load);
  expect(pair).toBeNoSlowerThan({ p50: '10 %', p95: '10 %', errorRate: '0.5 points' });
});
