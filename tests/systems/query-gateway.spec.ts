import {
  arrivals,
  between,
  custom,
  expect,
  noThinkTime,
  settings,
  smoke,
  test,
  users,
} from 'loadwright';
import { queryGatewayUser } from '../../load/systems/query-gateway/query-gateway.ts';

// No other test of the same run disturbs a load.
test.describe.configure({ lock: '-exclusive-' });

const generalMix = { common: 4, unique: 6, health: 1, think: between('0.1s', '0.5s') };
const baselineMix = { common: 4, unique: 6, think: between('0.01s', '0.08s') };

test('answers every task', { tag: '@smoke' }, async ({ runLoad }) => {
  const user = queryGatewayUser(generalMix);
  const result = await runLoad(user, smoke(user, { timesAsFast: 1 }), {
    budgets: { p99: '< 100 ms', errorRate: '< 0.1 %' },
  });
  expect(result).toMeetBudget();
});

test('serves 50 users who ask some things twice', { tag: '@general' }, async ({ runLoad }) => {
  const load = users({ count: 50, spawnRate: 5, duration: '120s' });
  const result = await runLoad(queryGatewayUser(generalMix), load, {
    budgets: {
      p50: '< 30 ms',
      p95: '< 50 ms',
      p99: '< 100 ms',
      errorRate: '< 0.1 %',
      cacheHitRate: '> 30 %',
      cacheHitRateGap: '< 2 points',
      'p50{answered=before}': '< 5 ms',
    },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('serves 10 users', { tag: '@baseline' }, async ({ runLoad }) => {
  const load = users({ count: 10, spawnRate: 2, duration: '60s' });
  const result = await runLoad(queryGatewayUser(baselineMix), load, {
    budgets: { p99: '< 100 ms', errorRate: '< 0.1 %', throughput: '> 100 /s' },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('serves 50 users out of the cache', { tag: '@cache' }, async ({ runLoad }) => {
  const user = queryGatewayUser({ common: 1, think: between('0.05s', '0.2s') });
  const load = users({ count: 50, spawnRate: 10, duration: '60s' });
  const result = await runLoad(user, load, {
    budgets: { cacheHitRate: '> 90 %', p99: '< 5 ms', errorRate: '< 0.1 %' },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('serves 100 users in batches', { tag: '@batch' }, async ({ runLoad }) => {
  const user = queryGatewayUser({ unique: 1, think: between('0.01s', '0.05s') });
  const alone = await runLoad(
    user,
    users({ count: 1, spawnRate: 1, duration: '10s', thinkTime: noThinkTime }),
    { as: 'alone', budgets: { p99: '< 100 ms', errorRate: '< 0.1 %' } },
  );
  // Soft, so that the comparison is shown whatever the verdict.
  expect.soft(alone).toMeetBudget();
  const load = users({ count: 100, spawnRate: 20, duration: '120s' });
  const result = await runLoad(user, load, {
    comparedWith: alone,
    budgets: {
      averageBatchSize: '> 8',
      throughput: '> 500 /s',
      p99: '< 100 ms',
      errorRate: '< 0.1 %',
    },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('holds 200 users', { tag: '@stress' }, async ({ runLoad }) => {
  const user = queryGatewayUser({ common: 2, unique: 8, think: between('0.01s', '0.1s') });
  const load = users({ count: 200, spawnRate: 20, duration: '120s' });
  const result = await runLoad(user, load, {
    budgets: { errorRate: '< 0.1 %', throughput: '> 500 /s' },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('takes a load of your own shape', { tag: '@custom' }, async ({ runLoad }) => {
  const result = await runLoad(queryGatewayUser(generalMix), custom(settings()));
  expect(result).toMeetBudget();
});

test('takes arrivals as often as 10 users come', { tag: '@arrival' }, async ({ runLoad }) => {
  const load = arrivals({ rate: '150/s', duration: '60s' });
  const result = await runLoad(queryGatewayUser(baselineMix), load, {
    budgets: { p99: '< 100 ms', errorRate: '< 0.1 %', throughput: '> 100 /s' },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('is no slower than its base', { tag: '@pair' }, async ({ comparePair }) => {
  const load = users({ count: 4, spawnRate: 8, duration: '15s' });
  const user = queryGatewayUser({ unique: 1, think: between('0.01s', '0.05s') });
  const pair = await comparePair(user, load);
  expect(pair).toBeNoSlowerThan({ p50: '10 %', p95: '10 %', errorRate: '0.5 points' });
});
