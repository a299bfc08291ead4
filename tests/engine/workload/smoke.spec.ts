import { expect, test } from '@playwright/test';
import { between } from '../../../load/workload/think-time.ts';
import { smoke } from '../../../load/workload/smoke.ts';

test('a smoke is 10 users for 8 s who think twenty times as fast, too short on purpose', () => {
  expect(smoke({ thinkTime: between('5s', '15s') })).toMatchObject({
    isShortened: true,
    level: '10-users',
    thinkTime: between(250, 750),
    segments: [
      { endMs: 1000, to: 10 },
      { endMs: 8000, to: 10 },
    ],
  });
});
