/** Thousands of trials, each known by its seed: some run with every change, more of them less often. */

export interface Seeds {
  /** Number that runs with every change. */
  readonly quick: number;
  /** Number that runs with the tests that take minutes. */
  readonly long: number;
  /** Number that runs every night. */
  readonly all: number;
  readonly perTest: number;
}

export interface SeedBlock {
  readonly first: number;
  readonly last: number;
  /** The tag of the test: `@long`, `@soak` or none. */
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
