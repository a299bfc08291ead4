import { expect, test } from '@playwright/test';
import { lacksSamples } from '../../../../load/budgets/during-run.ts';
import { judge } from '../../../../load/budgets/judge.ts';
import { headline, judgementLine } from '../../../../load/budgets/judgement-text.ts';
import { verdictTable } from '../../../../load/report/text/verdict-table.ts';
import type { Reading } from '../../../../load/metrics/log/monitor-reading.ts';
import { budget, makeResult, repeat, type MadeResult } from '../make-result.ts';

const minuteMs = 60_000;
const mb = 1_000_000;

/** An hour unless it says otherwise; an interval per minute after a ramp-up of one, with 100 requests. */
function result(
  msOf: (minute: number) => number,
  key: string,
  limit: string,
  more: MadeResult & {
    terms?: { whereReported: boolean };
    minutes?: number;
    readings?: (minute: number) => Reading[];
  } = {},
) {
  const { minutes = 59, readings = () => [] } = more;
  const endMs = (minutes + 1) * minuteMs;
  return makeResult({
    bare: true,
    budgets: [budget(key, limit, more.terms)],
    plan: { intervalMs: minuteMs, ...more.plan },
    stream: {
      phases: [
        { name: 'ramp-up', startMs: 0, endMs: minuteMs, judged: false },
        { name: 'steady state', startMs: minuteMs, endMs, judged: true },
      ],
    },
    intervals: Array.from({ length: minutes + 1 }, (_, i) => ({
      startMs: i * minuteMs,
      endMs: (i + 1) * minuteMs,
      phases: [i === 0 ? 'ramp-up' : 'steady state'],
      monitor: { readings: readings(i) },
      series: [
        {
          okMs: repeat(i === 0 ? 9000 : msOf(i), 100),
          phase: i === 0 ? 'ramp-up' : 'steady state',
        },
      ],
    })),
  });
}

function judged(...made: Parameters<typeof result>) {
  return judge(result(...made)).judgements[0]!;
}

/** A saw: 0, 1, 2, 0, 1, 2 … */
const saw = (i: number): number => i % 3;

function memory(bytes: number, minute: number): Reading[] {
  return [10, 40].map((second) => {
    const toMs = minute * minuteMs + second * 1000;
    const gauges = { targetMemory: bytes, targetDescriptors: 40 };
    return { source: 'process', fromMs: toMs - 5000, toMs, gauges };
  });
}

test('a p95 that rises from minute to minute fails, in words that say how', () => {
  const made = result((i) => 3.1 + (0.45 * (i - 1)) / 58 + saw(i) / 1000, 'rise.p95', '< 10 %');
  const verdict = judge(made);
  expect(verdict.verdict).toBe('fail');
  expect(headline(verdict)).toBe(
    'Budget not met: p95 rises 15 % over 58 min (3.1 → 3.55 ms), p < 0.001, limit < 10 %',
  );
  const table = verdictTable(verdict, made);
  expect(table).toMatch(/FAIL +rise\.p95 +< 10 % +\+15 % +\+14 to \+15 % +59/);
  expect(table).toContain('From minute to minute:\n  - p95 rises 15 % over 58 min');
  for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('a p95 that rises by less than the limit passes', () => {
  const one = judged((i) => 3.1 + (0.25 * (i - 1)) / 58, 'rise.p95', '< 10 %');
  expect(one).toMatchObject({ status: 'pass', marginal: false });
  expect(judgementLine(one)).toMatch(/^p95 rises 8\.\d %/);
});

test('a steady p95 passes, a falling one too', () => {
  expect(judged((i) => 100 + saw(i), 'rise.p95', '< 10 %').status).toBe('pass');
  const falling = judged((i) => 200 - i, 'rise.p95', '< 10 %');
  expect(falling.status).toBe('pass');
  expect(judgementLine(falling)).toMatch(/^p95 falls 29 % over 58 min \(199 → 141 ms\), limit/);
});

test('the ramp-up is in no minute: it was slow', () => {
  expect(judged((i) => 100 + saw(i), 'rise.p95', '< 10 %').rise!.from).toBeLessThan(103);
});

test('a rise beyond the limit that may be chance passes as marginal and says so', () => {
  const swing = [0, 90, 10, 80, 20, 100, 30, 95, 15, 85, 40, 99];
  const one = judged((i) => 100 + swing[i - 1]!, 'rise.p95', '< 10 %', { minutes: 12 });
  expect(one).toMatchObject({ status: 'pass', marginal: true });
  expect(one.value).toBeGreaterThan(0.1);
  expect(judgementLine(one)).toMatch(/p = 0\.\d+: it may be chance, limit < 10 %$/);
});

test('too few minutes are no data at full length and not judged in a shortened run', () => {
  const few = { minutes: 9 };
  const one = judged(() => 100, 'rise.p95', '< 10 %', few);
  expect(one.status).toBe('no-data');
  expect(judgementLine(one)).toBe('rise.p95 has 9 of 10 minutes');
  const short = { ...few, plan: { shortened: true } };
  expect(judged(() => 100, 'rise.p95', '< 10 %', short).status).toBe('not-judged');
  expect(lacksSamples(result(() => 100, 'rise.p95', '< 10 %', few))).toBe(false);
});

for (const [what, from, to, status, says] of [
  ['18 %, 18 MB', 100, 118, 'fail', 'rises 18 % over'],
  ['4 %, 16 MB', 400, 416, 'pass', 'rises 4 % over'],
  ['15 %, 9 MB', 60, 69, 'pass', 'p < 0.001: less than 10 MB does not count'],
] as const) {
  test(`memory that grows by ${what}: ${status}`, () => {
    const readings = (i: number): Reading[] =>
      memory((from + ((to - from) * (i - 1)) / 58) * mb, i);
    const one = judged(() => 100, 'rise.targetMemory', '< 5 %', { readings });
    expect(one).toMatchObject({ status, marginal: false });
    expect(judgementLine(one)).toContain(says);
  });
}

test('descriptors that stay, stay', () => {
  const readings = (i: number): Reading[] => memory(1, i);
  const one = judged(() => 100, 'rise.targetDescriptors', '< 10 %', { readings });
  expect(one.status).toBe('pass');
  expect(judgementLine(one)).toContain("the target's descriptor count stays over 58 min (40)");
});

test('what no reading tells is not visible where the budget allows it, else no data', () => {
  const whereReported = { terms: { whereReported: true } };
  expect(judged(() => 1, 'rise.targetMemory', '< 5 %', whereReported).status).toBe('not-visible');
  expect(judged(() => 1, 'rise.targetMemory', '< 5 %').status).toBe('no-data');
});
