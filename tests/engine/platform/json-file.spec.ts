import { expect, test } from '@playwright/test';
import { isTooMuchJson, linesOfJson, parsedJson } from '../../../load/platform/json-file.ts';

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

const large = 'x'.repeat(300_000);
for (const [what, text, isRead] of [
  ['a long text', JSON.stringify({ a: large }), true],
  ['brackets and commas in a text', JSON.stringify([',[{'.repeat(600_000)]), true],
  ['escaped quotes', JSON.stringify(['\\"'.repeat(200_000), ',['.repeat(900_000)]), true],
  ['a million values less one', `[${'0,'.repeat(999_998)}0]`, true],
  ['a million values and more', `[${'0,'.repeat(1_000_001)}0]`, false],
  ['as many lists', `[${'[],'.repeat(600_000)}0]`, false],
  ['a thousand within each other', `${'['.repeat(1000)}"${large}"${']'.repeat(1000)}`, true],
  ['more than that', `${'{"a":'.repeat(1001)}"${large}"${'}'.repeat(1001)}`, false],
  ['more than that, without an end', '['.repeat(300_000), false],
] as const) {
  test(`of others' JSON ${what} ${isRead ? 'is' : 'is not'} read`, () => {
    expect(isTooMuchJson(text)).toBe(!isRead);
    expect(parsedJson(text) !== undefined).toBe(isRead);
  });
}
