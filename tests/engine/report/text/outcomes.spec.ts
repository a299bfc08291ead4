import { expect, test } from '@playwright/test';
import {
  errorsMarkdown,
  errorsText,
  outcomesIn,
  outcomesMarkdown,
  outcomesText,
} from '../../../../load/report/text/outcomes.ts';
import { failing } from '../../budgets/failing-results.ts';
import { repeat } from '../../budgets/make-result.ts';
import { requests, resultOf } from '../make-log.ts';

const others = { degraded: 2, throttled: 3, failed: 4, timeout: 5, invalid: 6, dropped: 7 };

test('all eight outcomes, judged and of the whole run, and their sum', () => {
  const result = resultOf({
    seconds: [
      [requests(repeat(10, 20), { others: { ...others, interrupted: 8 } })],
      [requests([10], { phase: 'drain', others: { timeout: 1 } })],
    ],
  });
  expect(outcomesText(outcomesIn(result)).split('\n')).toEqual([
    'outcome      judged phases  all phases',
    'ok                      20          21',
    'degraded                 2           2',
    'throttled                3           3',
    'failed                   4           4',
    'timeout                  5           6',
    'invalid                  6           6',
    'dropped                  7           7',
    'interrupted              8           8',
    'sum                     55          57',
    'Scheduled: 57, the sum of the outcomes. Sent: 57. At most 5 in flight (at 0:00) and 5 users.',
  ]);
  expect(outcomesMarkdown(outcomesIn(result))).toContain('| sum | 55 | 57 |\n\nScheduled: 57, the');
});

for (const [scheduled, text] of [
  [12, 'Scheduled: 12, 2 more than ended in an outcome.'],
  [9, 'Scheduled: 9, 1 fewer than ended in an outcome.'],
] as const) {
  test(`accounting that does not add up: ${scheduled} of 10`, () => {
    const result = resultOf({ seconds: [[requests(repeat(10, 10))]], interval: { scheduled } });
    expect(outcomesText(outcomesIn(result))).toContain(text);
  });
}

test('the peak in flight is told with its time', () => {
  const result = failing();
  const timeline = result.timeline.map((point, i) =>
    i === 31 ? { ...point, inFlightPeak: 98 } : point,
  );
  const text = outcomesText(outcomesIn({ ...result, timeline }));
  expect(text).toContain('At most 98 in flight (at 0:31) and 5 users.');
});

test('errors by task and kind, the most frequent first, with their whole sample', () => {
  expect(errorsText(outcomesIn(failing())).split('\n')).toEqual([
    'task   error       count  first  last  sample',
    'query  timeout        30   0:31  0:33  10 s passed',
    'query  status 500      3   0:32  0:32  {"error":"<b>\\u{1b}[31mdown\\n"} and much more text than fits into the table here',
  ]);
  expect(errorsMarkdown(outcomesIn(failing()))).toContain('{"error":"&lt;b&gt;\\\\u{1b}\\[31mdown');
});

test('errors are capped, and none are no table', () => {
  const errors = Array.from({ length: 60 }, (_, i) => ({
    kind: `kind ${i}`,
    count: 1,
    firstMs: 0,
    lastMs: 0,
    sample: '',
  }));
  const many = outcomesIn(
    resultOf({ seconds: [[requests([], { others: { failed: 60 }, errors })]] }),
  );
  expect(errorsText(many).split('\n').at(-1)).toBe('and 10 more');
  const none = outcomesIn(resultOf({ seconds: [[requests([1])]] }));
  expect([errorsText(none), errorsMarkdown(none)]).toEqual(['', '']);
});
