/**
 * The verdict on a pair, computed from its rounds in the same way while it runs, at its end, and later
 * from its log.
 * This folder has the paired comparison without the sending. Start reading here. decide.ts has the rules,
 * pair-faults.ts what makes a pair invalid, round.ts the data; run/pair-run.ts runs the rounds.
 */
import { comparedBy, figuresOf, folded, hiddenBy, median, type FoldedRound } from './compared.ts';
import { decide, type Finding } from './decide.ts';
import { intervalOf } from './estimate.ts';
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
  readonly roundsNeeded: number | undefined;
}

export interface PairVerdict {
  readonly verdict: PairVerdictName;
  readonly metrics: readonly MetricVerdict[];
  readonly faults: readonly string[];
  /** Share of the median times that is this machine's lateness. */
  readonly lateShare: number;
  /** Comparing rounds, and controls. */
  readonly rounds: number;
  readonly controls: number;
  /** True if further rounds would change nothing. */
  readonly isFinal: boolean;
}

export interface PairRules {
  readonly tolerances: readonly Tolerance[];
  /** Maximum number of comparing rounds. */
  readonly mostRounds: number;
  /** Whether both sides are restarted for each round. */
  readonly areRestarted: boolean;
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
    };
  });
  const faults = faultsIn(
    rounds,
    rules.tolerances.map(({ metric }) => metric),
  );
  return {
    verdict: faults.length > 0 ? 'invalid' : nameOf(metrics),
    metrics,
    faults,
    lateShare: hiddenBy(comparing) || 0,
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
