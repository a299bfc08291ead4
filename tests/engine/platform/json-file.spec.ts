import { expect, test } from '@playwright/test';
import { linesOfJson } from '../../../load/platform/json-file.ts';

const values: Readonly<Record<string, unknown>> = {
  'what fits a line': { a: 1, b: [1, 2], c: 'x' },
  'long objects': { first: 'x'.repeat(60), second: { third: 'y'.repeat(60), fourth: null } },
  'long lists': ['x'.repeat(60), 'y'.repeat(60)],
  buckets: { buckets: Array.from({ length: 100 }, (_, i) => [i, i * 2]) },
  nothing: {},
};

for (const [what, value] of Object.entries(values)) {
  test(`is the same value again: ${what}`, () => {
    expect(JSON.parse(linesOfJson(value))).toEqual(value);
  });
}

test('a member a line, short ones and lists of numbers whole', () => {
  const long = 'x'.repeat(100);
  const value = { long, short: { a: 1 }, buckets: Array.from({ length: 60 }, () => [1, 2]) };
  expect(linesOfJson(value).split('\n')).toEqual([
    '{',
    `  "long": "${long}",`,
    '  "short": {"a":1},',
    `  "buckets": ${JSON.stringify(value.buckets)}`,
    '}',
    '',
  ]);
});
