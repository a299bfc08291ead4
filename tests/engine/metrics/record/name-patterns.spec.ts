import { expect, test } from '@playwright/test';
import { NamePatterns, patternOf } from '../../../../load/metrics/record/name-patterns.ts';

for (const [name, pattern] of [
  ['/orders/17', '/orders/{id}'],
  ['GET /users/17/orders/18?page=2', 'GET /users/{id}/orders/{id}?page={id}'],
  ['/docs/2f1c9a34-7b1e-4d0a-9c55-0e1f2a3b4c5d/raw', '/docs/{id}/raw'],
  ['/blobs/9f86d081884c7d65', '/blobs/{id}'],
  ['/keys/abC93kdLm2', '/keys/{id}'],
  ['/conversations', '/conversations'],
  ['chat completion', 'chat completion'],
] as const) {
  test(`${name} is ${pattern}`, () => {
    expect(patternOf(name)).toBe(pattern);
  });
}

test('past its bound it counts no further, and says so', () => {
  const patterns = new NamePatterns();
  for (let i = 0; i < 30_000; i++) patterns.add(`/orders/${i}`);
  expect(patterns.notes()).toEqual([
    expect.stringContaining('at least 20000 names of requests look like one: "/orders/{id}"'),
  ]);
});
