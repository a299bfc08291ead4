import { expect, test } from '@playwright/test';
import { defined } from '../../../load/platform/defined.ts';

interface Named {
  readonly kind: 'user' | 'task';
  readonly name?: string;
  readonly inner?: { readonly most?: number };
}

function maybe<T>(value: T | undefined): T | undefined {
  return value;
}

test('what is undefined is dropped, and nothing else', () => {
  const made = defined({ a: undefined, b: null, c: 0, d: '', e: false, f: NaN });
  expect(Object.entries(made)).toEqual([
    ['b', null],
    ['c', 0],
    ['d', ''],
    ['e', false],
    ['f', NaN],
  ]);
});

test('the given object stays as it is', () => {
  const given = { a: undefined, b: 1 };
  expect(defined(given)).not.toBe(given);
  expect('a' in given).toBe(true);
});

test('only the first level is looked at', () => {
  expect('a' in defined({ inner: { a: undefined } }).inner).toBe(true);
});

test('what may be undefined is an optional key, the rest is required', () => {
  const made: Named = defined({
    kind: 'user',
    name: maybe<string>(undefined),
    inner: maybe({ most: 1 }),
  });
  expect(made).toStrictEqual({ kind: 'user', inner: { most: 1 } });
  // @ts-expect-error: the kind is required, and may be undefined here.
  const wrong: Named = defined({ kind: maybe<'user'>(undefined) });
  expect(wrong).toStrictEqual({});
});
