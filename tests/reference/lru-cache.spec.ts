import { expect, test } from '@playwright/test';
import { LruCache } from '../../fixtures/reference/lru-cache.ts';

test('counts hits and misses, and drops what was unused for longest', () => {
  const cache = new LruCache<string>(2);
  const loaded: string[] = [];
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) {
    expect(
      cache.read(key, (missing) => {
        loaded.push(missing);
        return missing.toUpperCase();
      }),
    ).toBe(key.toUpperCase());
  }
  // c pushes out b, not a, which was read again in between.
  expect(loaded).toEqual(['a', 'b', 'c', 'b']);
  expect([cache.hits, cache.misses, cache.size]).toEqual([2, 4, 2]);
});
