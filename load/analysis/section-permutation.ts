import { drawKey, integerBelow, purpose } from '../platform/random.ts';
import type { Share } from './fisher.ts';

const permutations = 2000;
const swap = purpose('permutation of sections');
const key = drawKey(1, 'permutation of sections');

/**
 * How likely sections drawn by chance from both sides have at least the observed side's hits. Sections
 * move as a whole, so hits that come together stay together. The draws are always the same: a
 * comparison gives the same answer twice.
 */
export function permutationGreater(observed: readonly Share[], baseline: readonly Share[]): number {
  const sections = [...observed, ...baseline];
  const rateOf = (drawn: readonly Share[]): number => {
    const total = drawn.reduce((sum, section) => sum + section.total, 0);
    return total === 0 ? 0 : drawn.reduce((sum, section) => sum + section.hits, 0) / total;
  };
  const limit = rateOf(observed) - 1e-12;
  let atLeast = 1;
  for (let round = 0; round < permutations; round++) {
    // The first so many of a shuffle (Fisher–Yates) are all that is needed.
    for (let i = 0; i < observed.length; i++) {
      const j = i + integerBelow(sections.length - i, key, round, swap, i);
      [sections[i], sections[j]] = [sections[j]!, sections[i]!];
    }
    if (rateOf(sections.slice(0, observed.length)) >= limit) atLeast += 1;
  }
  return atLeast / (permutations + 1);
}
