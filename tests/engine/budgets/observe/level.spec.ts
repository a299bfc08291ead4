import { expect, test } from '@playwright/test';
import { judge } from '../../../../load/budgets/judge.ts';
import { statusText } from '../../../../load/budgets/judgement-text.ts';
import type { Budget } from '../../../../load/metrics/log/budget.ts';
import type { Reading } from '../../../../load/metrics/log/monitor-reading.ts';
import { verdictTable } from '../../../../load/report/text/verdict-table.ts';
import { budget, makeResult, repeat, type MadeResult } from '../make-result.ts';

/** Ten minutes of steady state, a reading each 5 s. */
const minutes = 10;

function result(one: Budget, readings: readonly Reading[], more: MadeResult = {}) {
  return makeResult({
    bare: true,
    budgets: [one],
    intervals: Array.from({ length: minutes }, (_, i) => ({
      startMs: i * 60_000,
      endMs: (i + 1) * 60_000,
      series: [{ okMs: repeat(10, 100) }],
      monitor: { readings: readings.filter(({ toMs }) => Math.ceil(toMs / 60_000) === i + 1) },
    })),
    ...more,
  });
}

function judged(...made: Parameters<typeof result>) {
  return judge(result(...made)).judgements[0]!;
}

function each5s(of: (toMs: number) => Partial<Reading>): Reading[] {
  return Array.from({ length: minutes * 12 }, (_, i) => {
    const toMs = (i + 1) * 5000;
    return { source: '/metrics', fromMs: toMs - 5000, toMs, ...of(toMs) };
  });
}

const whereReported = { whereReported: true };
const cpu = budget('targetCpuPeak', '< 80 %', whereReported);
const pool = budget('poolAvailable', '> 0', whereReported);

for (const [what, line, of, value, status] of [
  ['CPU below', cpu, () => ({ gauges: { targetCpuPeak: 0.6 } }), 0.6, 'pass'],
  [
    'CPU that passes the limit for 5 s',
    cpu,
    (toMs: number) => ({ ratios: { targetCpuPeak: { part: toMs === 50_000 ? 9 : 2, whole: 10 } } }),
    0.9,
    'fail',
  ],
  [
    'free connections',
    pool,
    (toMs: number) => ({ gauges: { poolAvailable: toMs / 5000 } }),
    1,
    'pass',
  ],
  [
    'no free connection, once',
    pool,
    (toMs: number) => ({ gauges: { poolAvailable: toMs === 50_000 ? 0 : 13 } }),
    0,
    'fail',
  ],
] as const) {
  test(`${what}: ${status}`, () => {
    const one = judged(line, each5s(of));
    expect(one).toMatchObject({ status, value, samples: 120 });
    expect(one.worst).toMatchObject({ value });
  });
}

test('CPU over less than a second is the grain of its clock, and left out', () => {
  const short = { source: '/metrics', fromMs: 5000, toMs: 5003 };
  const readings = each5s(() => ({ ratios: { targetCpuPeak: { part: 1, whole: 10 } } }));
  const one = judged(cpu, [
    ...readings,
    { ...short, ratios: { targetCpuPeak: { part: 0.01, whole: 0.006 } } },
  ]);
  expect(one).toMatchObject({ value: 0.1, samples: 120 });
});

test('a target that does not report it is not visible: neither red nor green', () => {
  const made = result(cpu, []);
  const [one] = judge(made).judgements;
  expect(one!.status).toBe('not-visible');
  expect(statusText(one!)).toBe('not visible');
  expect(verdictTable(judge(made), made)).toContain('not visible: this target does not report it');
  expect(judge(made)).toMatchObject({ judgedCount: 0, totalCount: 1, verdict: 'no-data' });
  const beside = judge(result(cpu, [], { budgets: [cpu, budget('p50', '< 1 s')] }));
  expect(beside).toMatchObject({ judgedCount: 1, totalCount: 2, verdict: 'pass' });
});

test('a target that told it and then no more is no data', () => {
  const half = each5s((toMs) =>
    toMs < 300_000 ? { gauges: { poolAvailable: 5 } } : { unknown: { '*': 'status 503' } },
  );
  expect(judged(pool, half).status).toBe('no-data');
});

test('without `whereReported` a target has to tell it', () => {
  expect(judged(budget('poolAvailable', '> 0'), []).status).toBe('no-data');
});

test('`last` judges the end of the steady state alone, and its name says so', () => {
  const line = budget('cacheHitRate', '> 70 %', { ...whereReported, lastMs: 300_000 });
  const warm = each5s((toMs) => ({
    ratios: { cacheHitRate: { part: toMs <= 300_000 ? 0 : 9, whole: 10 } },
  }));
  expect(judged(line, warm)).toMatchObject({ value: 0.9, status: 'pass', samples: 600 });
  expect(judged(line, warm).name).toBe('cacheHitRate (last 5 min)');
  expect(judged(budget('cacheHitRate', '> 70 %'), warm).status).toBe('fail');
  const low = budget('poolAvailable', '> 0', { lastMs: 300_000 });
  const early = each5s((toMs) => ({ gauges: { poolAvailable: toMs <= 290_000 ? 0 : 3 } }));
  expect(judged(low, early)).toMatchObject({ value: 3, status: 'pass' });
});

test('two sources that tell the same are not added up', () => {
  const readings = each5s(() => ({ ratios: { targetCpu: { part: 2, whole: 5 } } }));
  const own = readings.map((one) => ({
    ...one,
    source: 'process',
    ratios: { targetCpu: { part: 1, whole: 5 } },
  }));
  const both = readings.flatMap((one, i) => [one, own[i]!]);
  expect(judged(budget('targetCpu', '< 50 %'), both)).toMatchObject({ value: 0.2, samples: 600 });
});
