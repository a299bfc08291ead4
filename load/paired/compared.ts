/**
 * From rounds to differences: the difference of each metric in each round. It is above 0 if side B is
 * worse.
 */
import type { Compared } from './decide.ts';
import type { Differences } from './estimate.ts';
import { pairMetricTable, type PairMetric } from './pair-metrics.ts';
import { totalOf, type Round, type SideTotal } from './round.ts';
import { toleratedDifference, type Tolerance } from './tolerances.ts';

/** The width of a histogram's buckets. Smaller differences cannot be seen. */
const bucketWidth = 0.001;
/** Two processes of one build differ by some 2 %. Without restarts no round can show that. */
export const floorWithoutRestarts = 0.05;
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

/** NaN if a side has no figure or an infinite one. The errors that make it infinite are compared themselves. */
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
  // If none of n requests failed, the true rate may still be up to ln(100) / n, with 99 % confidence.
  return { values, resolution: Math.log(100) / requests };
}

/**
 * The share of the median times that is this machine's lateness, as the median over the rounds. A late
 * generator makes both sides look slower by the same time, and their ratio smaller.
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
