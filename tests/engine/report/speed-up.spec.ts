import { expect, test } from '@playwright/test';
import { speedUpText } from '../../../load/report/speed-up.ts';
import { makeResult, repeat } from '../budgets/make-result.ts';

/** So many requests in the one second of the load. */
function load(perSecond: number, others = {}) {
  return makeResult({ intervals: [{ series: [{ okMs: repeat(10, perSecond), others }] }] });
}

test('is the ratio of what ended ok per second', () => {
  expect(speedUpText(load(50), load(1010, { failed: 500 }))).toBe(
    '20.2× (50.0 requests/s alone, 1010.0 with 5 users)',
  );
});

test('is unknown where nothing ended ok', () => {
  for (const [alone, together] of [
    [load(0, { failed: 10 }), load(100)],
    [load(50), load(0, { failed: 10 })],
    [load(0), load(100)],
  ] as const) {
    expect(speedUpText(alone, together)).toContain('unknown');
  }
});
