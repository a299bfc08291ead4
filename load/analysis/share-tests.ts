/** Whether one side's share of hits is larger than chance makes it, exactly or by permutation. */
import { drawKey, integerBelow, purpose } from '../platform/random.ts';
import { logChoose } from './distributions.ts';

/** So many of so many. */
export interface Share {
  readonly hits: number;
  readonly total: number;
}

/**
 * Fisher's exact test, one-sided: how likely at least as many hits fall on the observed side, were the
 * hits of both spread over all by chance.
 */
export function fisherGreater(observed: Share, baseline: Share): number {
  const all = observed.total + baseline.total;
  const hits = observed.hits + baseline.hits;
  const most = Math.min(hits, observed.total);
  const whole = logChoose(all, observed.total);
  let sum = 0;
  for (let k = observed.hits; k <= most; k++) {
    const term = Math.exp(logChoose(hits, k) + logChoose(all - hits, observed.total - k) - whole);
    sum += term;
    // Beyond the mode the terms only fall: the rest is too small to be seen.
    if (term < sum * 1e-12 && k > (hits * observed.total) / all) break;
  }
  return Math.min(1, sum);
}

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
