import { expect, test } from '@playwright/test';
import { binsOf, chartData } from '../../../../load/report/charts/chart-data.ts';
import { failing } from '../../budgets/failing-results.ts';
import { budget, makeResult, repeat, type MadeInterval } from '../../budgets/make-result.ts';

function second(ms: number, others: MadeInterval = {}): MadeInterval {
  return { series: [{ okMs: repeat(ms, 10) }], ...others };
}

test('a point per second: peaks, rates of what ended, percentiles', () => {
  const { timeline } = makeResult({
    intervals: [
      second(100, { users: 3, inFlightPeak: 9 }),
      { series: [{ okMs: repeat(200, 4), others: { failed: 4, throttled: 2 } }] },
      {},
    ],
  });
  const { bins, widthMs } = binsOf(timeline);
  expect(widthMs).toBe(1000);
  expect(bins).toEqual([
    {
      startMs: 0,
      endMs: 1000,
      users: 3,
      inFlight: 9,
      okPerSecond: 10,
      errorsPerSecond: 0,
      othersPerSecond: 0,
      ms: { p50: 100, p95: 100, p99: 100 },
    },
    {
      startMs: 1000,
      endMs: 2000,
      users: 5,
      inFlight: 5,
      okPerSecond: 4,
      errorsPerSecond: 4,
      othersPerSecond: 2,
      ms: { p50: Infinity, p95: Infinity, p99: Infinity },
    },
    {
      startMs: 2000,
      endMs: 3000,
      users: 5,
      inFlight: 5,
      okPerSecond: 0,
      errorsPerSecond: 0,
      othersPerSecond: 0,
      ms: { p50: null, p95: null, p99: null },
    },
  ]);
});

test('the stump of an interval at a border of phases is part of its second', () => {
  const { timeline } = makeResult({
    intervals: [
      second(100, { startMs: 0, endMs: 995 }),
      { startMs: 995, endMs: 1000, series: [{ okMs: [900] }] },
      second(100, { startMs: 1000, endMs: 2000 }),
      // The last one is too short for a rate of its own.
      { startMs: 2000, endMs: 2050, series: [{ okMs: [100] }] },
    ],
  });
  const { bins } = binsOf(timeline);
  expect(bins.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 1000],
    [1000, 2050],
  ]);
  expect(bins[0]!.okPerSecond).toBe(11);
  expect(bins[0]!.ms.p50).toBeCloseTo(900, -1);
});

const lengths: readonly [number, number, number][] = [
  [1, 1, 1000],
  [400, 400, 1000],
  [401, 201, 2000],
  [3600, 360, 10_000],
  [10_800, 360, 30_000],
];

for (const [seconds, points, widthMs] of lengths) {
  test(`${seconds} s are ${points} points`, () => {
    const made = makeResult({ intervals: repeat({}, seconds) });
    const binned = binsOf(made.timeline);
    expect([binned.bins.length, binned.widthMs]).toEqual([points, widthMs]);
  });
}

test('of several seconds a point has the highest percentile, and ∞ is the highest', () => {
  const broken = { series: [{ others: { failed: 1 } }] };
  const intervals = [...repeat(second(50), 400), second(800), second(50), broken, second(50)];
  const { bins } = binsOf(makeResult({ intervals }).timeline);
  expect(bins.at(-2)!.ms.p95).toBeCloseTo(800, -1);
  expect(bins.at(-1)!.ms.p95).toBe(Infinity);
});

test('phases as they were, limits by their value, stalls once each', () => {
  const phase = { startMs: 0, endMs: 1000, judged: false };
  const stream = {
    phases: [
      { name: 'warm-up', ...phase },
      { name: 'steady state', ...phase, judged: true },
    ],
  } as const;
  const stalls = [
    { startMs: 500, endMs: 900, inFlight: 5 },
    { startMs: 500, endMs: 1500, inFlight: 6 },
  ];
  // Nobody asks any more: it counts in no budget, and is drawn in no chart.
  const drained = [{ startMs: 3100, endMs: 3900, inFlight: 5 }];
  const data = chartData(
    makeResult({
      stream: { ...stream, phases: [...stream.phases] },
      budgets: [
        budget('p99', '< 5 s'),
        budget('p95', '< 2 s', { task: 'query' }),
        budget('avg', '< 5 s'),
        budget('service.p95', '< 1 s'),
      ],
      intervals: [{ phases: ['warm-up'], stalls }, {}, {}, { phases: ['drain'], stalls: drained }],
    }),
  );
  expect(data.phases).toEqual([
    { name: 'warm-up', startMs: 0, endMs: 1000, judged: false },
    { name: 'steady state', startMs: 1000, endMs: 3000, judged: true },
    { name: 'drain', startMs: 3000, endMs: 4000, judged: false },
  ]);
  expect(data.limits).toEqual([
    { limitMs: 2000, label: 'query: p95 < 2 s' },
    { limitMs: 5000, label: 'p99 < 5 s, avg < 5 s' },
  ]);
  expect(data.stalls).toEqual([{ startMs: 500, endMs: 1500 }]);
});

test('users and requests in flight are those of the judged load, not of what runs beside it', () => {
  const judged = { users: 5, inFlight: 2, inFlightPeak: 3 };
  const [bin] = chartData(makeResult({ intervals: [{ users: 9, inFlightPeak: 7, judged }] })).bins;
  expect(bin).toMatchObject({ users: 5, inFlight: 3 });
});

test('the distribution has every request that ended ok in the judged phases, and no gaps', () => {
  const { distribution } = chartData(failing());
  const { bars, ok, notOk, percentiles } = distribution;
  expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(ok);
  expect([ok, notOk]).toEqual([378, 33]);
  expect(bars.slice(1).map(({ lowMs }) => lowMs)).toEqual(
    bars.slice(0, -1).map(({ highMs }) => highMs),
  );
  expect(bars[0]).toEqual({ lowMs: 398.107, highMs: 446.684, count: 279 });
  expect(percentiles.p95).toBe(Infinity);
});

test('what took no time at all has a bar, and nothing has none', () => {
  const barsOf = (okMs: number[]) =>
    chartData(makeResult({ intervals: [{ series: [{ okMs }] }] })).distribution.bars;
  expect(barsOf([0])).toEqual([{ lowMs: 0.001, highMs: 0.00112202, count: 1 }]);
  expect(barsOf([])).toEqual([]);
});
