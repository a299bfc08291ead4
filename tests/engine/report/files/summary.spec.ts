import { expect, test } from '@playwright/test';
import { judge } from '../../../../load/budgets/judge.ts';
import type { Result } from '../../../../load/metrics/result/result.ts';
import {
  loadEntry,
  resultsOf,
  type LoadEntry,
} from '../../../../load/report/files/results-json.ts';
import { summaryMarkdown } from '../../../../load/report/files/summary.ts';
import { fault } from '../../../faults/fault-matrix.ts';
import { failing, invalid } from '../../budgets/failing-results.ts';
import { budget, makeResult } from '../../budgets/make-result.ts';

function entry(result: Result, name: string, status?: string): LoadEntry {
  return loadEntry(result, judge(result), `/run/${name}.ndjson`, status);
}

function linesOf(loads: readonly LoadEntry[]): string[] {
  return summaryMarkdown(resultsOf('run-1', loads, [])).split('\n');
}

test('a small run, whole', () => {
  const plan = { title: 'holds', budgets: [budget('p50', '< 1 s')] };
  expect(linesOf([entry(makeResult({ plan }), 'rag-steady')])).toEqual([
    '# Load run run-1',
    '',
    '1 of 1 budgets met in 1 load',
    '',
    '| load | verdict | budgets met | requests | not ok | p95 | marks |',
    '| :-- | :-- | --: | --: | --: | --: | :-- |',
    '| rag-steady | pass | 1 of 1 | 100 | 0 % | 100 ms |  |',
    '',
    '## rag-steady',
    '',
    'Budgets met: all 1',
    '',
    '- test: holds',
    '- started: 1970-01-01T00:00:00.000Z',
    '- workload: 5 users',
    '- think time: 1 s',
    '- target: 127.0.0.1:1 (given)',
    '- seed: 1',
    '- time scale: 1',
    '',
    '### Budgets',
    '',
    '| status | metric | limit | observed | 95 % interval | samples | worst second |',
    '| :-- | :-- | :-- | :-- | :-- | --: | :-- |',
    '| pass | p50 | &lt; 1 s | 100 ms | 100 ms | 100 | 100 ms at 0:00 |',
    '',
    '### Statistics',
    '',
    '| task | requests | failures | avg | min | p50 | p95 | p99 | max | req/s | fail/s | in flight | verdict |',
    `| :-- |${' --: |'.repeat(11)} :-- |`,
    `| query | 100 | 0 |${' 100 ms |'.repeat(6)} 100 | 0 |  | – |`,
    `| index documents | 0 | 0 |${' – |'.repeat(6)} 0 | 0 |  | – |`,
    `| all | 100 | 0 |${' 100 ms |'.repeat(6)} 100 | 0 | 5 | pass |`,
    '',
    'Judged: steady state, 1 s. Percentiles and max are over all scheduled requests (not ok counts as slower than any); avg and min are over the ok ones. In flight: the most at once. Verdict: the worst of the budgets on the row.',
    'Service time, counted from the sending: p95 100 ms.',
    'No request was scheduled in another phase.',
    '',
    '### Outcomes',
    '',
    '| outcome | judged phases | all phases |',
    '| :-- | --: | --: |',
    '| ok | 100 | 100 |',
    '| degraded | 0 | 0 |',
    '| throttled | 0 | 0 |',
    '| failed | 0 | 0 |',
    '| timeout | 0 | 0 |',
    '| invalid | 0 | 0 |',
    '| dropped | 0 | 0 |',
    '| interrupted | 0 | 0 |',
    '| sum | 100 | 100 |',
    '',
    'Scheduled: 100, the sum of the outcomes. Sent: 100. At most 5 in flight (at 0:00) and 5 users.',
    '',
  ]);
});

test('the overview tells verdicts and marks of every load', () => {
  const shortened = makeResult({ plan: { shortened: true }, budgets: [budget('p99', '< 1 s')] });
  const cut = makeResult({ end: { cause: 'interrupted' } });
  const loads = [
    entry(failing(), 'a', 'failed'),
    entry(invalid(), 'b', 'failed'),
    entry(shortened, 'c', 'passed'),
    entry(cut, 'd', 'interrupted'),
    entry(makeResult(), 'e.2', 'failed'),
  ];
  expect(linesOf(loads).slice(2, 11)).toEqual([
    '21 of 34 budgets met (4 not judged) in 5 loads; invalid: b; interrupted: d; shortened: c',
    '',
    '| load | verdict | budgets met | requests | not ok | p95 | marks |',
    '| :-- | :-- | --: | --: | --: | --: | :-- |',
    '| a | fail | 6 of 12 | 411 | 8.0 % | ∞ |  |',
    '| b | invalid | 0 of 6 | 80 | 0 % | 20 ms |  |',
    '| c | pass | 5 of 6 | 100 | 0 % | 100 ms | shortened |',
    '| d | no-data | 5 of 5 | 100 | 0 % | 100 ms | interrupted |',
    '| e.2 | pass | 5 of 5 | 100 | 0 % | 100 ms | test failed |',
  ]);
});

test('what makes a run invalid, its flags and its errors are in it', () => {
  const text = linesOf([entry(invalid(), 'b'), entry(failing(), 'a')]).join('\n');
  expect(text).toContain(
    'Invalid, no verdict on the target:\n\n- log breaks off at 1.3 s of 300 s',
  );
  expect(text).toContain(
    'Flags:\n\n- the delay of the event loop was 12 ms at p99\n- the event loop stood still',
  );
  expect(text).toContain(
    "This machine's lateness:\n\n- p95 20 ms meets the limit of &lt; 30 ms although this machine",
  );
  expect(text).toContain('### Errors\n\n| task | error | count |');
});

test('names, titles and messages of others do nothing', { annotation: fault(33) }, () => {
  const task = '<script>`|@team\n# x';
  const result = makeResult({
    plan: { title: '@everyone\n<img src=x>', flags: ['|'] },
    stream: { tasks: [{ name: task, weight: 1, deadlineMs: 1, toleratesDegraded: false }] },
    budgets: [budget('p50', '< 1 s', { task })],
    intervals: [
      {
        series: [
          {
            task,
            request: task,
            others: { failed: 9 },
            errors: [{ kind: 'x|y', count: 9, firstMs: 0, lastMs: 0, sample: '</td>@team `' }],
          },
        ],
      },
    ],
  });
  const text = linesOf([entry(result, 'a<b>')]).join('\n');
  expect(text).not.toMatch(/<(script|img|\/td|b)>?/);
  expect(text).not.toMatch(/@(team|everyone)/);
  expect(text).not.toMatch(/^# x/m);
  const tables = text.split('\n').filter((line) => line.startsWith('|'));
  for (const line of tables) expect([4, 7, 8, 9, 14]).toContain(line.split('|').length - 1);
});

test('a log that could not be read is named', () => {
  const results = resultsOf('run-1', [], [{ log: 'x.ndjson', reason: '/run/x.ndjson: no plan' }]);
  expect(summaryMarkdown(results)).toBe(
    '# Load run run-1\n\n0 of 0 budgets met in 0 loads\n\n' +
      '## Not readable\n\n- x.ndjson: /run/x.ndjson: no plan\n',
  );
});

test('where streams were measured, what other tools call their figures', () => {
  const series = [{ okMs: [900], trends: { interToken: [20], chunkGap: [60] } }];
  const text = linesOf([entry(makeResult({ intervals: [{ series }] }), 'streams')]).join('\n');
  expect(text).toContain('| interToken (inter-token latency) | TPOT | ITL | ITL |');
  expect(text).toContain('| chunkGap (chunk gap) | ITL | ICL | – |');
  expect(linesOf([entry(makeResult({}), 'plain')]).join('\n')).not.toContain('TPOT');
});
