import { expect, test } from '@playwright/test';
import { observe } from '../../../../load/budgets/observe/observe.ts';
import { judge } from '../../../../load/budgets/judge.ts';
import type { Reading } from '../../../../load/metrics/log/monitor-reading.ts';
import { defined } from '../../../../load/platform/defined.ts';
import { budget, makeResult, repeat, type MadeResult } from '../make-result.ts';

const rampThenSteady = {
  phases: [
    { name: 'ramp-up', startMs: 0, endMs: 4000, judged: false },
    { name: 'steady state', startMs: 4000, endMs: 10_000, judged: true },
  ],
} as const;

function hits(fromMs: number, toMs: number, part: number, whole: number): Reading {
  return { source: '/metrics', fromMs, toMs, ratios: { cacheHitRate: { part, whole } } };
}

/** A second each: ramp-up up to the fourth, steady state up to the tenth, drain. */
function resultWith(readings: readonly Reading[], more: MadeResult = {}) {
  return makeResult({
    stream: {
      phases: [...rampThenSteady.phases],
      metrics: {
        achievableHitRate: { kind: 'rate', unit: '' },
        hitRateGap: { kind: 'difference', unit: '', of: ['cacheHitRate', 'achievableHitRate'] },
      },
    },
    intervals: Array.from({ length: 11 }, (_, second) => ({
      phases: [second < 4 ? 'ramp-up' : second < 10 ? 'steady state' : 'drain'],
      series: [
        {
          okMs: repeat(10, 100),
          phase: second < 4 ? 'ramp-up' : 'steady state',
          rates: { achievableHitRate: { hits: second < 4 ? 0 : 60, total: 100 } },
        },
      ],
      // As they come: in the interval in which their answer did.
      monitor: { readings: readings.filter(({ toMs }) => Math.floor(toMs / 1000) === second) },
    })),
    ...more,
  });
}

function observed(readings: readonly Reading[], key = 'cacheHitRate', task?: string) {
  const result = resultWith(readings);
  const { metrics } = result.plan.streams[0]!;
  return observe(result, budget(key, '>= 0', defined({ task }), metrics));
}

const ramp = hits(0, 4003, 900, 1000);
const first = hits(4003, 7000, 100, 200);
const second = hits(7000, 10_002, 80, 100);
const drain = hits(10_002, 10_900, 0, 500);

test('is what was counted in the judged phases: summed first, divided then', () => {
  expect(observed([ramp, first, second, drain])).toMatchObject({ value: 0.6, samples: 300 });
});

test('a share has the interval of a share', () => {
  const [low, high] = observed([first, second]).interval!;
  expect(low).toBeGreaterThan(0.54);
  expect(low).toBeLessThan(0.6);
  expect(high).toBeGreaterThan(0.6);
});

for (const [what, readings] of [
  ['no reading at all', []],
  ['none in the judged phases', [ramp, drain]],
  ['half of the judged time', [first]],
  ['a span that mixes two phases', [hits(2000, 7000, 1, 2), second]],
  ['a whole of nothing', [hits(4000, 10_000, 0, 0)]],
  ['more hits than requests', [hits(4000, 10_000, 3, 2)]],
] as const) {
  test(`with ${what} there is no figure, and never a pass`, () => {
    expect(observed(readings).value).toBeUndefined();
    const budgets = [budget('cacheHitRate', '>= 0 %')];
    expect(judge(resultWith(readings, { budgets })).verdict).toBe('no-data');
  });
}

test('a mean is no share: it may be above 1, and has no interval', () => {
  const readings = [
    { ...first, ratios: { averageBatchSize: { part: 600, whole: 20 } } },
    { ...second, ratios: { averageBatchSize: { part: 100, whole: 80 } } },
  ];
  expect(observed(readings, 'averageBatchSize')).toEqual({
    value: 7,
    interval: undefined,
    samples: 100,
    needed: 1,
  });
});

test('is of the whole system: of a task there is none', () => {
  expect(observed([first, second], 'cacheHitRate', 'query').value).toBeUndefined();
});

test('a difference is how far two shares are apart, whichever is larger', () => {
  expect(observed([hits(4000, 10_000, 57, 100)], 'hitRateGap').value).toBeCloseTo(0.03, 12);
  expect(observed([hits(4000, 10_000, 64, 100)], 'hitRateGap').value).toBeCloseTo(0.04, 12);
  expect(observed([], 'hitRateGap').value).toBeUndefined();
});

/** A system that has counted since its start, and rounds the percentage that it tells each second. */
function toldEachSecond(decimals: number, before = 100_000): Reading[] {
  // A second has 20 reads, 7 of them hits; before the load nine in ten were.
  const told = Array.from({ length: 11 }, (_, second) => {
    const whole = before + 20 * second;
    const percent = Number(((100 * (0.9 * before + 7 * second)) / whole).toFixed(decimals));
    return { whole, part: (percent / 100) * whole };
  });
  return told.slice(1).map((after, i) => {
    const { part, whole } = told[i]!;
    const rounded = { decimals, before: whole, after: after.whole };
    const gained = { part: after.part - part, whole: after.whole - whole, rounded };
    const [fromMs, toMs] = [1000 * i, 1000 * (i + 1)];
    return { source: '/metrics', fromMs, toMs, ratios: { cacheHitRate: gained } };
  });
}

test('shares from a rounded percentage are summed over the span before they are clamped', () => {
  const readings = toldEachSecond(2);
  const spans = readings.map(({ ratios }) => ratios!['cacheHitRate']!);
  expect(spans.some(({ part }) => part < 0)).toBe(true);
  const { value, interval, remarks } = observed(readings);
  // Off by half a hundredth of a per cent of 100 000 at both ends: 10 of 120.
  expect(Math.abs(value! - 0.35)).toBeLessThan(0.084);
  expect(interval![0]).toBeLessThan(0.35 - 0.084);
  expect(remarks).toEqual([expect.stringContaining('so this share is uncertain by ±8.35 points')]);
});

test('the last spans alone leave a share uncertain, however many there are between', () => {
  const { remarks, interval } = observed(toldEachSecond(2, 2000));
  expect(remarks).toBeUndefined();
  const exact = observed([hits(4000, 10_000, 42, 120)]).interval!;
  expect(interval![0]).toBeCloseTo(exact[0], 1);
  const [low, high] = observed(toldEachSecond(0, 2000)).interval!;
  expect(high - low).toBeGreaterThan(0.3);
});

test('more hits than reads are no rounding where it does not explain them', () => {
  const [reading] = toldEachSecond(2, 1000);
  const { rounded } = reading!.ratios!['cacheHitRate']!;
  const wrong = {
    ...hits(4000, 10_000, 0, 0),
    ratios: { cacheHitRate: { part: 90, whole: 60, rounded } },
  };
  expect(observed([wrong]).value).toBeUndefined();
  const slightly = { part: 60.04, whole: 60, rounded };
  expect(observed([{ ...wrong, ratios: { cacheHitRate: slightly } }])).toMatchObject({ value: 1 });
});

for (const everyMs of [700, 1000, 2500, 4000, 6000, 10_000]) {
  test(`the last seconds are judged with a monitor that looks every ${everyMs} ms`, () => {
    const readings: Reading[] = [];
    const borders = [4000, 10_000];
    for (let fromMs = 0; fromMs < 10_000;) {
      const next = (Math.floor(fromMs / everyMs) + 1) * everyMs;
      const toMs = Math.min(next, ...borders.filter((border) => border > fromMs));
      readings.push(hits(fromMs, toMs, (toMs - fromMs) / 100, (toMs - fromMs) / 50));
      fromMs = toMs;
    }
    const result = resultWith(readings);
    const line = budget('cacheHitRate', '> 40 %', { lastMs: 3000 });
    expect(observe(result, line).value).toBe(0.5);
    const gauges = readings.map(({ fromMs, toMs }) => {
      return { source: 'process', fromMs, toMs, gauges: { targetMemory: toMs } };
    });
    const level = budget('targetMemory', '< 300 MB', { lastMs: 3000 });
    expect(observe(resultWith(gauges), level).value).toBe(10_000);
  });
}
