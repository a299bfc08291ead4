/**
 * From rounds to differences: the difference of each metric in each round. It is above 0 if side B is
 * worse.
 */
import type { Compared } from './decide.ts';
import { pairMetricTable, type PairMetric } from './pair-metrics.ts';
import { totalOf, type Round, type SideTotal } from './round.ts';
import { toleratedDifference, type Tolerance } from './tolerances.ts';

/** The width of a histogram's buckets. Smaller differences cannot be seen. */
const bucketWidth = 0.001;
/** Two processes of one build differ by some 2 %. Without restarts no round can show that. */
const floorWithoutRestarts = 0.05;
/**
 * Two processes of one build differ by some 2 %, so rounds vary by at least about this much, however
 * similar they look.
 */
export const leastDeviation = 0.01;
/** At most this share of a difference counts as hidden. */
const mostHidden = 0.99;

/** A round with the totals of its sides, which are used for many figures. */
export interface FoldedRound {
  readonly round: Round;
  readonly totals: readonly [SideTotal, SideTotal];
}

export function folded(round: Round): FoldedRound {
  const [a, b] = round.sides;
  return { round, totals: [totalOf(a), totalOf(b)] };
}

/** The figures of sides A and B. */
export function figuresOf(
  { round, totals: [a, b] }: FoldedRound,
  metric: PairMetric,
): readonly [number, number] {
  const { figure } = pairMetricTable[metric];
  return [figure(a, round.measuredMs), figure(b, round.measuredMs)];
}

/**
 * NaN if a side has no figure, and infinite if only one side's is, since too many of its requests failed.
 */
export function differenceOf(one: FoldedRound, metric: PairMetric): number {
  const { kind, better } = pairMetricTable[metric];
  const [a, b] = figuresOf(one, metric);
  const difference = kind === 'points' ? b - a : Math.log(b / a);
  return better === 'lower' ? difference : -difference;
}

function resolutionsOf(rounds: readonly FoldedRound[], metric: PairMetric): number[] {
  if (pairMetricTable[metric].kind === 'ratio') return rounds.map(() => bucketWidth);
  // If none of n requests failed, the true rate may still be up to ln(100) / n, with 99 % confidence.
  let requests = 0;
  return rounds.map(({ totals }) => {
    requests += Math.min(...totals.map(({ scheduled }) => scheduled));
    return Math.log(100) / requests;
  });
}

/**
 * The share of the median times that is this machine's lateness, as the median over the rounds. A late
 * generator makes both sides look slower by the same time, and their ratio smaller.
 */
export function hiddenBy(rounds: readonly FoldedRound[]): number {
  return medianShare(rounds.map(lateShareOf));
}

function lateShareOf(one: FoldedRound): number {
  const medians = figuresOf(one, 'p50');
  return Math.max(...one.round.sides.map(({ lagMs }, side) => lagMs / medians[side]!));
}

function medianShare(shares: readonly number[]): number {
  return Math.min(mostHidden, median(shares) || 0);
}

export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The differences of each metric that is judged. A look uses only what was known when it was taken. */
export function comparedBy(
  rounds: readonly FoldedRound[],
  tolerances: readonly Tolerance[],
  areRestarted: boolean,
): ReadonlyMap<PairMetric, Compared> {
  const late = rounds.map(lateShareOf);
  const ofRatios = late.map((_, i) => medianShare(late.slice(0, i + 1)));
  return new Map(
    tolerances.map((tolerance): [PairMetric, Compared] => {
      const { metric } = tolerance;
      const isRatio = pairMetricTable[metric].kind === 'ratio';
      const compared: Compared = {
        values: rounds.map((one) => differenceOf(one, metric)),
        resolutions: resolutionsOf(rounds, metric),
        tolerance: toleratedDifference(tolerance),
        floor: isRatio && !areRestarted ? Math.log1p(floorWithoutRestarts) : 0,
        hidden: isRatio ? ofRatios : rounds.map(() => 0),
      };
      return [metric, compared];
    }),
  );
}
