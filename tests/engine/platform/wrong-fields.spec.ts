import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { knownKeys, wrongFields } from '../../../load/platform/wrong-fields.ts';

const count = z.int({ error: 'a whole number' });
const schema = z.strictObject(
  { count, deep: z.object({ count }) },
  { error: knownKeys(['count']) },
);

function wrong(input: unknown): string[] {
  return wrongFields('it', schema.safeParse(input).error!, input);
}

test('each wrong field is told with its path, its value and what is accepted', () => {
  expect(wrong({ count: 'two', deep: { count: null } })).toEqual([
    'it.count: a whole number (got "two")',
    'it.deep.count: a whole number (got null)',
  ]);
  expect(wrong({ count: 1 })).toEqual([expect.stringMatching(/^it\.deep: .*\(got nothing\)$/)]);
});

test('the path of a file stands apart', () => {
  const { error } = schema.safeParse({ deep: { count: 1 }, x: 1 });
  expect(wrongFields('a.json: ', error!, { x: 1 })).toEqual([
    'a.json: count: a whole number (got nothing)',
    'a.json: x: unknown (got 1); accepted: count',
  ]);
});

test('a key that is not known is told with those that are', () => {
  expect(wrong({ count: 1, deep: { count: 1 }, depp: NaN })).toEqual([
    'it.depp: unknown (got NaN); accepted: count',
  ]);
});
