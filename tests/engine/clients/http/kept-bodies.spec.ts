import { expect, test } from '@playwright/test';
import { KeptBodies } from '../../../../load/clients/http/kept-bodies.ts';

test('there is room up to the bound, and again when something was given back', () => {
  const bodies = new KeptBodies(10_000);
  expect(bodies.take(5000)).toBe(true);
  expect(bodies.take(4000)).toBe(true);
  expect(bodies.take(4000)).toBe(false);
  bodies.giveBack(8000, 2);
  expect(bodies.take(4000)).toBe(true);
  bodies.giveBack(9000, 2);
  expect(bodies.isEmpty).toBe(true);
});

test('chunks without bytes need room, too', () => {
  const bodies = new KeptBodies(10_000);
  let taken = 0;
  while (bodies.take(1)) taken += 1;
  expect(taken).toBeLessThan(100);
});
