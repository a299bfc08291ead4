import { expect, test } from '@playwright/test';
import { judgedLoad } from '../../../../load/budgets/judged-load.ts';
import { outcomeParameters } from '../../../../load/report/allure/outcome.ts';
import { failing } from '../../budgets/failing-results.ts';
import { budget, makeLoad, repeat } from '../../budgets/make-result.ts';

test('a red load tells its rows, and each figure beside its limit', () => {
  const { verdict, p95, errors } = outcomeParameters(judgedLoad(failing()));
  expect(verdict).toMatch(/^fail: .*\bp95\b.*, throughput/);
  expect(p95).toContain('∞ (8.0 % not ok), limit < 2 s');
  expect(errors).toBe('8.0 %, limit < 0.1 %');
});

test('where only a task has a limit, the figure of all requests stands beside it', () => {
  const load = makeLoad({
    intervals: repeat({ series: [{ okMs: repeat(100, 40) }] }, 20),
    budgets: [budget('p95', '< 3 s', { task: 'query' }), budget('errorRate', '< 1 %')],
  });
  expect(outcomeParameters(load)).toEqual({
    verdict: 'pass',
    p95: '100 ms; query: p95: 100 ms, limit < 3 s',
    errors: '0 %, limit < 1 %',
  });
});
