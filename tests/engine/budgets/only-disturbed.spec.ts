import { expect, test } from '@playwright/test';
import { wasOnlyDisturbed } from '../../../load/budgets/only-disturbed.ts';
import { budget, makeResult, repeat, type MadeInterval } from './make-result.ts';

const calm: MadeInterval = { series: [{ okMs: repeat(100, 100) }] };
const stalled: MadeInterval = {
  ...calm,
  generator: { loopStalls: [{ atMs: 500, durationMs: 1500 }] },
};
const wrong: MadeInterval = { ...stalled, series: [{ others: { failed: 100 } }] };
const budgets = [budget('p95', '< 200 ms')];

for (const [what, isRepeated, made] of [
  ['undisturbed', false, { budgets, intervals: [calm, calm] }],
  ['disturbed, and its budgets held', true, { budgets, intervals: [calm, stalled] }],
  [
    'disturbed, and a latency was over its limit',
    false,
    { budgets: [budget('p95', '< 50 ms')], intervals: [calm, stalled] },
  ],
  ['disturbed, and half of the answers failed', false, { budgets, intervals: [calm, wrong] }],
  [
    'disturbed, and nothing ended ok',
    false,
    { budgets: [budget('errorRate', '<= 100 %')], intervals: [wrong] },
  ],
] as const) {
  test(`${what}: ${isRepeated ? 'measured again' : 'it stands'}`, () => {
    // As it is asked, before the log has its end, and once it has one.
    expect(wasOnlyDisturbed(makeResult({ ...made, end: false }))).toBe(isRepeated);
    expect(wasOnlyDisturbed(makeResult(made))).toBe(isRepeated);
  });
}

test('an unhealthy system stands, however disturbed the load was', () => {
  const end = { healthAfter: { ok: false, detail: 'status 503' } };
  expect(wasOnlyDisturbed(makeResult({ budgets, intervals: [stalled], end }))).toBe(false);
});
