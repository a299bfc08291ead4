import { expect, test } from '@playwright/test';
import { wasOnlyDisturbed } from '../../../load/budgets/judged-load.ts';
import { budget, makeLoad, repeat, type MadeInterval, type MadeResult } from './make-result.ts';

const calm: MadeInterval = { series: [{ okMs: repeat(100, 100) }] };
const stalled: MadeInterval = {
  ...calm,
  generator: { loopStalls: [{ atMs: 500, durationMs: 1500 }] },
};
const budgets = [budget('p95', '< 200 ms')];
const intervals = [calm, stalled];
const error = { kind: 'generator', count: 1, firstMs: 0, lastMs: 0, sample: 'EMFILE' };

const rows: readonly (readonly [what: string, isRepeated: boolean, made: MadeResult])[] = [
  ['undisturbed', false, { budgets, intervals: [calm, calm] }],
  ['disturbed, and its budgets held', true, { budgets, intervals }],
  ['a latency was over its limit', false, { budgets: [budget('p95', '< 50 ms')], intervals }],
  [
    'half of the answers failed',
    false,
    { budgets, intervals: [calm, { ...stalled, series: [{ others: { failed: 100 } }] }] },
  ],
  [
    'nothing ended ok',
    false,
    {
      budgets: [budget('errorRate', '<= 100 %')],
      intervals: [{ ...stalled, series: [{ others: { failed: 100 } }] }],
    },
  ],
  [
    'the system was not healthy afterwards',
    false,
    { budgets, intervals, end: { healthAfter: { ok: false, detail: 'status 503' } } },
  ],
  ['it was interrupted', false, { budgets, intervals, end: { cause: 'interrupted' } }],
  ['its log breaks off', false, { budgets, intervals, end: false }],
  ['its accounting does not add up', false, { budgets, intervals, end: { scheduled: 1 } }],
  [
    'descriptors ran out, too',
    false,
    { budgets, intervals: [calm, { ...stalled, series: [{ okMs: [100], errors: [error] }] }] },
  ],
  [
    'the generator was busy all the time, too',
    false,
    { budgets, intervals: repeat({ ...stalled, generator: { utilisation: 1 } }, 3) },
  ],
  ['it was a slice', false, { budgets, intervals, plan: { slice: { index: 1, count: 2 } } }],
];

for (const [what, isRepeated, made] of rows) {
  test(`${what}: ${isRepeated ? 'measured again' : 'it stands'}`, () => {
    expect(wasOnlyDisturbed(makeLoad(made))).toBe(isRepeated);
  });
}
