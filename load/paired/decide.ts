/**
 * Decides between two sides by their differences, round by round, with a sequential test: at each look
 * (looks.ts) a metric is worse on side B if its difference is proven to be above 0 and is above half of
 * the tolerance. Requiring the whole tolerance would find only half of the differences that are exactly
 * that large.
 * An always-valid martingale (Howard, Ramdas, McAuliffe, Sekhon, "Time-uniform, nonparametric,
 * nonasymptotic confidence sequences", Annals of Statistics 49, 2021) would need no looks, but has a
 * third of the power.
 */
import { keptDiscoveries } from '../analysis/false-discoveries.ts';
import {
  chanceOfMore,
  estimateOf,
  intervalOf,
  roundsNeeded,
  type Differences,
  type Estimate,
} from './estimate.ts';
import { looksWithin, wholeRisk, type Look } from './looks.ts';

export type Finding = 'worse' | 'better' | 'same' | 'undecided';

/** A metric that is judged. */
export interface Compared {
  /**
   * The difference in each round, above 0 if side B is worse. NaN if a side had no figure, and infinite
   * if only one side's was.
   */
  readonly values: readonly number[];
  /** The smallest difference that could be seen after each round. */
  readonly resolutions: readonly number[];
  /** As a difference of the same kind as the values: ln 1.1 for 10 %, 0.005 for 0.5 points. */
  readonly tolerance: number;
  /** How much two processes of one build may differ. A proven difference must be above this. */
  readonly floor: number;
  /**
   * Share of the times that was this machine's lateness, on both sides, after each round. It hides as
   * much of a difference.
   */
  readonly hidden: readonly number[];
}

export interface Decision {
  readonly finding: Finding;
  readonly estimate: Estimate | undefined;
  /** If undecided: how many rounds it would take in all. ∞ if no number of rounds decides it. */
  readonly roundsNeeded?: number | undefined;
}

export interface Decisions<Name extends string = string> {
  readonly byMetric: ReadonlyMap<Name, Decision>;
  /** Comparing rounds that the decisions are based on. */
  readonly rounds: number;
  /** True if no more rounds are needed: something is worse, all is decided, or it was the last look. */
  readonly isFinal: boolean;
}

/**
 * The decisions at the first look that is final, else at the latest look reached. The values of a metric
 * belong to its first rounds, in order; a round without a value is NaN.
 */
export function decide<Name extends string>(
  compared: ReadonlyMap<Name, Compared>,
  rounds: number,
  mostRounds: number,
): Decisions<Name> {
  const looks = looksWithin(mostRounds);
  let decisions = undecided(compared, rounds);
  for (const look of looks) {
    if (look.rounds > rounds) break;
    const byMetric = decideAt(compared, look);
    const found = [...byMetric.values()].map(({ finding }) => finding);
    const isOver = found.includes('worse') || !found.includes('undecided');
    decisions = { byMetric, rounds: look.rounds, isFinal: isOver || look === looks.at(-1) };
    if (decisions.isFinal) return decisions;
  }
  // Rounds after the look are shown but do not change the decision.
  return { ...decisions, byMetric: withNewest(decisions.byMetric, compared), rounds };
}

function decideAt<Name extends string>(
  compared: ReadonlyMap<Name, Compared>,
  { rounds, risk }: Look,
): ReadonlyMap<Name, Decision> {
  const metrics = [...compared].map(([name, one]) => {
    const estimate = estimateOf(firstOf(one, rounds));
    return { name, one, estimate: hasEnough(estimate, rounds) ? estimate : undefined };
  });
  // If no round shows anything, nothing can be found by chance either.
  const tested = metrics.filter(({ estimate }) => estimate !== undefined && isVaried(estimate));
  const kept = (sign: 1 | -1): Set<Name> => {
    const chances = tested.map(({ one, estimate }) =>
      chanceOfMore(times(sign, estimate!), one.floor),
    );
    // The risk is that of a false alarm in either direction.
    const stand = keptDiscoveries(chances, risk / 2);
    return new Set(tested.filter((_, i) => stand[i]).map(({ name }) => name));
  };
  const [worse, better] = [kept(1), kept(-1)];
  return new Map(
    metrics.map(({ name, one, estimate }): [Name, Decision] => {
      if (estimate === undefined) return [name, { finding: 'undecided', estimate }];
      const isLarge = (sign: 1 | -1): boolean => sign * estimate.mean > one.tolerance / 2;
      if (worse.has(name) && isLarge(1)) return [name, { finding: 'worse', estimate }];
      if (better.has(name) && isLarge(-1)) return [name, { finding: 'better', estimate }];
      return [name, sameOrUndecided(estimate, one, rounds)];
    }),
  );
}

/**
 * A proven difference stands, whatever is hidden. A proof that there is none needs a difference that
 * could be seen, in every round.
 */
function sameOrUndecided(estimate: Estimate, one: Compared, rounds: number): Decision {
  const tolerance = visibleTolerance(one, rounds);
  const [low, high] = intervalOf(estimate, 1 - wholeRisk);
  const isSeen = !one.values.slice(0, rounds).some(isOneSided);
  if (isSeen && low > -tolerance && high < tolerance) return { finding: 'same', estimate };
  return stillOpen(estimate, tolerance, rounds);
}

/** More rounds than there were, since these did not decide it. */
function stillOpen(estimate: Estimate, tolerance: number, rounds: number): Decision {
  const needed = Math.max(rounds + 1, roundsNeeded(estimate, tolerance));
  return { finding: 'undecided', estimate, roundsNeeded: needed };
}

/**
 * How much of a difference at the tolerance can still be seen. Two processes of one build differ by up to
 * the floor, and may hide as large a difference between the builds.
 */
function visibleTolerance({ tolerance, floor, hidden }: Compared, rounds: number): number {
  return tolerance * (1 - hidden[rounds - 1]!) - floor;
}

/** Before the first look nothing is decided. */
function undecided<Name extends string>(
  compared: ReadonlyMap<Name, Compared>,
  rounds: number,
): Decisions<Name> {
  const byMetric = new Map(
    [...compared.keys()].map((name): [Name, Decision] => [
      name,
      { finding: 'undecided', estimate: undefined },
    ]),
  );
  return { byMetric, rounds, isFinal: false };
}

function withNewest<Name extends string>(
  byMetric: ReadonlyMap<Name, Decision>,
  compared: ReadonlyMap<Name, Compared>,
): ReadonlyMap<Name, Decision> {
  return new Map(
    [...byMetric].map(([name, decision]): [Name, Decision] => {
      const one = compared.get(name)!;
      const rounds = one.values.length;
      const estimate = estimateOf(firstOf(one, rounds));
      const isShown = decision.finding === 'undecided' && hasEnough(estimate, rounds);
      return [
        name,
        isShown ? stillOpen(estimate, visibleTolerance(one, rounds), rounds) : decision,
      ];
    }),
  );
}

function firstOf({ values, resolutions }: Compared, rounds: number): Differences {
  const first = values.slice(0, rounds).filter(Number.isFinite);
  return { values: first, resolution: resolutions[rounds - 1] ?? Infinity };
}

function isOneSided(value: number): boolean {
  return Math.abs(value) === Infinity;
}

/**
 * A percentile that is ∞ in most rounds says nothing. The errors that cause it are judged themselves,
 * since the error rate always is.
 */
function hasEnough(estimate: Estimate | undefined, rounds: number): estimate is Estimate {
  return estimate !== undefined && estimate.rounds > rounds / 2;
}

function isVaried({ mean, deviation }: Estimate): boolean {
  return mean !== 0 || deviation !== 0;
}

function times(sign: 1 | -1, estimate: Estimate): Estimate {
  return { ...estimate, mean: sign * estimate.mean };
}
