import { arrivals, custom, expect, noThinkTime, settings, smoke, test, users } from 'loadwright';
import { mcpServerUser } from '../../load/systems/mcp-server/mcp-server.ts';
import { mcpSettings } from '../../load/systems/mcp-server/settings.ts';
import { sandboxProbesUser } from '../../load/systems/mcp-server/probes-user.ts';

// No other test of the same run disturbs a load.
test.describe.configure({ lock: '-exclusive-' });

const server = mcpSettings(process.env);
const user = mcpServerUser(server);
const budgets = { p95: '< 5 s', errorRate: '< 1 %', toolSuccessRate: '> 99 %' };

test('answers every tool', { tag: '@smoke' }, async ({ runLoad }) => {
  expect(await runLoad(user, smoke(user), { budgets })).toMeetBudget();
});

test('serves one user without a pause', { tag: '@baseline' }, async ({ runLoad }) => {
  const load = users({ count: 1, spawnRate: 1, duration: '3m', thinkTime: noThinkTime });
  const result = await runLoad(user, load, { budgets: { errorRate: '< 1 %' } });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

for (const [count, spawnRate] of [
  [5, 1],
  [20, 2],
] as const) {
  test(`holds ${count} users`, { tag: '@progressive' }, async ({ runLoad }) => {
    const load = users({ count, spawnRate, duration: '5m' });
    const probes = {
      name: 'probes',
      user: sandboxProbesUser(server),
      workload: arrivals({ rate: '4/s', duration: '5m' }),
    };
    const result = await runLoad(user, load, {
      budgets: { ...budgets, sandboxViolations: '= 0' },
      background: [probes],
    });
    expect.soft(result).toMeetBudget();
    expect(result).toMatchBaseline();
  });
}

test('takes what 5 users send as it comes', { tag: '@arrival' }, async ({ runLoad }) => {
  // 5 users who think 4 s, and hardly wait for an answer.
  const load = arrivals({ rate: '1.25/s', duration: '5m', process: 'poisson' });
  const result = await runLoad(user, load, { budgets });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('takes a load of your own shape', { tag: '@custom' }, async ({ runLoad }) => {
  expect(await runLoad(user, custom(settings()))).toMeetBudget();
});

test('is no slower than its base', { tag: '@pair' }, async ({ comparePair }) => {
  const load = users({ count: 1, spawnRate: 2, duration: '15s', thinkTime: noThinkTime });
  const pair = await comparePair(user, load);
  expect(pair).toBeNoSlowerThan({ p50: '10 %', p95: '10 %', errorRate: '0.5 points' });
});
