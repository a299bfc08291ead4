/**
 * Trials by the thousand, each known by its seed. The more of them, the less often they run; and the runner, which
 * keeps and sends a step for every `expect`, is asked only where something is wrong.
 */
import { expect } from '@playwright/test';
import { isDeepStrictEqual } from 'node:util';

export interface Seeds {
  /** So many with every change. */
  readonly quick: number;
  /** So many with the tests that take minutes. */
  readonly long: number;
  /** So many every night. */
  readonly all: number;
  readonly perTest: number;
}

export interface SeedBlock {
  readonly first: number;
  readonly last: number;
  /** For the test's details: `@long`, `@soak` or none. */
  readonly tag: string[];
}

export function seedBlocks({ quick, long, all, perTest }: Seeds): SeedBlock[] {
  const tagOf = (last: number): string[] => {
    if (last <= quick) return [];
    return [last <= long ? '@long' : '@soak'];
  };
  return Array.from({ length: Math.ceil(all / perTest) }, (_, i) => {
    const last = Math.min((i + 1) * perTest, all);
    return { first: i * perTest + 1, last, tag: tagOf(last) };
  });
}

/** As `expect(got, about).toEqual(wanted)`. */
export function expectSame(got: unknown, wanted: unknown, about: string): void {
  // What this takes for another, `toEqual` may still take for the same.
  if (!isDeepStrictEqual(got, wanted)) expect(got, about).toEqual(wanted);
}

/** As `expect(holds, about).toBe(true)`. */
export function expectThat(holds: boolean, about: string): void {
  if (!holds) expect(holds, about).toBe(true);
}
