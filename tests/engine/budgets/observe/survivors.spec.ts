import { expect, test } from '@playwright/test';
import { judge } from '../../../../load/budgets/judge.ts';
import { verdictTable } from '../../../../load/report/text/verdict-table.ts';
import { budget, makeResult, repeat, type MadeSeries } from '../make-result.ts';

function remarksOn(series: readonly MadeSeries[], key = 'p95{model=small}') {
  const result = makeResult({
    bare: true,
    budgets: [budget(key, '< 9 s')],
    intervals: [{ series }],
  });
  const verdict = judge(result);
  return { remarks: verdict.judgements[0]!.remarks, text: verdictTable(verdict, result) };
}

const answered: MadeSeries = { labels: { model: 'small' }, okMs: repeat(10, 90) };

test('a label that failed requests lack is told where a budget uses it', () => {
  const { remarks, text } = remarksOn([answered, { others: { failed: 8, timeout: 2 } }]);
  expect(remarks).toEqual([
    expect.stringContaining('10 requests that failed lack the label "model"'),
  ]);
  expect(text).toContain('Of single budgets:');
  expect(text.replace(/\s+/g, ' ')).toContain(
    'p95{model=small}: 10 requests that failed lack the label "model"',
  );
});

for (const [what, series, key] of [
  ['nothing failed', [answered, { okMs: repeat(10, 10) }], undefined],
  [
    'what failed has it',
    [answered, { labels: { model: 'small' }, others: { failed: 9 } }],
    undefined,
  ],
  [
    'what failed is another request',
    [answered, { request: 'login', others: { failed: 9 } }],
    undefined,
  ],
  ['what lacks it never began', [answered, { others: { dropped: 9, interrupted: 1 } }], undefined],
  [
    'many ok ones lack it, too',
    [answered, { okMs: repeat(10, 20), others: { failed: 9 } }],
    undefined,
  ],
  [
    'the budget names the request alone',
    [answered, { others: { failed: 9 } }],
    'p95{request=query}',
  ],
] as const) {
  test(`nothing is told where ${what}`, () => {
    expect(remarksOn(series, key).remarks).toBeUndefined();
  });
}
