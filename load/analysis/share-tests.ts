/** Tests whether one side's share of hits is larger than chance explains, exactly or by permutation. */
import { drawKey, integerBelow, purpose } from '../platform/random.ts';
import { logChoose } from './distributions.ts';

/** Hits out of a total. */
export interface Share {
  readonly hits: number;
  readonly total: number;
}

/**
 * Fisher's exact test, one-sided: the probability of at least as many hits on the observed side if all
 * hits were spread over both sides by chance.
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
    // Beyond the mode the terms only fall, so the rest is negligible.
    if (term < sum * 1e-12 && k > (hits * observed.total) / all) break;
  }
  return Math.min(1, sum);
}

const permutations = 2000;
const swap = purpose('permutation of sections');
const key = drawKey(1, 'permutation of sections');

/**
 * The probability that sections drawn at random from both sides have at least the observed side's hits.
 * Sections are drawn as a whole, so clustered hits stay together. The draws are always the same, so a
 * comparison gives the same result twice.
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
    // Only the first items of a shuffle (Fisher–Yates) are needed.
    for (let i = 0; i < observed.length; i++) {
      const j = i + integerBelow(sections.length - i, key, round, swap, i);
      [sections[i], sections[j]] = [sections[j]!, sections[i]!];
    }
    if (rateOf(sections.slice(0, observed.length)) >= limit) atLeast += 1;
  }
  return atLeast / (permutations + 1);
}
