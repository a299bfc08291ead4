import { expect, test } from '@playwright/test';
import { budget, makeResult, repeat } from '../../budgets/make-result.ts';
import { judge } from '../../../../load/budgets/judge.ts';
import { printedLoad, textsOf } from '../../../../load/report/text/load-texts.ts';
import { loadEntry, resultsOf } from '../../../../load/report/files/results-json.ts';
import { speedUpText, throughputOf } from '../../../../load/report/text/speed-up.ts';
import { summaryMarkdown } from '../../../../load/report/files/summary.ts';
import type { Result } from '../../../../load/metrics/result/result.ts';

/** So many requests in the one second of the load. */
function load(perSecond: number, others = {}, comparedWith?: Result) {
  return makeResult({
    budgets: [budget('speedUp', '> 7')],
    plan: { comparedWith: comparedWith && throughputOf(comparedWith) },
    intervals: [{ series: [{ okMs: repeat(10, perSecond), others }] }],
  });
}

const compared = load(1010, { failed: 5 }, load(50));
const sentence = 'Speed-up: 20.2× (50 requests/s with 5 users, 1010 with 5 users)';

test('is the ratio of what ended ok per second', () => {
  expect(speedUpText(compared)).toBe(sentence);
});

test('stands on the console, in the summary and in results.json', () => {
  const verdict = judge(compared);
  expect(printedLoad('load', textsOf(compared, verdict))).toContain(sentence);
  const entry = loadEntry(compared, verdict, 'load.ndjson');
  expect(entry.metrics).toMatchObject([
    { metric: 'speedUp', kind: 'derived', figures: { value: { value: 20.2, text: '20.2' } } },
  ]);
  expect(summaryMarkdown(resultsOf('run', [entry], []))).toContain('Speed-up: 20.2×');
});

test('may be budgeted', () => {
  const named = (result: Result) =>
    judge(result).judgements.find(({ name }) => name === 'speedUp')!.status;
  expect(named(compared)).toBe('pass');
  expect(named(load(300, {}, load(50)))).toBe('fail');
  expect(named(load(300))).toBe('no-data');
});

test('is empty where nothing is compared, and unknown where nothing ended ok', () => {
  expect(speedUpText(load(300))).toBe('');
  expect(speedUpText(load(300, {}, load(0, { failed: 10 })))).toBe('');
  expect(speedUpText(load(0, { failed: 10 }, load(50)))).toBe(
    'Speed-up: 0.0× (50 requests/s with 5 users, 0 with 5 users)',
  );
});
