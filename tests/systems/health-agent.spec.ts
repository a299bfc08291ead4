import {
  arrivals,
  custom,
  expect,
  noThinkTime,
  settings,
  smoke,
  spike,
  test,
  users,
} from 'loadwright';
import { healthAgentUser } from '../../load/systems/health-agent.ts';

// No other test of the same run disturbs a load.
test.describe.configure({ lock: '-exclusive-' });

test('answers every task', { tag: '@smoke' }, async ({ runLoad }) => {
  const result = await runLoad(healthAgentUser, smoke(healthAgentUser), {
    budgets: { p95: '< 3 s', errorRate: '< 1 %' },
  });
  expect(result).toMeetBudget();
});

test('answers 5 users who never think', { tag: '@baseline' }, async ({ runLoad }) => {
  const load = users({ count: 5, spawnRate: 1, duration: '3m', thinkTime: noThinkTime });
  const result = await runLoad(healthAgentUser, load, {
    budgets: { p95: '< 3 s', errorRate: '< 1 %' },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('holds 100 users', { tag: '@steady' }, async ({ runLoad }) => {
  const load = users({ count: 100, spawnRate: 10, duration: '10m' });
  const result = await runLoad(healthAgentUser, load, {
    budgets: {
      p95: '< 3 s',
      errorRate: '< 1 %',
      throughput: '> 8.3 /s',
      cacheHitRate: { limit: '> 70 %', last: '5m', whereReported: true },
      poolAvailable: { limit: '> 0', whereReported: true },
    },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('takes 200 users within a second', { tag: '@spike' }, async ({ runLoad }) => {
  const load = spike({ count: 200, spawnRate: 200, duration: '5m' });
  const result = await runLoad(healthAgentUser, load, {
    budgets: { p95: '< 5 s', errorRate: '< 5 %' },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('holds 50 users for an hour', { tag: '@endurance' }, async ({ runLoad }) => {
  const load = users({ count: 50, spawnRate: 5, duration: '60m' });
  const result = await runLoad(healthAgentUser, load, {
    budgets: {
      p95: '< 3 s',
      errorRate: '< 1 %',
      'rise.p95': '< 10 %',
      'rise.targetMemory': { limit: '< 5 %', whereReported: true },
      'rise.targetDescriptors': { limit: '< 10 %', whereReported: true },
    },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('takes what 50 users send as it comes', { tag: '@arrival' }, async ({ runLoad }) => {
  // 50 users who think for 10 s on average and hardly wait for an answer.
  const load = arrivals({ rate: '5/s', duration: '10m', process: 'poisson' });
  const result = await runLoad(healthAgentUser, load, {
    budgets: { p95: '< 3 s', errorRate: '< 1 %' },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('takes a load of your own shape', { tag: '@custom' }, async ({ runLoad }) => {
  const result = await runLoad(healthAgentUser, custom(settings()));
  expect(result).toMeetBudget();
});

test('is no slower than its base', { tag: '@pair' }, async ({ comparePair }) => {
  const load = users({ count: 2, spawnRate: 4, duration: '15s', thinkTime: noThinkTime });
  const pair = await comparePair(healthAgentUser, load);
  expect(pair).toBeNoSlowerThan({ p50: '10 %', p95: '10 %', errorRate: '0.5 points' });
});
