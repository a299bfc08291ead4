import { expect, test } from '@playwright/test';
import type { TestCase } from '@playwright/test/reporter';
import { join } from 'node:path';
import {
  areToldElsewhere,
  errorTexts,
  failureTitle,
} from '../../../../load/report/playwright/failures.ts';

const file = join(process.cwd(), 'tests/shop.spec.ts');
const testCase = {
  titlePath: () => ['', 'spike', 'shop.spec.ts', 'checkout', 'takes 200 users'],
  location: { file, line: 7, column: 1 },
} as unknown as TestCase;

test('another reporter tells failures, unless it is told not to', () => {
  expect(areToldElsewhere({ reporter: [['list']] })).toBe(true);
  expect(areToldElsewhere({ reporter: [['html', {}], ['dot']] })).toBe(true);
  expect(areToldElsewhere({ reporter: [['list', { omitFailures: true }], ['html']] })).toBe(false);
  expect(areToldElsewhere({ reporter: [['html']] })).toBe(false);
});

test('a failure begins as in Playwright’s list', () => {
  expect(failureTitle(testCase, 2)).toBe(
    '  2) [spike] › tests/shop.spec.ts:7:1 › checkout › takes 200 users',
  );
});

test('what is told is not told again; words of the test’s own stay', () => {
  const verdict = 'Budget not met: p95 is 3 s\n\nFAIL  p95';
  const stack = `Error: x\n    at load/run.ts:3:4\n    at ${file}:12:5`;
  const texts = errorTexts(
    testCase,
    [
      { message: `Error: ${verdict}`, stack },
      { message: `Error: at noon\n\n${verdict}`, stack },
      { message: '\u001b[31mPreflight: the system is not healthy\u001b[39m', stack },
    ],
    { told: [verdict], withCode: false },
  );
  expect(texts).toEqual([
    'Error: at noon\n    at tests/shop.spec.ts:12:5',
    // Where in the engine it was noticed is nothing to the reader.
    'Preflight: the system is not healthy\n    at tests/shop.spec.ts:12:5',
  ]);
});

test('an error of another kind of test has its code', () => {
  const error = {
    message: 'Error: no',
    snippet: '> 3 | boom();',
    location: { file, line: 3, column: 9 },
  };
  const [text] = errorTexts(testCase, [error], { told: [], withCode: true });
  expect(text).toBe('Error: no\n\n> 3 | boom();\n    at tests/shop.spec.ts:3:9');
});
