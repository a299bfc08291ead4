import { expect, test } from '@playwright/test';
import { judge } from '../../../../load/budgets/judge.ts';
import { headline } from '../../../../load/budgets/judgement-text.ts';
import type { Result } from '../../../../load/metrics/result/result.ts';
import { textTable, visible, wrapped } from '../../../../load/report/text/text-table.ts';
import { verdictTable } from '../../../../load/report/text/verdict-table.ts';
import { failing, invalid } from '../../budgets/failing-results.ts';
import { budget, makeResult, repeat } from '../../budgets/make-result.ts';

function linesOf(result: Result): string[] {
  return verdictTable(judge(result), result).split('\n');
}

// The golden texts stand here line by line, so that a change of them is read with the change of code.
const failingTable = [
  'Budget not met: p95 is ∞ (8.0 % not ok), limit < 2 s, missed from 0:31 to 0:34, worst at 0:31 (and 2',
  '  more)',
  '',
  'status   metric                  limit     observed          95 % interval   samples  worst second',
  'FAIL     p95                     < 2 s     ∞ (8.0 % not ok)  ∞                   411  ∞ at 0:31',
  'pass     p50                     < 500 ms  400 ms            400 ms              411  ∞ at 0:31',
  'pass     avg                     < 2 s     606 ms (ok only)                      378  2.5 s at 0:31',
  'FAIL     throughput              > 12 /s   11.1 /s                               411  2 /s at 0:31',
  'FAIL     errorRate               < 0.1 %   8.0 %             5.8–11.1 %          411  84.6 % at 0:31',
  'no data  vectorTimeoutRate       < 0.1 %   –                                       0',
  'no data  index documents: p95    < 5 s     1.2 s                            62 of 72  1.2 s at 0:00',
  'no data  query: p99              < 5 s     –                                0 of 368',
  '           {model=small}',
  'pass     degradedRate            < 5 % *   0 %               0–0.93 %            411',
  'pass     throttledRate           < 1 % *   0 %               0–0.93 %            411',
  'pass     droppedIterations       = 0 *     0                                     411',
  'pass     longestStall            < 5 s *   2.6 s                                 411  2.6 s at 0:31',
  '* default budget',
  '',
  'Switched on: any certificate accepted',
  '',
  'error       count  first  last  sample',
  'timeout        30   0:31  0:33  10 s passed',
  `status 500      3   0:32  0:32  {"error":"<b>\\u{1b}[31mdown\\n"} and much more text than fits into t…`,
  '',
  'Stalls (5 or more in flight, no progress):',
  '  - 2.6 s at 0:31–0:33, 5 in flight',
  '',
  '9 of 12 budgets judged',
  `Little's law: 13.21 in flight as sampled, 13.20 as computed (0.045 % apart)`,
];

const invalidTable = [
  'Invalid instrument: log breaks off at 1.3 s of 300 s: the process that wrote it died, and what was',
  '  in flight is lost; look for the reason (memory, a signal) and run again',
  '',
  'status    metric             limit    observed  95 % interval  samples  worst second',
  'pass      p95                < 30 ms  20 ms     20 ms               80  20 ms at 0:00',
  'marginal  errorRate          < 1 % *  0 %       0–4.6 %             80',
  'pass      degradedRate       < 5 % *  0 %       0–4.6 %             80',
  'marginal  throttledRate      < 1 % *  0 %       0–4.6 %             80',
  'pass      droppedIterations  = 0 *    0                             80',
  'pass      longestStall       < 2 s *  none                          80',
  '* default budget; marginal: passes, but its interval crosses the limit',
  '',
  'Invalid, no verdict on the target:',
  '  - log breaks off at 1.3 s of 300 s: the process that wrote it died, and what was in flight is',
  '    lost; look for the reason (memory, a signal) and run again',
  '',
  "This machine's lateness:",
  '  - p95 20 ms meets the limit of < 30 ms although this machine was up to 12 ms late: that can only',
  '    have made it slower',
  '',
  'Flags:',
  '  - the delay of the event loop was 12 ms at p99',
  '  - the event loop stood still for 300 ms at 0:01',
  '',
  '6 of 6 budgets judged',
];

test('a failed verdict names every budget, error and stall', () => {
  expect(linesOf(failing())).toEqual(failingTable);
});

test('an invalid verdict says which rule, the figure and what to do', () => {
  expect(linesOf(invalid())).toEqual(invalidTable);
});

test('no line is wider than 100 characters', () => {
  for (const line of [...linesOf(failing()), ...linesOf(invalid())]) {
    expect(Array.from(line).length).toBeLessThanOrEqual(100);
  }
});

const headlines: readonly [string, () => Result, string][] = [
  ['pass', () => makeResult(), 'Budgets met: all 5'],
  [
    'fail',
    () => makeResult({ budgets: [budget('p95', '< 50 ms')] }),
    'Budget not met: p95 is 100 ms, limit < 50 ms, missed from 0:00 to 0:01, worst at 0:00',
  ],
  [
    'fail without a broken budget',
    () => makeResult({ end: { cause: 'crashed', detail: 'out of memory' } }),
    'Budget not met: crashed after 1 s of 300 s: out of memory',
  ],
  [
    'no-data',
    () => makeResult({ budgets: [budget('p99', '< 1 s'), budget('ttft.p95', '< 1 s')] }),
    'No data: p99 has 100 of 368 samples (and 1 more)',
  ],
  [
    'no-data by an interrupt',
    () => makeResult({ end: { cause: 'interrupted' } }),
    'No data: interrupted after 1 s of 300 s',
  ],
  [
    'invalid',
    () => makeResult({ intervals: [{ scheduled: 1 }] }),
    'Invalid instrument: 1 request was scheduled, 0 ended in an outcome (1 lost): the accounting does not',
  ],
];

for (const [what, run, first] of headlines) {
  test(`the first line of ${what} is the headline`, () => {
    expect(linesOf(run())[0]).toBe(first);
  });
}

test('a shortened, interrupted run says so', () => {
  const result = makeResult({
    budgets: [budget('p99', '< 1 s')],
    plan: { shortened: true },
    end: { cause: 'interrupted' },
  });
  expect(linesOf(result)).toContain('5 of 6 budgets judged (shortened run, interrupted)');
  expect(linesOf(result).join('\n')).toMatch(/not judged +p99 +< 1 s +100 ms +100 of 368/);
});

test('a value beside its limit has the digits to tell them apart', () => {
  const budgets = [budget('avg', '< 2 s'), budget('errorRate', '< 7 %')];
  const series = [{ okMs: repeat(1999.9, 93_001), others: { failed: 6_999 } }];
  const lines = linesOf(makeResult({ budgets, bare: true, intervals: [{ series }] })).join('\n');
  expect(lines).toMatch(/pass +avg +< 2 s +1999\.9 ms \(ok only\)/);
  expect(lines).toMatch(/marginal +errorRate +< 7 % +6\.999 %/);
});

test('names and messages cannot forge lines or colours', () => {
  expect(visible('a\nb\r\t\u001b[31m\u202e\u2028c')).toBe(
    'a\\nb\\r\\t\\u{1b}[31m\\u{202e}\\u{2028}c',
  );
  const task = 'chat\nBudgets met: all';
  const result = makeResult({
    stream: { tasks: [{ name: task, weight: 1, deadlineMs: 1, toleratesDegraded: false }] },
    budgets: [budget('p95', '< 2 s', { task })],
    intervals: [{ series: [{ task, okMs: repeat(3000, 100) }] }],
  });
  expect(linesOf(result)[0]).toBe(
    'Budget not met: chat\\nBudgets met: all: p95 is 3 s, limit < 2 s, missed from 0:00 to 0:01, worst at',
  );
  expect(linesOf(result).join('\n')).toContain('FAIL      chat\\nBudgets met: all: p95');
});

test('a cell that does not fit is cut or wrapped, the others stay whole', () => {
  const row = ['abcdefghij klmnopqrstuvwxyz0123456789{model=small}', '1'];
  const columns = (elastic: 'cut' | 'wrap') =>
    [
      { title: 'name', elastic },
      { title: 'n', align: 'right' },
    ] as const;
  expect(textTable(columns('cut'), [row], 20)).toEqual([
    'name               n',
    'abcdefghij klmno…  1',
  ]);
  expect(textTable(columns('wrap'), [row], 20)).toEqual([
    'name               n',
    'abcdefghij         1',
    '  klmnopqrstuvwxy',
    '  z0123456789',
    '  {model=small}',
  ]);
});

test('long text is wrapped at spaces', () => {
  expect(wrapped('one two three four', 9)).toEqual(['one two', '  three', '  four']);
});

test('an outage is in the headline of an invalid run, too', () => {
  const verdict = judge(invalid());
  const outage = 'the system was not healthy after the load: refused';
  expect(headline({ ...verdict, reasons: [] })).not.toContain('besides');
  expect(headline({ ...verdict, reasons: [outage] })).toMatch(
    /^Invalid instrument: .*; besides, the system was not healthy after the load: refused$/,
  );
});
