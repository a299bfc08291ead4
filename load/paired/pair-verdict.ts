/**
 * The verdict on a pair, computed from its rounds in the same way while it runs, at its end, and later
 * from its log.
 * This folder has the paired comparison without the sending. Start reading here. decide.ts has the rules,
 * pair-faults.ts what makes a pair invalid, pair-doubt.ts what makes an agreement doubtful, round.ts the
 * data; run/pair-run.ts runs the rounds.
 */
import { comparedBy, figuresOf, folded, hiddenBy, median, type FoldedRound } from './compared.ts';
import { decide, type Finding } from './decide.ts';
import { intervalOf } from './estimate.ts';
import { doubtIn } from './pair-doubt.ts';
import { faultsIn } from './pair-faults.ts';
import { pairMetricTable, type PairMetric } from './pair-metrics.ts';
import { isControl, type Round } from './round.ts';
import type { Tolerance } from './tolerances.ts';

export const pairVerdicts = ['slower', 'faster', 'no difference', 'undecided', 'invalid'] as const;
export type PairVerdictName = (typeof pairVerdicts)[number];

export interface MetricVerdict {
  readonly metric: PairMetric;
  readonly tolerance: Tolerance;
  readonly finding: Finding;
  /** Medians over the rounds, of base and head. */
  readonly figures: readonly [number, number];
  /** How head differs from base, with the 95 % interval: a logarithm of a ratio, or a difference of shares. */
  readonly difference: number | undefined;
  readonly interval: readonly [number, number] | undefined;
  /** Standard deviation of a single round. */
  readonly deviation: number | undefined;
  /** If undecided: how many rounds it would take in all. ∞ if no number of rounds decides it. */
  readonly roundsNeeded: number | undefined;
  /** Rounds in which so many requests of a side failed that it had no finite figure. */
  readonly failedRounds: number;
}

export interface PairVerdict {
  readonly verdict: PairVerdictName;
  readonly metrics: readonly MetricVerdict[];
  readonly faults: readonly string[];
  /** Why the sides are not called alike, although all figures are. */
  readonly doubt: string | undefined;
  /** Share of the median times that is this machine's lateness. */
  readonly lateShare: number;
  /** Comparing rounds, and controls. */
  readonly rounds: number;
  readonly controls: number;
  /** Maximum number of comparing rounds. */
  readonly mostRounds: number;
  /** True if further rounds would change nothing. */
  readonly isFinal: boolean;
}

export interface PairRules {
  readonly tolerances: readonly Tolerance[];
  /** Maximum number of comparing rounds. */
  readonly mostRounds: number;
  /** Whether both sides are restarted for each round. */
  readonly areRestarted: boolean;
  /** Names of requests that the sides may answer differently. Default: none. */
  readonly answersMayDiffer?: readonly string[] | undefined;
}

const shownConfidence = 0.95;

export function verdictOn(all: readonly Round[], rules: PairRules): PairVerdict {
  const rounds = all.map(folded);
  const comparing = rounds.filter(({ round }) => !isControl(round));
  const compared = comparedBy(comparing, rules.tolerances, rules.areRestarted);
  const { byMetric, isFinal } = decide(compared, comparing.length, rules.mostRounds);
  const metrics = rules.tolerances.map((tolerance): MetricVerdict => {
    const { metric } = tolerance;
    const { finding, estimate, roundsNeeded } = byMetric.get(metric)!;
    const sign = pairMetricTable[metric].better === 'lower' ? 1 : -1;
    const interval = estimate && intervalOf(estimate, shownConfidence);
    return {
      metric,
      tolerance,
      finding,
      figures: medianFigures(comparing, metric),
      difference: estimate && sign * estimate.mean,
      interval: interval && (sign === 1 ? interval : [-interval[1], -interval[0]]),
      deviation: estimate?.deviation,
      roundsNeeded,
      failedRounds: comparing.filter((one) => figuresOf(one, metric).includes(Infinity)).length,
    };
  });
  const { mostRounds, areRestarted, answersMayDiffer = [] } = rules;
  const faults = faultsIn(rounds, {
    mostRounds,
    answersMayDiffer,
    metrics: metrics.map(({ metric }) => metric),
  });
  const found = nameOf(metrics);
  const doubt = found === 'no difference' ? doubtIn(comparing, areRestarted) : undefined;
  return {
    verdict: faults.length > 0 ? 'invalid' : doubt === undefined ? found : 'undecided',
    metrics,
    faults,
    doubt,
    lateShare: hiddenBy(comparing),
    mostRounds,
    rounds: comparing.length,
    controls: rounds.length - comparing.length,
    isFinal: isFinal || faults.length > 0,
  };
}

/** One worse metric makes head slower. It is the same only if all metrics are. */
function nameOf(metrics: readonly MetricVerdict[]): PairVerdictName {
  const found = metrics.map(({ finding }) => finding);
  if (found.includes('worse')) return 'slower';
  if (found.includes('undecided')) return 'undecided';
  return found.includes('better') ? 'faster' : 'no difference';
}

function medianFigures(
  rounds: readonly FoldedRound[],
  metric: PairMetric,
): readonly [number, number] {
  const figures = rounds.map((one) => figuresOf(one, metric));
  return [median(figures.map(([a]) => a)), median(figures.map(([, b]) => b))];
}
