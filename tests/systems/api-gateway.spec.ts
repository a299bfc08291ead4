import { expect, test } from '../../fixtures/test.ts';
import { settings } from '../../load/settings.ts';
import { apiGatewayUser } from '../../load/systems/api-gateway.ts';
import { noThinkTime } from '../../load/think-time.ts';
import { custom } from '../../load/workload/custom.ts';
import { smoke } from '../../load/workload/smoke.ts';
import { users } from '../../load/workload/users.ts';

test('answers every task', { tag: '@smoke' }, async ({ runLoad }) => {
  const result = await runLoad(apiGatewayUser, smoke(apiGatewayUser), {
    budgets: { p95: '< 2 s', errorRate: '< 1 %' },
  });
  expect(result).toMeetBudget();
});

test('answers one user who never thinks', { tag: '@baseline' }, async ({ runLoad }) => {
  const load = users({ count: 1, spawnRate: 1, duration: '2m', thinkTime: noThinkTime });
  const result = await runLoad(apiGatewayUser, load, {
    budgets: { p95: '< 2 s', errorRate: '< 1 %' },
  });
  expect(result).toMeetBudget();
});

test('holds 10 users', { tag: '@progressive' }, async ({ runLoad }) => {
  const load = users({ count: 10, spawnRate: 1, duration: '5m' });
  const result = await runLoad(apiGatewayUser, load, {
    budgets: { p95: '< 2 s', errorRate: '< 1 %' },
  });
  expect(result).toMeetBudget();
});

test('holds 50 users', { tag: '@progressive' }, async ({ runLoad }) => {
  const load = users({ count: 50, spawnRate: 5, duration: '5m' });
  const result = await runLoad(apiGatewayUser, load, {
    budgets: { p95: '< 2 s', errorRate: '< 1 %' },
  });
  expect(result).toMeetBudget();
});

test('holds 100 users', { tag: '@progressive' }, async ({ runLoad }) => {
  const load = users({ count: 100, spawnRate: 10, duration: '5m' });
  const result = await runLoad(apiGatewayUser, load, {
    budgets: { p95: '< 2 s', errorRate: '< 1 %', throughput: '> 10 /s' },
  });
  expect(result).toMeetBudget();
});

test('takes a load of your own shape', { tag: '@custom' }, async ({ runLoad }) => {
  const result = await runLoad(apiGatewayUser, custom(settings()), {
    budgets: { p95: '< 2 s', errorRate: '< 1 %' },
  });
  expect(result).toMeetBudget();
});
