import { expect, test } from '@playwright/test';
import { offsetOf } from '../../../load/slices/clock-offset.ts';

for (const [what, exchanges, expected] of [
  ['the same time', [[100, 102, 101]], { offsetMs: 0, roundTripMs: 2 }],
  ['ahead by 500 ms', [[600, 602, 101]], { offsetMs: 500, roundTripMs: 2 }],
  ['behind by 40 ms', [[60, 64, 102]], { offsetMs: -40, roundTripMs: 4 }],
  [
    'of several the shortest trip knows best',
    [
      [100, 180, 110],
      [200, 201, 200.5],
      [300, 340, 335],
    ],
    { offsetMs: 0, roundTripMs: 1 },
  ],
] as const) {
  test(what, () => {
    const asked = exchanges.map(([askedMs, answeredMs, theirsMs]) => ({
      askedMs,
      answeredMs,
      theirsMs,
    }));
    expect(offsetOf(asked)).toEqual(expected);
  });
}

test('however unequal the ways, the error is at most half the round trip', () => {
  // 9 ms there, 1 ms back: a clock that agrees seems to be off by 4 ms.
  const { offsetMs, roundTripMs } = offsetOf([{ askedMs: 0, answeredMs: 10, theirsMs: 9 }]);
  expect(Math.abs(offsetMs)).toBeLessThanOrEqual(roundTripMs / 2);
});
