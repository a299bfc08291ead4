import { expect, test } from '@playwright/test';
import type { DensestErrors } from '../../../../load/metrics/result/error-bursts.ts';
import { makeResult, type MadeInterval, type MadeSeries } from '../../budgets/make-result.ts';

type Told = readonly [count: number, firstMs: number, lastMs: number];

function failed([count, firstMs, lastMs]: Told, kind = 'status 500'): MadeSeries {
  return {
    okMs: [5],
    others: { failed: count },
    errors: [{ kind, count, firstMs, lastMs, sample: '' }],
  };
}

function densest(intervals: readonly MadeInterval[], task = ''): DensestErrors | undefined {
  const phase = { name: 'steady state', startMs: 0, endMs: 7_200_000, judged: true } as const;
  return makeResult({ stream: { phases: [phase] }, intervals }).densestErrors.get(task);
}

/** Intervals as long as they are beyond half an hour. */
function fiveSeconds(told: Readonly<Record<number, readonly MadeSeries[]>>): MadeInterval[] {
  return Array.from({ length: 12 }, (_, index) => {
    const startMs = 1_800_000 + index * 5000;
    return { startMs, endMs: startMs + 5000, series: told[index] ?? [{ okMs: [5] }] };
  });
}

test('a burst is found across the border of two intervals of five seconds', () => {
  const found = densest(
    fiveSeconds({
      3: [failed([6, 1_819_000, 1_819_900])],
      4: [failed([6, 1_820_100, 1_820_800])],
    }),
  );
  expect(found).toEqual({ startMs: 1_819_000, endMs: 1_820_800, errors: 12 });
});

test('five seconds that begin within a second have the errors of six', () => {
  const series = (second: number): MadeSeries[] => {
    if (second === 10) return [failed([5, 10_900, 10_950])];
    return second === 15 ? [failed([5, 15_000, 15_850])] : [{ okMs: [5] }];
  };
  const seconds = Array.from({ length: 20 }, (_, second) => ({ series: series(second) }));
  expect(densest(seconds)).toEqual({ startMs: 10_900, endMs: 15_850, errors: 10 });
});

test('errors further apart are no burst, however they fall into intervals', () => {
  const found = densest(
    fiveSeconds({
      3: [failed([5, 1_815_000, 1_815_100])],
      4: [failed([5, 1_824_800, 1_824_900])],
    }),
  );
  expect(found?.errors).toBe(5);
});

test('of errors in a longer span those between the first and the last count by their time', () => {
  const intervals = [{ startMs: 0, endMs: 20_000, series: [failed([22, 0, 20_000])] }];
  // One end, and a quarter of the twenty between.
  expect(densest(intervals)?.errors).toBe(6);
});

test('where nobody told their moments, errors are spread over their interval', () => {
  const series = [{ okMs: [5], others: { failed: 8, throttled: 9 }, errors: [] }];
  expect(densest([{ startMs: 0, endMs: 10_000, series }])?.errors).toBe(4);
  expect(densest([{ series }])).toEqual({ startMs: 0, endMs: 1000, errors: 8 });
});

test('requests that are no errors count as none, and each task has its own', () => {
  const { errors } = failed([3, 100, 200], 'throttled');
  const throttled = { okMs: [5], others: { throttled: 3 }, errors: errors! };
  expect(densest([{ series: [throttled] }])).toBeUndefined();
  const other = { ...failed([4, 300, 400], 'reset'), task: 'index documents' };
  const intervals = [{ series: [failed([3, 100, 200]), other] }];
  expect(densest(intervals)).toEqual({ startMs: 100, endMs: 400, errors: 7 });
  expect(densest(intervals, 'index documents')).toEqual({ startMs: 300, endMs: 400, errors: 4 });
});

test('only from the judged phases on, the drain included', () => {
  const before = { phases: ['ramp-up'], series: [failed([30, 100, 200])] };
  const during = { series: [failed([2, 1100, 1200])] };
  const drain = { phases: ['drain'], series: [failed([5, 2100, 2200], 'timeout')] };
  expect(densest([before, during, drain])).toEqual({ startMs: 1100, endMs: 2200, errors: 7 });
});
