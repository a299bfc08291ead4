import { expect, test } from '@playwright/test';
import { drawKey } from '../../../load/platform/random.ts';
import {
  between,
  constant,
  describeThinkTime,
  dividedBy,
  nextIterationMs,
  noThinkTime,
  pacing,
  parseThinkTime,
} from '../../../load/workload/think-time.ts';
import { ksCritical, ksDistance } from '../statistics.ts';

const key = drawKey(1, 'main');

test('think times are uniform between their bounds', () => {
  const drawn = Array.from({ length: 10_000 }, (_, n) => {
    return nextIterationMs(between('1s', '3s'), 0, 500, key, 3, n) - 500;
  });
  expect(ksDistance(drawn, (ms) => (ms - 1000) / 2000)).toBeLessThan(ksCritical(drawn.length));
});

for (const [what, thinkTime, startedMs, endedMs, next] of [
  ['a constant one counts from the answer', constant('2s'), 0, 300, 2300],
  ['none is none', noThinkTime, 0, 300.25, 300.25],
  ['pacing counts from the start', pacing('2s'), 100, 300, 2100],
  ['pacing never lets the next begin before the answer', pacing('2s'), 100, 5000, 5000],
] as const) {
  test(`${what}: the next iteration after ${startedMs}–${endedMs} ms is at ${next} ms`, () => {
    expect(nextIterationMs(thinkTime, startedMs, endedMs, key, 0, 0)).toBe(next);
  });
}

test('a think time can be divided', () => {
  expect(dividedBy(between('5s', '15s'), 20)).toEqual(between(250, 750));
  expect(dividedBy(pacing('10s'), 20)).toEqual(pacing(500));
});

for (const [thinkTime, text] of [
  [between('5s', '15s'), '5 s to 15 s'],
  [constant('2s'), '2 s to 2 s'],
  [noThinkTime, 'none'],
  [pacing('10s'), 'every 10 s'],
] as const) {
  test(`it reads "${text}"`, () => {
    expect(describeThinkTime(thinkTime)).toBe(text);
  });
}

for (const [what, make, message] of [
  ['the bounds are turned round', () => between('5s', '2s'), 'the second must be larger'],
  ['a bound is no duration', () => between('5', '6s'), 'think time from: "5" is no duration'],
  ['a bound is NaN', () => between(1, NaN), 'think time to: NaN is no duration'],
  ['the pace is nothing', () => pacing(0), 'pacing: 0; must be above 0'],
  ['the text has three parts', () => parseThinkTime('1s-2s-3s'), 'two with a hyphen'],
] as const) {
  test(`refused where ${what}`, () => {
    expect(make).toThrow(message);
  });
}
