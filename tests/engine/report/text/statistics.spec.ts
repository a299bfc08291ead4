import { expect, test } from '@playwright/test';
import { judge } from '../../../../load/budgets/judge.ts';
import type { Result } from '../../../../load/metrics/result/result.ts';
import { statisticsIn, type Statistics } from '../../../../load/report/text/statistics.ts';
import {
  statisticsMarkdown,
  statisticsText,
} from '../../../../load/report/text/statistics-table.ts';
import { failing } from '../../budgets/failing-results.ts';
import { budget, repeat } from '../../budgets/make-result.ts';
import { requests, resultOf, type MadeLog } from '../make-log.ts';

function statisticsOf(result: Result): Statistics {
  return statisticsIn(result, judge(result));
}

function linesOf(made: MadeLog): string[] {
  return statisticsText(statisticsOf(resultOf(made))).split('\n');
}

const phase = { startMs: 0, endMs: 300_000, judged: true } as const;
const ramp = { name: 'ramp-up', startMs: 0, endMs: 1000, judged: false } as const;
const steady = { ...phase, name: 'steady state' } as const;

test('a row per task, percentiles over all scheduled, the ok ones beside them', () => {
  expect(statisticsText(statisticsOf(failing())).split('\n')).toEqual([
    'task             requests  failures     avg     min     p50     p95    p99    max  req/s  fail/s  in flight  verdict',
    'query                 349        33  489 ms  400 ms  400 ms       ∞      ∞      ∞   10.3   0.971             no data',
    '└ ok alone            316         0  489 ms  400 ms  400 ms  900 ms  2.5 s  2.5 s   9.29       0',
    'index documents        62         0   1.2 s   1.2 s   1.2 s   1.2 s  1.2 s  1.2 s   1.82       0             no data',
    'all                   411        33  606 ms  400 ms  400 ms       ∞      ∞      ∞   12.1   0.971          5  fail',
    '└ ok alone            378         0  606 ms  400 ms  400 ms   1.2 s  2.5 s  2.5 s   11.1       0',
    'Judged: steady state, 34 s. Percentiles and max are over all scheduled requests (not ok counts as slower than any); avg',
    '  and min are over the ok ones. In flight: the most at once. Verdict: the worst of the budgets on the row.',
    'Service time, counted from the sending: p95 ∞.',
    'No request was scheduled in another phase.',
  ]);
});

test('the same figures as Markdown', () => {
  const lines = statisticsMarkdown(statisticsOf(failing())).split('\n');
  expect(lines[0]).toMatch(/^\| task \| requests \| failures \| avg \| min \| p50 \|/);
  expect(lines[1]).toBe(`| :-- |${' --: |'.repeat(11)} :-- |`);
  expect(lines[2]).toBe(
    '| query | 349 | 33 | 489 ms | 400 ms | 400 ms | ∞ | ∞ | ∞ | 10.3 | 0.971 |  | no data |',
  );
});

test('requests of other phases are told, not tabled', () => {
  const lines = linesOf({
    plan: { stream: { phases: [ramp, steady] } },
    seconds: [
      [requests(repeat(900, 30), { phase: 'ramp-up' })],
      [requests(repeat(100, 10)), requests([50], { phase: 'drain' })],
    ],
  });
  expect(lines[1]).toMatch(/^query +10 +0 +100 ms +100 ms/);
  expect(lines.at(-1)).toBe(
    'Scheduled in other phases, and not in this table: 31 (ramp-up: 30, drain: 1).',
  );
});

test('requests have rows of their own where a task has several', () => {
  const lines = linesOf({
    seconds: [[requests([10], { request: 'login' }), requests([30], { request: 'ask' })]],
  });
  expect(lines.slice(1, 6).map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
    ['query', '2', '0', '20 ms'],
    ['└ login', '1', '0', '10 ms'],
    ['└ ask', '1', '0', '30 ms'],
    ['index documents', '0', '0', '–'],
    ['all', '2', '0', '20 ms'],
  ]);
});

test('streams are kept apart and named', () => {
  const [stream] = resultOf({ seconds: [] }).plan.streams;
  const probes = { ...stream!, name: 'probes', judged: false, tasks: [] };
  const lines = linesOf({
    plan: { plan: { streams: [stream!, probes] } },
    seconds: [[requests([10]), requests([20], { stream: 1, task: 'probe' })]],
    interval: { phases: ['steady state', 'steady state'] },
  });
  expect(lines.slice(1, 6).map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
    ['users: query', '1'],
    ['users: index documents', '0'],
    ['users: all', '1'],
    ['probes: probe', '1'],
    ['probes: all', '1'],
  ]);
  expect(lines).toContain(
    'Service time, counted from the sending: users: p95 10 ms, probes: p95 20 ms.',
  );
  // Counted for both together, and budgets are of the first.
  expect(lines[3]).toMatch(/ 1 +0 +– +pass$/);
  expect(lines[5]).toMatch(/ 1 +0 +– +–$/);
});

for (const [what, budgets, verdicts] of [
  ['none stated', [], ['–', '–', '–']],
  ['on a task', [budget('p50', '< 150 ms', { task: 'query' })], ['pass', '–', '–']],
  [
    'the worst counts',
    [budget('p50', '< 150 ms', { task: 'query' }), budget('avg', '< 50 ms', { task: 'query' })],
    ['fail', '–', '–'],
  ],
  ['without samples', [budget('p50', '< 1 s', { task: 'index documents' })], ['–', 'no data', '–']],
  ['on the whole load', [budget('p50', '< 50 ms')], ['–', '–', 'fail']],
] as const) {
  test(`the verdict of a row: ${what}`, () => {
    const lines = linesOf({
      plan: { budgets, bare: true },
      seconds: [[requests(repeat(100, 10))]],
    });
    expect(lines.slice(1, 4).map((line) => line.split(/ {2,}/).at(-1))).toEqual(verdicts);
  });
}

test('a budget that is not judged says nothing, and an invalid load gives no verdict', () => {
  const plan = { budgets: [budget('p99', '< 1 s')], bare: true };
  const made = { plan, seconds: [[requests(repeat(100, 10))]] };
  const all = (more: Partial<MadeLog>): string | undefined =>
    linesOf({ ...made, ...more }).find((line) => line.startsWith('all'));
  expect(all({ plan: { ...plan, plan: { shortened: true } } })).toMatch(/ –$/);
  expect(all({ plan: { ...plan, budgets: [budget('p50', '< 1 s')] }, end: false })).toMatch(
    / invalid$/,
  );
});

test('of an interrupted load no row passes, and a broken budget stays one', () => {
  const rowsOf = (limit: string): string[] =>
    linesOf({
      plan: { budgets: [budget('p50', limit), budget('p50', limit, { task: 'query' })] },
      seconds: [[requests(repeat(100, 10))]],
      end: { cause: 'interrupted', detail: 'Ctrl-C' },
    })
      .filter((line) => /^(query|all) /.test(line))
      .map((line) => line.split(/ {2,}/).at(-1)!);
  expect(rowsOf('< 1 s')).toEqual(['interrupted', 'interrupted']);
  expect(rowsOf('< 50 ms')).toEqual(['fail', 'fail']);
});

test('in flight: the most at once in the judged phases', () => {
  const result = resultOf({
    plan: { stream: { phases: [ramp, steady] } },
    seconds: [[requests([1], { phase: 'ramp-up' })], [requests([1])], [requests([1])]],
  });
  const timeline = result.timeline.map((point, i) => ({
    ...point,
    phases: [i === 0 ? 'ramp-up' : 'steady state'],
    inFlightPeak: [90, 7, 12][i]!,
  }));
  const { rows } = statisticsOf({ ...result, timeline });
  expect(rows.map(({ kind, peakInFlight }) => [kind, peakInFlight])).toEqual([
    ['task', undefined],
    ['task', undefined],
    ['all', 12],
  ]);
});

test('nothing but failures, and nothing at all', () => {
  const failed = linesOf({ seconds: [[requests([], { others: { failed: 4 } })]] });
  expect(failed[1]).toMatch(/^query +4 +4 +– +– +∞ +∞ +∞ +∞ +4 +4 +–$/);
  expect(failed.join()).not.toContain('ok alone');
  const none = linesOf({ seconds: [] });
  expect(none.find((line) => line.startsWith('all'))).toMatch(/^all +0 +0( +–){9} +no data$/);
  expect(none.at(-4)).toMatch(/^Judged: steady state, 0 s\./);
});

test('names cannot break out of their row', () => {
  const result = resultOf({ seconds: [[requests([1], { task: 'a|b\n<i>@team`' })]] });
  expect(statisticsText(statisticsOf(result))).toContain('a|b\\n<i>@team`');
  const markdown = statisticsMarkdown(statisticsOf(result));
  expect(markdown).toContain('| a&#124;b\\\\n&lt;i&gt;@&#8203;team&#96; | 1 |');
});
