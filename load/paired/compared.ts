/** From rounds to differences: what each round shows of each metric, above 0 where side B is worse. */
import type { Compared } from './decide.ts';
import type { Differences } from './estimate.ts';
import { pairMetricTable, type PairMetric } from './pair-metrics.ts';
import { totalOf, type Round, type SideTotal } from './round.ts';
import { toleratedDifference, type Tolerance } from './tolerances.ts';

/** Buckets of a histogram are so wide: less is not told apart. */
const bucketWidth = 0.001;
/** Two processes of one build differ by some 2 %; where nothing restarts them, no round can see that. */
export const floorWithoutRestarts = 0.05;
/** Something of a difference is always left to be seen. */
const mostHidden = 0.99;

/** A round with the totals of its sides, which are asked for many figures. */
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

/** NaN where a side has no figure, or an infinite one: the errors that make it so are compared themselves. */
export function differenceOf(one: FoldedRound, metric: PairMetric): number {
  const { kind, better } = pairMetricTable[metric];
  const [a, b] = figuresOf(one, metric);
  const difference = kind === 'points' ? b - a : Math.log(b / a);
  if (!Number.isFinite(difference)) return NaN;
  return better === 'lower' ? difference : -difference;
}

export function differencesOf(rounds: readonly FoldedRound[], metric: PairMetric): Differences {
  const values = rounds.map((one) => differenceOf(one, metric));
  if (pairMetricTable[metric].kind === 'ratio') return { values, resolution: bucketWidth };
  const requests = rounds.reduce((sum, { totals: [a] }) => sum + a.scheduled, 0);
  // Where none of n requests failed, up to ln(100) / n of them may all the same, with 99 % confidence.
  return { values, resolution: Math.log(100) / requests };
}

/**
 * What share of the medians is this machine's own lateness, in the middle one of the rounds. A late generator
 * makes both sides look slower by as much, and their ratio smaller.
 */
export function hiddenBy(rounds: readonly FoldedRound[]): number {
  const shares = rounds.map((one) => {
    const medians = figuresOf(one, 'p50');
    return Math.max(...one.round.sides.map(({ lagMs }, side) => lagMs / medians[side]!));
  });
  return Math.min(mostHidden, median(shares));
}

export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function comparedBy(
  rounds: readonly FoldedRound[],
  tolerances: readonly Tolerance[],
  areRestarted: boolean,
): ReadonlyMap<PairMetric, Compared> {
  const ofRatios = hiddenBy(rounds);
  return new Map(
    tolerances.map((tolerance): [PairMetric, Compared] => {
      const { metric } = tolerance;
      const isRatio = pairMetricTable[metric].kind === 'ratio';
      const floor = isRatio && !areRestarted ? Math.log1p(floorWithoutRestarts) : 0;
      const differences = differencesOf(rounds, metric);
      const hidden = isRatio && Number.isFinite(ofRatios) ? ofRatios : 0;
      return [metric, { ...differences, tolerance: toleratedDifference(tolerance), floor, hidden }];
    }),
  );
}
