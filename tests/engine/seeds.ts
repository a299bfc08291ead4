/** Trials by the thousand, each known by its seed: the more of them, the less often they run. */

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
