/**
 * Slices. A slice is this process's exact share of one load: slice i of n has the indices k (of users,
 * arrivals, dataset rows) with k mod n = i − 1. All slices together are the unsliced load, with each
 * index once.
 */
export interface Slice {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

export const wholeLoad: Slice = { index: 1, count: 1 };

/** Parses `2/4`. Throws with what is accepted. */
export function parseSlice(text: string): Slice {
  const match = /^(\d+)\/(\d+)$/.exec(text.trim());
  const index = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (!match || index < 1 || count < 1 || index > count || count > 10_000) {
    throw new Error(`slice "${text}": expected i/n with 1 ≤ i ≤ n ≤ 10000, such as 2/4`);
  }
  return { index, count };
}

export function isOwned(k: number, slice: Slice): boolean {
  return k % slice.count === slice.index - 1;
}

/** The m-th index (from 0) of the slice. */
export function ownedIndex(m: number, slice: Slice): number {
  return m * slice.count + slice.index - 1;
}

/** How many of the indices 0 … total − 1 belong to the slice. */
export function ownedCount(total: number, slice: Slice): number {
  return Math.max(0, Math.ceil((total - (slice.index - 1)) / slice.count));
}
