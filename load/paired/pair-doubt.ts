/**
 * A reason not to call the sides alike although their figures are: what both share, such as a cache, was
 * filled by the first round. Its answers are as fast on either side, whatever the builds do.
 */
import { shareText } from '../metrics/figure-text.ts';
import { Histogram } from '../metrics/histogram.ts';
import { scheduledOf } from '../metrics/outcome.ts';
import { samplesNeeded, statisticOf } from '../metrics/percentile.ts';
import { figuresOf, leastDeviation, type FoldedRound } from './compared.ts';
import { beyondChance, estimateOf } from './estimate.ts';

/** A shared cache makes later rounds faster by at least this share, on both sides. */
const leastGain = 0.1;
/** It may take this many rounds until it knows most requests. */
const mostFillingRounds = 3;
const mostDeviations = 3;
const sides = [0, 1] as const;

/**
 * `rounds` are those that compare. Fresh processes know nothing of earlier rounds, so they are as fast in
 * the first round as in the others. Where nothing is restarted each side has a warm cache of its own, and
 * nothing can be said.
 */
export function doubtIn(rounds: readonly FoldedRound[], areRestarted: boolean): string | undefined {
  if (!areRestarted) return undefined;
  for (const [part, medianOf] of parts) {
    const levels = sides.map((side) => rounds.map((one) => Math.log(medianOf(one, side))));
    for (let filling = 1; filling <= mostFillingRounds; filling++) {
      const gains = levels.map((level) => gainAfter(level, filling));
      if (!gains.every((gain) => gain > leastGain)) continue;
      const [base, head] = gains.map(shareText);
      return (
        `${part} was slower than later ones, by ${base} on base and ${head} on head at p50, although ` +
        'each round has fresh processes: both may share a cache, and its answers hide how long the builds ' +
        'take; give each side its own. If it was a cold database, warm it up before the pair'
      );
    }
  }
  return undefined;
}

type MedianOf = (round: FoldedRound, side: 0 | 1) => number;

const parts: readonly (readonly [string, MedianOf])[] = [
  ['the beginning of the first round', beginningMedian],
  ['the first round', (round, side) => figuresOf(round, 'p50')[side]],
];

/** A small cache is full before the measured turns. */
function beginningMedian({ round }: FoldedRound, side: 0 | 1): number {
  const { beginning } = round.sides[side];
  if (beginning === undefined) return NaN;
  const requests = scheduledOf(beginning.outcomes);
  if (requests < samplesNeeded(0.9)) return NaN;
  return statisticOf(Histogram.from(beginning.responseTime), 'p50', requests);
}

/** By how much the first round was slower than those after the filling ones; 0 if it may be chance. */
function gainAfter(level: readonly number[], filling: number): number {
  const later = estimateOf({ values: level.slice(filling).filter(Number.isFinite), resolution: 0 });
  if (later === undefined || !Number.isFinite(level[0])) return 0;
  const excess = level[0]! - later.mean;
  const most = beyondChance(mostDeviations, later.rounds);
  return excess > most * Math.max(later.deviation, leastDeviation) ? Math.expm1(excess) : 0;
}
