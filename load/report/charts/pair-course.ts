/** The data of a pair's charts: the result of each round, and the estimate after each. */
import { differenceOf, figuresOf, folded, type FoldedRound } from '../../paired/compared.ts';
import { estimateOf, intervalOf } from '../../paired/estimate.ts';
import type { JudgedPair } from '../../paired/pair-log.ts';
import { pairMetricTable, type PairMetric } from '../../paired/pair-metrics.ts';
import { isControl } from '../../paired/round.ts';
import { toleratedDifference } from '../../paired/tolerances.ts';

/** A value at a round's number; `null` if there is none. */
export type RoundValue = number | null;

/** The comparing rounds, in order, with the figures of both sides. */
export interface PairSides {
  readonly rounds: readonly number[];
  readonly base: readonly RoundValue[];
  readonly head: readonly RoundValue[];
}

/** In % of base, or in points. Above 0 head is worse. */
export interface PairCourse {
  readonly unit: '%' | 'points';
  readonly rounds: readonly number[];
  readonly differences: readonly RoundValue[];
  /** After each round, over all rounds so far, with the 95 % interval. */
  readonly means: readonly RoundValue[];
  readonly low: readonly RoundValue[];
  readonly high: readonly RoundValue[];
  readonly controls: readonly { readonly round: number; readonly difference: RoundValue }[];
  readonly tolerated: number;
  /**
   * The range that the chart must show: the rounds, their means and the tolerance. The interval of the first rounds
   * is many times as wide (t = 12.7 after two), so it is cut off there.
   */
  readonly shown: readonly [number, number];
}

export function pairSides(pair: JudgedPair, metric: PairMetric): PairSides {
  const rounds = comparing(pair);
  const side = (place: 0 | 1): RoundValue[] =>
    rounds.map((one) => finite(figuresOf(one, metric)[place]));
  return { rounds: rounds.map(({ round }) => round.number), base: side(0), head: side(1) };
}

export function pairCourse(pair: JudgedPair, metric: PairMetric): PairCourse {
  const isPoints = pairMetricTable[metric].kind === 'points';
  const percent = (difference: number | undefined): RoundValue =>
    difference === undefined || !Number.isFinite(difference)
      ? null
      : finite(100 * (isPoints ? difference : Math.expm1(difference)));
  const rounds = comparing(pair);
  const differences = rounds.map((one) => differenceOf(one, metric));
  const sofar = rounds.map((_, i) =>
    estimateOf({ values: differences.slice(0, i + 1).filter(Number.isFinite), resolution: 0 }),
  );
  const bounds = sofar.map((one) => one && intervalOf(one, 0.95));
  const { tolerance } = pair.verdict.metrics.find((one) => one.metric === metric)!;
  const controls = pair.rounds
    .filter(isControl)
    .map(folded)
    .map((one) => ({ round: one.round.number, difference: percent(differenceOf(one, metric)) }));
  const tolerated = percent(toleratedDifference(tolerance)) ?? 0;
  const means = sofar.map((one) => percent(one?.mean));
  const shares = differences.map(percent);
  const seen = [...shares, ...means, ...controls.map(({ difference }) => difference)];
  const known = [0, tolerated, ...seen.filter((value) => value !== null)];
  return {
    unit: isPoints ? 'points' : '%',
    rounds: rounds.map(({ round }) => round.number),
    differences: shares,
    means,
    low: bounds.map((one) => percent(one?.[0])),
    high: bounds.map((one) => percent(one?.[1])),
    controls,
    tolerated,
    shown: [Math.min(...known), Math.max(...known)],
  };
}

function comparing({ rounds }: JudgedPair): FoldedRound[] {
  return rounds.filter((round) => !isControl(round)).map(folded);
}

/** A missing figure becomes a gap in the chart. */
function finite(value: number | undefined): RoundValue {
  return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(6));
}
