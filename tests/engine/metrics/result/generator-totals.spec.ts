import { expect, test } from '@playwright/test';
import { GeneratorTotals } from '../../../../load/metrics/result/generator-totals.ts';
import { histogramOf, intervalLine } from '../lines.ts';

const { generator } = intervalLine();

function totalsOf(...intervals: Parameters<GeneratorTotals['add']>[0][]): GeneratorTotals {
  const totals = new GeneratorTotals();
  for (const interval of intervals) totals.add(interval, 0);
  return totals;
}

test('delays and lags of all intervals are merged, the peaks kept', () => {
  const busy = { ...generator, utilisation: 0.95, cpu: 1.5, rssBytes: 2e8, lag: histogramOf(70) };
  const totals = totalsOf(
    { generator, users: 1, startMs: 0, endMs: 1000 },
    { generator: busy, users: 1, startMs: 1000, endMs: 2000 },
  );
  expect(totals).toMatchObject({
    intervals: 2,
    saturatedIntervals: 1,
    durationMs: 2000,
    utilisationMax: 0.95,
    cpuMax: 1.5,
    rssMaxBytes: 2e8,
  });
  expect([totals.loopDelay.count, totals.lag.count, totals.loopStalls.length]).toEqual([4, 4, 2]);
});

for (const [utilisation, saturated] of [
  [0.899, 0],
  [0.9, 1],
] as const) {
  test(`an interval of ${utilisation} utilisation is ${saturated ? '' : 'not '}saturated`, () => {
    const made = { generator: { ...generator, utilisation }, users: 1, startMs: 0, endMs: 1000 };
    const totals = totalsOf(made);
    expect(totals.saturatedIntervals).toBe(saturated);
  });
}

test('a sliver between two borders says nothing about how busy the loop is', () => {
  const busy = { ...generator, utilisation: 1 };
  const totals = totalsOf({ generator: busy, users: 1, startMs: 0, endMs: 99 });
  expect(totals).toMatchObject({ intervals: 0, saturatedIntervals: 0, durationMs: 99 });
});
