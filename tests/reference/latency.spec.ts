import { expect, test } from '@playwright/test';
import { latencyModel } from '../../fixtures/reference/latency.ts';

const table = {
  chat: { computeMedianMs: 120, holdMedianMs: 8, sigma: 0.3 },
  xp: { computeMedianMs: 0, holdMedianMs: 6, sigma: 0.3 },
};
const usual = () => 1;

function sortedComputeMs(count: number, seed: number): number[] {
  const draw = latencyModel(table, seed, usual);
  return Array.from({ length: count }, () => draw('chat').computeMs).sort((a, b) => a - b);
}

test('the draws have the stated median and spread', () => {
  const computeMs = sortedComputeMs(20_001, 7);
  // Seeded, so exact for ever; the tolerances are several standard errors of the quantiles.
  expect(computeMs[10_000]! / 120).toBeCloseTo(1, 1);
  expect(computeMs[19_000]! / computeMs[10_000]!).toBeCloseTo(Math.exp(1.645 * 0.3), 1);
  expect(computeMs[1000]! / computeMs[10_000]!).toBeCloseTo(Math.exp(-1.645 * 0.3), 1);
});

test('a seed gives the same draws again, another seed others', () => {
  expect(sortedComputeMs(50, 1)).toEqual(sortedComputeMs(50, 1));
  expect(sortedComputeMs(50, 1)).not.toEqual(sortedComputeMs(50, 2));
});

test('a task that computes nothing draws nothing', () => {
  const { computeMs, holdMs } = latencyModel(table, 1, usual)('xp');
  expect(computeMs).toBe(0);
  expect(holdMs).toBeGreaterThan(0);
});

test('the factor multiplies both times of its task and leaves the draws as they were', () => {
  const slow = latencyModel(table, 1, (task) => (task === 'chat' ? 2 : 1));
  const fast = latencyModel(table, 1, usual);
  const [slowChat, chat] = [slow('chat'), fast('chat')];
  expect(slowChat).toEqual({ computeMs: 2 * chat.computeMs, holdMs: 2 * chat.holdMs });
  expect(slow('xp')).toEqual(fast('xp'));
});
