/** Which part of a prompt counts as computed before. */
import { expect, test } from '@playwright/test';
import { PrefixCache } from '../../fixtures/reference/prefix-cache.ts';

const words = (text: string): string[] => text.split('');

test('knows whole blocks from the start on, never all of a prompt', () => {
  const cache = new PrefixCache({ blockTokens: 4, blocks: 100 });
  expect(cache.take(words('aaaabbbbcc'))).toBe(0);
  expect(cache.take(words('aaaabbbbcc'))).toBe(8);
  expect(cache.take(words('aaaabbbb'))).toBe(4);
  expect(cache.take(words('aaaabbbx'))).toBe(4);
  expect(cache.take(words('aaaaccccdd'))).toBe(4);
});

test('a block counts only after the same beginning', () => {
  const cache = new PrefixCache({ blockTokens: 4, blocks: 100 });
  cache.take(words('aaaabbbbc'));
  expect(cache.take(words('xaaabbbbc'))).toBe(0);
  expect(cache.take(words('bbbbaaaac'))).toBe(0);
});

test('drops the blocks that were unused for longest', () => {
  const cache = new PrefixCache({ blockTokens: 1, blocks: 2 });
  cache.take(words('a.'));
  cache.take(words('b.'));
  expect(cache.take(words('a.'))).toBe(1);
  cache.take(words('c.'));
  expect(cache.take(words('b.'))).toBe(0);
  expect(cache.take(words('c.'))).toBe(1);
});
