import { expect, test } from '@playwright/test';
import { statisticsIn } from '../../../load/report/statistics.ts';
import { statisticsMarkdown, statisticsText } from '../../../load/report/statistics-table.ts';
import { failing } from '../budgets/failing-results.ts';
import { repeat } from '../budgets/make-result.ts';
import { requests, resultOf, type MadeLog } from './make-log.ts';

function linesOf(made: MadeLog): string[] {
  return statisticsText(statisticsIn(resultOf(made))).split('\n');
}

const phase = { startMs: 0, endMs: 300_000, judged: true } as const;
const ramp = { name: 'ramp-up', startMs: 0, endMs: 1000, judged: false } as const;
const steady = { ...phase, name: 'steady state' } as const;

test('a row per task, percentiles over all scheduled, the ok ones beside them', () => {
  expect(statisticsText(statisticsIn(failing())).split('\n')).toEqual([
    'task               requests  failures     avg     min     p50     p95    p99    max  service p95  req/s  failures/s',
    'query                   349        33  489 ms  400 ms  400 ms       ∞      ∞      ∞            ∞   10.3       0.971',
    '└ (ok ones alone)       316         0  489 ms  400 ms  400 ms  900 ms  2.5 s  2.5 s       900 ms   9.29           0',
    'index documents          62         0   1.2 s   1.2 s   1.2 s   1.2 s  1.2 s  1.2 s        1.2 s   1.82           0',
    'all                     411        33  606 ms  400 ms  400 ms       ∞      ∞      ∞            ∞   12.1       0.971',
    '└ (ok ones alone)       378         0  606 ms  400 ms  400 ms   1.2 s  2.5 s  2.5 s        1.2 s   11.1           0',
    'Judged: steady state, 34 s. Percentiles and max are over all scheduled requests, and what did not end ok is slower than',
    '  any; avg and min are over the ok ones.',
    'No request was scheduled in another phase.',
  ]);
});

test('the same figures as Markdown', () => {
  const lines = statisticsMarkdown(statisticsIn(failing())).split('\n');
  expect(lines[0]).toMatch(/^\| task \| requests \| failures \| avg \| min \| p50 \|/);
  expect(lines[1]).toBe(`| :-- |${' --: |'.repeat(11)}`);
  expect(lines[2]).toBe(
    '| query | 349 | 33 | 489 ms | 400 ms | 400 ms | ∞ | ∞ | ∞ | ∞ | 10.3 | 0.971 |',
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
});

test('nothing but failures, and nothing at all', () => {
  const failed = linesOf({ seconds: [[requests([], { others: { failed: 4 } })]] });
  expect(failed[1]).toMatch(/^query +4 +4 +– +– +∞ +∞ +∞ +∞ +∞ +4 +4$/);
  expect(failed.join()).not.toContain('ok ones alone');
  const none = linesOf({ seconds: [] });
  expect(none.find((line) => line.startsWith('all'))).toMatch(/^all +0 +0( +–){9}$/);
  expect(none.at(-3)).toMatch(/^Judged: steady state, 0 s\./);
});

test('names cannot break out of their row', () => {
  const result = resultOf({ seconds: [[requests([1], { task: 'a|b\n<i>@team`' })]] });
  expect(statisticsText(statisticsIn(result))).toContain('a|b\\n<i>@team`');
  const markdown = statisticsMarkdown(statisticsIn(result));
  expect(markdown).toContain('| a&#124;b\\\\n&lt;i&gt;@&#8203;team&#96; | 1 |');
});
