import { arrivals, custom, expect, noThinkTime, settings, smoke, test, users } from 'loadwright';
import {
  apiGatewayUser,
  conversationUser,
  streamingUser,
} from '../../load/systems/api-gateway/api-gateway.ts';

// No other test of the same run disturbs a load.
test.describe.configure({ lock: '-exclusive-' });

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
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('holds 10 users', { tag: '@progressive' }, async ({ runLoad }) => {
  const load = users({ count: 10, spawnRate: 1, duration: '5m' });
  const result = await runLoad(apiGatewayUser, load, {
    budgets: { p95: '< 2 s', errorRate: '< 1 %' },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('holds 50 users', { tag: '@progressive' }, async ({ runLoad }) => {
  const load = users({ count: 50, spawnRate: 5, duration: '5m' });
  const result = await runLoad(apiGatewayUser, load, {
    budgets: { p95: '< 2 s', errorRate: '< 1 %' },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('holds 100 users', { tag: '@progressive' }, async ({ runLoad }) => {
  const load = users({ count: 100, spawnRate: 10, duration: '5m' });
  const result = await runLoad(apiGatewayUser, load, {
    budgets: { p95: '< 2 s', errorRate: '< 1 %', throughput: '> 10 /s' },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('streams to 20 users', { tag: '@streaming' }, async ({ runLoad }) => {
  const load = users({ count: 20, spawnRate: 2, duration: '2m' });
  const result = await runLoad(streamingUser, load, {
    budgets: {
      'ttft.p95': '< 1 s',
      'interToken.p95': '< 100 ms',
      goodput: '> 95 %',
      errorRate: '< 1 %',
    },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('holds conversations of several turns', { tag: '@conversation' }, async ({ runLoad }) => {
  const load = users({ count: 10, spawnRate: 1, duration: '3m' });
  const result = await runLoad(conversationUser, load, {
    budgets: {
      'ttft.p95': '< 1 s',
      'interToken.p95': '< 100 ms',
      // Turns that every conversation has; there are too few later ones for a p95.
      'ttft.p95{turn=1}': '< 1 s',
      'interToken.p95{turn=1}': '< 100 ms',
      'goodput{turn=1}': '> 95 %',
      'errorRate{turn=1}': '< 1 %',
      'ttft.p95{turn=2}': '< 1 s',
      'interToken.p95{turn=2}': '< 100 ms',
      'goodput{turn=2}': '> 95 %',
      'errorRate{turn=2}': '< 1 %',
      'ttft.p95{turn=3}': '< 1 s',
      'interToken.p95{turn=3}': '< 100 ms',
      'goodput{turn=3}': '> 95 %',
      'errorRate{turn=3}': '< 1 %',
      goodput: '> 95 %',
      errorRate: '< 1 %',
    },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('takes what 10 users send as it comes', { tag: '@arrival' }, async ({ runLoad }) => {
  // 10 users who think 3.5 s and wait about 0.7 s for an answer.
  const load = arrivals({ rate: '2.4/s', duration: '5m', process: 'poisson' });
  const result = await runLoad(apiGatewayUser, load, {
    budgets: { p95: '< 2 s', errorRate: '< 1 %' },
  });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

test('takes a load of your own shape', { tag: '@custom' }, async ({ runLoad }) => {
  const user = settings().LOAD_STREAM ? streamingUser : apiGatewayUser;
  const result = await runLoad(user, custom(settings()));
  expect(result).toMeetBudget();
});

test('is no slower than its base', { tag: '@pair' }, async ({ comparePair }) => {
  const load = users({ count: 2, spawnRate: 4, duration: '15s', thinkTime: noThinkTime });
  const pair = await comparePair(apiGatewayUser, load);
  expect(pair).toBeNoSlowerThan({ p50: '10 %', p95: '10 %', errorRate: '0.5 points' });
});
