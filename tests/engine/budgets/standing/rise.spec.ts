import { expect, test } from '@playwright/test';
import { histogram, repeat, type MadeInterval } from '../make-result.ts';
import { rowOf } from './one-row.ts';

const minuteMs = 60_000;
const minutes = 30;

/** Half an hour of minutes: response times, and how late this machine was, in ms. */
function statusOf(msOf: (minute: number) => number, lateMsOf: (minute: number) => number) {
  const intervals = Array.from({ length: minutes }, (_, i): MadeInterval => ({
    startMs: i * minuteMs,
    endMs: (i + 1) * minuteMs,
    users: 100,
    series: [{ okMs: repeat(msOf(i), 100) }],
    generator: {
      lag: histogram(repeat(lateMsOf(i) / 2, 100)),
      loopDelay: histogram(repeat(lateMsOf(i) / 2, 100)),
    },
  }));
  const phase = {
    name: 'steady state',
    startMs: 0,
    endMs: minutes * minuteMs,
    judged: true,
  } as const;
  const plan = { intervalMs: minuteMs };
  return rowOf('rise.p95', '< 10 %', { plan, stream: { phases: [phase] }, intervals }).status;
}

/** Level but for a ripple. */
const level = (minute: number): number => 100 + (minute % 3);
const aLittle = (minute: number): number => level(minute) + 0.6 * minute;
const rising = (minute: number): number => level(minute) + 2 * minute;

for (const [what, msOf, lateMsOf, status] of [
  ['level, on a quiet machine', level, () => 0, 'pass'],
  ['rising, on a quiet machine', rising, () => 0, 'fail'],
  ['level, on a machine that is always as late', level, () => 20, 'pass'],
  ['rising, on a machine that is always as late', rising, () => 20, 'fail'],
  ['rising as this machine grows late', rising, (i) => 2 * i, 'undecided'],
  ['rising by more than this machine', rising, (i) => 0.5 * i, 'fail'],
  ['level as this machine recovers', level, (i) => 2 * (minutes - i), 'undecided'],
  [
    'a little, which is lost in the noise of this machine',
    aLittle,
    (i) => ((37 * i) % 30) * 3,
    'undecided',
  ],
] as const satisfies readonly [string, typeof level, typeof level, string][]) {
  test(`rise.p95 < 10 %, ${what}: ${status}`, () => {
    expect(statusOf(msOf, lateMsOf)).toBe(status);
  });
}
