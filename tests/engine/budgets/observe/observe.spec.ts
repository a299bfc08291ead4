import { expect, test } from '@playwright/test';
import type { Observation } from '../../../../load/budgets/observe/observation.ts';
import { observe } from '../../../../load/budgets/observe/observe.ts';
import { budgetableMetrics } from '../../../../load/budgets/parse.ts';
import type { Result } from '../../../../load/metrics/result/result.ts';
import { defined } from '../../../../load/platform/defined.ts';
import { budget, makeResult, repeat } from '../make-result.ts';

function observed(result: Result, key: string, limit = '< 1 s', task?: string): Observation {
  const metrics = budgetableMetrics(result.plan.streams.map((stream) => stream.metrics));
  return observe(result, budget(key, limit, defined({ task }), metrics));
}

const sevenPercentNotOk = makeResult({
  intervals: [{ series: [{ okMs: repeat(100, 930), others: { failed: 40, timeout: 30 } }] }],
});

test('with 7 % not ok, p95 is ∞ and p90 is not', () => {
  expect(observed(sevenPercentNotOk, 'p95')).toMatchObject({
    value: Infinity,
    samples: 1000,
    needed: 72,
    notOkShare: 0.07,
    interval: [Infinity, Infinity],
  });
  expect(observed(sevenPercentNotOk, 'p90').value).toBe(100);
  expect(observed(sevenPercentNotOk, 'p90').interval?.[1]).toBe(100);
});

test('avg is over the ok ones, and max over all', () => {
  expect(observed(sevenPercentNotOk, 'avg')).toMatchObject({ value: 100, samples: 930, needed: 1 });
  expect(observed(sevenPercentNotOk, 'max')).toMatchObject({ value: Infinity });
});

test('each rate is a share of all scheduled', () => {
  const others = { degraded: 2, throttled: 3, failed: 4, timeout: 5, invalid: 6, dropped: 7 };
  const series = [{ okMs: repeat(10, 170), others: { ...others, interrupted: 3 } }];
  const result = makeResult({ intervals: [{ series }] });
  expect(observed(result, 'errorRate', '< 1 %')).toMatchObject({ value: 0.11, samples: 200 });
  expect(observed(result, 'okRate', '> 1 %').value).toBe(0.85);
  expect(observed(result, 'degradedRate', '< 1 %').value).toBe(0.01);
  expect(observed(result, 'throttledRate', '< 1 %').value).toBe(0.015);
  expect(observed(result, 'droppedIterations', '= 0').value).toBe(7);
});

test('no error of 190 leaves up to 2 % possible', () => {
  const result = makeResult({ intervals: [{ series: [{ okMs: repeat(10, 190) }] }] });
  const { value, interval } = observed(result, 'errorRate', '< 0.1 %');
  expect(value).toBe(0);
  expect(interval![0]).toBe(0);
  expect(interval![1]).toBeCloseTo(0.0198, 4);
});

test('only judged phases count, by when a request was scheduled', () => {
  const result = makeResult({
    intervals: [
      { phases: ['ramp-up'], series: [{ phase: 'ramp-up', okMs: repeat(900, 50) }] },
      { series: [{ okMs: repeat(100, 50) }] },
      { phases: ['drain'], series: [{ okMs: repeat(300, 50) }] },
    ],
  });
  expect(observed(result, 'max')).toMatchObject({ value: 300, samples: 100 });
});

test('throughput is over the requests that ended ok in the judged seconds', () => {
  const seconds = [
    { phases: ['ramp-up'], series: [{ phase: 'ramp-up', okMs: repeat(10, 99) }] },
    { series: [{ phase: 'ramp-up', okMs: repeat(10, 4) }, { okMs: repeat(10, 20) }] },
    { series: [{ okMs: repeat(10, 12), others: { failed: 8 } }] },
    { phases: ['drain'], series: [{ okMs: repeat(10, 50) }] },
  ];
  const result = makeResult({ intervals: seconds });
  expect(observed(result, 'throughput', '> 10 /s')).toMatchObject({
    value: 18,
    samples: 44,
    worst: { startMs: 2000, endMs: 3000, value: 12 },
  });
  expect(observed(result, 'throughput', '> 10 /s', 'query').value).toBe(18);
  expect(observed(result, 'throughput', '> 10 /s', 'index documents').samples).toBe(0);
});

test('requests that never end are a throughput of 0, not a lack of data', () => {
  const hung = { phases: ['drain'], series: [{ others: { timeout: 30 } }] };
  const result = makeResult({ intervals: [{}, hung] });
  expect(observed(result, 'throughput', '> 10 /s')).toMatchObject({ value: 0, samples: 30 });
});

test('the worst second is named, for each task by itself', () => {
  const result = makeResult({
    intervals: [
      { series: [{ okMs: [10, 20] }] },
      { series: [{ okMs: [400] }, { task: 'index documents', okMs: [900] }] },
      { series: [{ okMs: [30], others: { failed: 1 } }] },
    ],
  });
  expect(observed(result, 'avg').worst).toEqual({ startMs: 1000, endMs: 2000, value: 650 });
  expect(observed(result, 'avg', '< 1 s', 'query').worst?.value).toBe(400);
  expect(observed(result, 'p95').worst).toEqual({
    startMs: 2000,
    endMs: 3000,
    value: Infinity,
    spell: { startMs: 2000, endMs: 3000 },
  });
  expect(observed(result, 'errorRate', '< 1 %').worst).toMatchObject({ startMs: 2000, value: 0.5 });
  expect(observed(result, 'okRate', '> 1 %').worst).toMatchObject({ startMs: 2000, value: 0.5 });
  expect(observed(result, 'service.p95').worst).toBeUndefined();
  expect(observed(result, 'p95{request=query}').worst).toBeUndefined();
});

test('one failure among few requests is not the worst second of a finite percentile', () => {
  const quick = { series: [{ okMs: repeat(10, 9) }] };
  const failing = { series: [{ okMs: repeat(10, 8), others: { failed: 1 } }] };
  const slow = { series: [{ okMs: repeat(400, 9) }] };
  const result = makeResult({
    intervals: [...repeat(quick, 8), failing, slow, slow, failing, slow],
  });
  const { value, worst } = observed(result, 'p90', '< 300 ms');
  expect(value).toBe(400);
  expect(worst).toEqual({
    startMs: 9000,
    endMs: 10_000,
    value: 400,
    spell: { startMs: 9000, endMs: 13_000 },
  });
});

test('the worst second of an infinite percentile is the one with the most failures', () => {
  const some = { series: [{ okMs: repeat(10, 8), others: { failed: 2 } }] };
  const most = { series: [{ others: { failed: 9 } }] };
  const { value, worst } = observed(makeResult({ intervals: [some, most, some] }), 'p95');
  expect([value, worst?.startMs]).toEqual([Infinity, 1000]);
});

test('the longest spell beyond the limit is named; a single second that keeps it does not end it', () => {
  const seconds = [900, 100, 100, 900, 900, 100, 900, 100, 100, 900];
  const result = makeResult({ intervals: seconds.map((ms) => ({ series: [{ okMs: [ms] }] })) });
  expect(observed(result, 'p95', '< 500 ms').worst?.spell).toEqual({ startMs: 3000, endMs: 7000 });
  expect(observed(result, 'p95', '< 1 s').worst?.spell).toBeUndefined();
  const tooFast = observed(result, 'avg', '> 500 ms').worst?.spell;
  expect(tooFast).toEqual({ startMs: 5000, endMs: 9000 });
});

test('a stump at a phase border is no worst second of the throughput', () => {
  const intervals = [
    { series: [{ okMs: repeat(10, 10) }] },
    { startMs: 1000, endMs: 1020, series: [] },
  ];
  expect(observed(makeResult({ intervals }), 'throughput', '> 1 /s').worst?.value).toBe(10);
});

test('the longest stall is the longest that overlaps the judged time, at its full length', () => {
  const stalls = [
    { startMs: 100, endMs: 900, inFlight: 5 },
    { startMs: 1900, endMs: 2500, inFlight: 5 },
    { startMs: 2900, endMs: 4400, inFlight: 9 },
    { startMs: 4500, endMs: 9000, inFlight: 9 },
  ];
  const result = makeResult({
    intervals: [
      { phases: ['ramp-up'] },
      { series: [{ okMs: repeat(10, 10) }] },
      { series: [{ okMs: repeat(10, 10) }] },
      { phases: ['drain'], endMs: 9000, stalls },
    ],
  });
  expect(observed(result, 'longestStall', '< 2 s')).toMatchObject({
    value: 1500,
    samples: 20,
    worst: { startMs: 2900, endMs: 4400 },
  });
});

test('a stall that was still going on is superseded by its end', () => {
  const stalls = [500, 700, 900].map((endMs) => ({ startMs: 100, endMs, inFlight: 5 }));
  const result = makeResult({ intervals: [{ series: [{ okMs: [1] }], stalls }] });
  expect(observed(result, 'longestStall', '< 2 s').value).toBe(800);
});

test('no stall is 0, no load is no data', () => {
  expect(observed(makeResult(), 'longestStall', '< 2 s').value).toBe(0);
  const idle = makeResult({ intervals: [{}] });
  for (const key of ['longestStall', 'p95', 'avg', 'p95{model=small}']) {
    expect(observed(idle, key)).toMatchObject({ value: undefined, samples: 0 });
  }
  expect(observed(idle, 'p95').needed).toBe(72);
});

test('labels choose series, and one that never occurs has no data', () => {
  const series = [
    { labels: { model: 'small' }, okMs: repeat(10, 10) },
    { labels: { model: 'large' }, okMs: repeat(900, 10) },
  ];
  const result = makeResult({ intervals: [{ series }] });
  expect(observed(result, 'p50{model=small}').value).toBe(10);
  expect(observed(result, 'p50{model=large}').value).toBeCloseTo(900, 0);
  expect(observed(result, 'p50{model=tiny}').samples).toBe(0);
  expect(observed(result, 'p50{request=query,model=small}').samples).toBe(10);
});

test('time to first token is over all scheduled requests that stream, dropped ones too', () => {
  const result = makeResult({
    intervals: [
      {
        series: [
          { request: 'chat', okMs: repeat(500, 90), trends: { ttft: repeat(80, 90) } },
          { request: 'chat', labels: { turn: '2' }, others: { failed: 10 } },
          { request: 'list models', okMs: repeat(5, 100) },
          { request: 'query', others: { dropped: 20 } },
        ],
      },
    ],
  });
  expect(observed(result, 'ttft.p95')).toMatchObject({
    value: Infinity,
    samples: 120,
    notOkShare: 0.25,
  });
  expect(observed(result, 'ttft.p75').value).toBe(80);
});

const unrecorded = [
  ['ttft.p95', '< 1 s'],
  ['chunkGap.p99', '< 1 s'],
  ['cacheHitRate', '> 30 %'],
  ['goodput', '> 95 %'],
  ['averageBatchSize', '> 8'],
  ['escapes', '= 0'],
  ['cited', '> 99 %'],
] as const;

for (const [key, limit] of unrecorded) {
  test(`${key} has no data where nothing recorded it`, () => {
    const metrics = {
      escapes: { kind: 'counter', unit: '', over: 'run' },
      cited: { kind: 'rate', unit: '', over: 'scheduled' },
    } as const;
    const result = makeResult({ stream: { metrics } });
    expect(observed(result, key, limit)).toMatchObject({ value: undefined, samples: 0 });
  });
}

test('goodput, and a rate that says so, is a share of all scheduled requests', () => {
  const rates = { goodput: { hits: 90, total: 90 }, succeeded: { hits: 90, total: 90 } };
  const series = [{ okMs: repeat(10, 90), others: { timeout: 10 }, rates }];
  const stream = { metrics: { succeeded: { kind: 'rate', unit: '', over: 'scheduled' } } } as const;
  const result = makeResult({ stream, intervals: [{ series }] });
  for (const key of ['goodput', 'succeeded']) {
    expect(observed(result, key, '> 99 %')).toMatchObject({ value: 0.9, samples: 100 });
  }
});

test('the cache hit rate is a share of the answers it was read from', () => {
  const rates = { cacheHitRate: { hits: 30, total: 60 } };
  const result = makeResult({ intervals: [{ series: [{ okMs: repeat(10, 90), rates }] }] });
  expect(observed(result, 'cacheHitRate', '> 30 %')).toMatchObject({ value: 0.5, samples: 60 });
});

test('a counter over the run is counted in all load streams and phases', () => {
  const users = makeResult().plan.streams[0]!;
  const counters = { escapes: 1 };
  const metrics = { escapes: { kind: 'counter', unit: '', over: 'run' } } as const;
  const probe = { stream: 1, task: 'path', request: 'path', okMs: repeat(1, 4) };
  const result = makeResult({
    plan: { streams: [users, { ...users, judged: false, metrics }] },
    intervals: [
      { series: [{ okMs: [1] }, { ...probe, phase: 'ramp-up' }] },
      { series: [{ ...probe, counters }] },
    ],
  });
  expect(observed(result, 'escapes', '= 0')).toMatchObject({ value: 1, samples: 8 });
});

test('metrics of the user count in their own unit', () => {
  const metrics = {
    routerTime: { kind: 'trend', unit: 's' },
    answerLength: { kind: 'trend', unit: 'tokens' },
    payload: { kind: 'counter', unit: 'kB' },
    retries: { kind: 'counter', unit: '' },
    grounded: { kind: 'rate', unit: '' },
    cited: { kind: 'rate', unit: '' },
  } as const;
  const one = {
    okMs: repeat(10, 10),
    trends: { routerTime: repeat(0.25, 8), answerLength: [10, 20, 30, 40, 50, 60] },
    counters: { payload: 3 },
    rates: { grounded: { hits: 3, total: 4 } },
  };
  const result = makeResult({
    stream: { metrics },
    intervals: [{ series: [one] }, { series: [one] }],
  });
  expect(observed(result, 'routerTime.p50')).toMatchObject({ value: 250, samples: 16 });
  expect(observed(result, 'answerLength.p50', '> 20').value).toBeCloseTo(30, 1);
  expect(observed(result, 'payload', '< 1 MB')).toMatchObject({ value: 6000, samples: 20 });
  expect(observed(result, 'retries', '= 0')).toMatchObject({ value: 0, samples: 20 });
  expect(observed(result, 'grounded', '> 50 %')).toMatchObject({ value: 0.75, samples: 8 });
  expect(observed(result, 'cited', '> 50 %')).toMatchObject({ value: undefined, samples: 0 });
});
