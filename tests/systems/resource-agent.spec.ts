import {
  arrivals,
  custom,
  expect,
  noThinkTime,
  type RunLoad,
  settings,
  smoke,
  spike,
  stages,
  test,
  users,
} from 'loadwright';
import { resourceAgentUser } from '../../load/systems/resource-agent.ts';

// No other test of the same run disturbs a load.
test.describe.configure({ lock: '-exclusive-' });

/** Budgets by task at every level that must not degrade. */
const usualTasks = {
  'system metrics': { p95: '< 500 ms' },
  analysis: { p95: '< 2 s' },
  'lmcache status': { p95: '< 200 ms' },
} as const;
const withHealth = { health: { p95: '< 50 ms' }, ...usualTasks } as const;
const tasks = resourceAgentUser.health === undefined ? usualTasks : withHealth;

/** In `heavy` and below. */
const withRoom = { targetCpuPeak: { limit: '< 80 %', whereReported: true } } as const;

/** No degradation, from minute to minute. */
const steadily = {
  'rise.p95': '< 10 %',
  'rise.targetMemory': { limit: '< 5 %', whereReported: true },
  'rise.targetDescriptors': { limit: '< 10 %', whereReported: true },
} as const;

const quick = { avg: '< 200 ms', p95: '< 500 ms', errorRate: '< 0.1 %', tasks } as const;
const usual = { avg: '< 500 ms', p95: '< 1.5 s', errorRate: '< 0.5 %', tasks } as const;
const heavy = {
  throughput: '> 80 /s',
  avg: '< 1 s',
  p95: '< 2.5 s',
  errorRate: '< 1 %',
  tasks,
  ...withRoom,
} as const;
const light = { ...quick, ...withRoom, throughput: '> 10 /s' } as const;
const medium = { ...usual, ...withRoom, throughput: '> 40 /s' } as const;
const lasting = { ...quick, ...withRoom, ...steadily, throughput: '> 20 /s' } as const;

const levels = [
  ['light', { count: 10, spawnRate: 2, duration: '1m' }, light],
  ['medium', { count: 50, spawnRate: 5, duration: '2m' }, medium],
  ['heavy', { count: 100, spawnRate: 10, duration: '2m' }, heavy],
  ['baseline', { count: 30, spawnRate: 3, duration: '5m' }, { ...medium, throughput: '> 24 /s' }],
  ['peak', { count: 100, spawnRate: 10, duration: '3m' }, heavy],
  ['endurance', { count: 20, spawnRate: 2, duration: '30m' }, lasting],
] as const;

test('answers every task', { tag: '@smoke' }, async ({ runLoad }) => {
  const result = await runLoad(resourceAgentUser, smoke(resourceAgentUser), { budgets: light });
  expect(result).toMeetBudget();
});

for (const [name, options, budgets] of levels) {
  const { count, duration } = options;
  test(`holds ${count} users for ${duration}`, { tag: `@${name}` }, async ({ runLoad }) => {
    const result = await runLoad(resourceAgentUser, users(options), { budgets });
    expect.soft(result).toMeetBudget();
    expect(result).toMatchBaseline();
  });
}

test('bends under 200 users and recovers', { tag: '@stress' }, async ({ runLoad }) => {
  const load = users({ count: 200, spawnRate: 20, duration: '2m' });
  const result = await runLoad(resourceAgentUser, load, {
    budgets: { throughput: '> 100 /s', avg: '< 2 s', p95: '< 5 s', errorRate: '< 5 %' },
  });
  expect.soft(result).toMeetBudget();
  expect.soft(result).toMatchBaseline();
  await recovers(runLoad);
});

test('takes 150 users in 3 s and recovers', { tag: '@spike' }, async ({ runLoad }) => {
  const load = spike({ count: 150, spawnRate: 50, duration: '2m' });
  const result = await runLoad(resourceAgentUser, load, {
    budgets: { throughput: '> 75 /s', p95: '< 5 s', errorRate: '< 5 %' },
  });
  expect.soft(result).toMeetBudget();
  expect.soft(result).toMatchBaseline();
  await recovers(runLoad);
});

test('takes what 10 users send as it comes', { tag: '@arrival' }, async ({ runLoad }) => {
  // 10 users who think for 0.6 s on average and wait for some 25 ms.
  const load = arrivals({ rate: '16/s', duration: '1m' });
  const result = await runLoad(resourceAgentUser, load, { budgets: light });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('takes a load of your own shape', { tag: '@custom' }, async ({ runLoad }) => {
  const result = await runLoad(resourceAgentUser, custom(settings()));
  expect(result).toMeetBudget();
});

/** After the drain a few users are served as quickly as before the load. */
async function recovers(runLoad: RunLoad): Promise<void> {
  const load = stages([{ users: 10, duration: '10s' }], { from: 10 });
  const budgets = { p95: light.p95 };
  const result = await runLoad(resourceAgentUser, load, { as: 'recovery', budgets });
  expect(result).toMeetBudget();
}

test('is no slower than its base', { tag: '@pair' }, async ({ comparePair }) => {
  const load = users({ count: 2, spawnRate: 4, duration: '15s', thinkTime: noThinkTime });
  const pair = await comparePair(resourceAgentUser, load);
  expect(pair).toBeNoSlowerThan({ p50: '10 %', p95: '10 %', errorRate: '0.5 points' });
});
