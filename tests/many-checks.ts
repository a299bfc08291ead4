/**
 * Checks for tests that make thousands of them. Each `expect` records a step with its stack, which takes
 * longer than most checks themselves, and longer with each step. These call `expect` only if it will fail,
 * so that the message is the usual one.
 */
import { expect } from '@playwright/test';
import { isDeepStrictEqual } from 'node:util';

export function checkEqual(seen: unknown, expected: unknown, about: string): void {
  if (!isDeepStrictEqual(seen, expected)) expect(seen, about).toEqual(expected);
}

export function check(holds: boolean, about: string): void {
  if (!holds) expect(holds, about).toBe(true);
}
