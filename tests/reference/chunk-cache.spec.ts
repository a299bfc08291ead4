import { expect, test } from '@playwright/test';
import { ChunkCache } from '../../fixtures/reference/chunk-cache.ts';

const prompt = (letters: string): string => letters.replaceAll(/./g, (one) => one.repeat(64));

test('nothing looked up is no hit rate', () => {
  const status = new ChunkCache().status();
  expect(status).toMatchObject({ chunks: 0, lookups: 0, hit_rate_percent: null });
});

test('prompts share what they begin with, up to the first difference', () => {
  const cache = new ChunkCache();
  cache.use(prompt('abcd'));
  expect(cache.status()).toMatchObject({ chunks: 4, hits: 0, misses: 4 });
  cache.use(prompt('abxd'));
  expect(cache.status()).toMatchObject({ chunks: 6, hits: 2, misses: 6, hit_rate_percent: 25 });
});

test('what does not fill a chunk is not cached', () => {
  const cache = new ChunkCache();
  cache.use('a'.repeat(63));
  expect(cache.status()).toMatchObject({ chunks: 0, lookups: 0, used_bytes: 0 });
});
