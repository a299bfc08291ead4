/** The cases for the paired comparison: one build twice, and a build that got slower in a stated way. */
import { decide, type Compared, type Finding } from '../load/paired/decide.ts';
import { estimateOf, intervalOf } from '../load/paired/estimate.ts';
import { drawKey, normal, purpose } from '../load/platform/random.ts';
import {
  bursty,
  drifting,
  oneSided,
  simulatedKey,
  simulatedRound,
  type PairConditions,
  type RoundDifferences,
} from './simulated-pair.ts';

export const mostRounds = 40;

/** One build on both sides, so every finding is a false alarm. */
export const sameBuild: readonly PairConditions[] = [
  { name: 'M/M/1 at 0.3', utilisation: 0.3 },
  { name: 'M/M/1 at 0.7', utilisation: 0.7 },
  { name: 'log-normal at 0.3, σ = 1', utilisation: 0.3, sigma: 1 },
  { name: 'M/M/1 at 0.3, 0.5 % errors', utilisation: 0.3, errorRate: 0.005 },
  { name: 'M/M/1 at 0.3, drifting machine', utilisation: 0.3, noise: drifting },
  { name: 'M/M/1 at 0.3, bursts of noise', utilisation: 0.3, noise: bursty },
  { name: 'M/M/1 at 0.3, noise on one side', utilisation: 0.3, noise: oneSided },
  {
    name: 'log-normal at 0.3, σ = 0.2, processes ±2 %',
    utilisation: 0.3,
    sigma: 0.2,
    processes: 0.02,
  },
];

const steady = { utilisation: 0.3, sigma: 0.2, processes: 0.02 };

/** Side B's whole answers take longer. `bound`: the least share that must be found within the rounds. */
export const slowerBuild: readonly (PairConditions & {
  readonly tolerance: number;
  readonly within: number;
  readonly bound: number;
})[] = [
  {
    ...steady,
    name: '+10 %, steady service',
    stretched: 1.1,
    tolerance: 0.1,
    within: 16,
    bound: 0.95,
  },
  {
    ...steady,
    name: '+50 %, steady service',
    stretched: 1.5,
    tolerance: 0.1,
    within: 8,
    bound: 0.99,
  },
  {
    ...steady,
    name: '+5 %, steady service',
    stretched: 1.05,
    tolerance: 0.05,
    within: 40,
    bound: 0.8,
  },
];

/** Rounds whose differences are normally distributed with a stated deviation, as measured. */
export const measuredDeviations = [
  { name: 'p50, quiet machine', deviation: 0.023, bounds: { same: 0.01, ten: 0.99, five: 0.99 } },
  { name: 'p50, loaded machine', deviation: 0.043, bounds: { same: 0.01, ten: 0.93, five: 0.9 } },
  { name: 'p95', deviation: 0.05, bounds: { same: 0.01, ten: 0.75, five: 0.85 } },
  { name: 'p95, loaded machine', deviation: 0.33, bounds: { same: 0.01, ten: 0, five: 0 } },
] as const;

const plainDraw = purpose('plain difference of a round');

/** Share of pairs in which side B, slower by the factor `change`, is found to be worse within the rounds. */
export function foundAmongPlain(
  { name, deviation }: { readonly name: string; readonly deviation: number },
  { change, tolerance, within }: { change: number; tolerance: number; within: number },
  pairs: number,
): number {
  let found = 0;
  for (let seed = 1; seed <= pairs; seed++) {
    const key = drawKey(seed, `${name} ${change}`);
    const values = Array.from(
      { length: within },
      (_, n) => Math.log(change) + deviation * normal(key, n, plainDraw, 0),
    );
    const p50 = {
      values,
      resolutions: values.map(() => 0.001),
      tolerance: Math.log1p(tolerance),
      floor: 0,
      hidden: values.map(() => 0),
    };
    const { byMetric } = decide(new Map([['p50', p50]]), within, mostRounds);
    if (byMetric.get('p50')!.finding === 'worse') found += 1;
  }
  return found / pairs;
}

export interface SimulatedVerdict {
  readonly finding: Finding;
  readonly rounds: number;
}

/** One pair from its first round to its verdict. */
function simulatedPair(
  conditions: PairConditions,
  seed: number,
  tolerance = 0.1,
): SimulatedVerdict {
  const key = simulatedKey(conditions, seed);
  const rounds: RoundDifferences[] = [];
  for (;;) {
    for (let i = 0; i < 8; i++) rounds.push(simulatedRound(conditions, key, rounds.length));
    const compared = comparedIn(rounds, tolerance);
    const { byMetric, isFinal } = decide(compared, rounds.length, mostRounds);
    if (!isFinal) continue;
    const found = [...byMetric.values()].map(({ finding }) => finding);
    const order = ['worse', 'undecided', 'better', 'same'] as const;
    return { finding: order.find((one) => found.includes(one))!, rounds: rounds.length };
  }
}

function comparedIn(
  rounds: readonly RoundDifferences[],
  tolerance: number,
): ReadonlyMap<string, Compared> {
  let requests = 0;
  const none = rounds.map(() => 0);
  const latency = {
    resolutions: rounds.map(() => 0.001),
    tolerance: Math.log1p(tolerance),
    floor: 0,
    hidden: none,
  };
  return new Map<string, Compared>([
    ['p50', { ...latency, values: rounds.map(({ p50 }) => p50) }],
    ['p95', { ...latency, values: rounds.map(({ p95 }) => p95) }],
    [
      'errorRate',
      {
        values: rounds.map(({ errorRate }) => errorRate),
        resolutions: rounds.map((round) => Math.log(100) / (requests += round.requests)),
        tolerance: 0.005,
        floor: 0,
        hidden: none,
      },
    ],
  ]);
}

/**
 * Share of pairs whose 95 % interval after the given rounds contains the true difference of p50, and of
 * p95.
 */
export function coverage(
  conditions: PairConditions,
  pairs: number,
  roundsEach: number,
): { readonly p50: number; readonly p95: number } {
  const truth = Math.log(conditions.stretched ?? 1);
  const hits = { p50: 0, p95: 0 };
  for (let seed = 1; seed <= pairs; seed++) {
    const key = simulatedKey(conditions, seed);
    const rounds = Array.from({ length: roundsEach }, (_, n) => simulatedRound(conditions, key, n));
    for (const metric of ['p50', 'p95'] as const) {
      const values = rounds.map((round) => round[metric]);
      const [low, high] = intervalOf(estimateOf({ values, resolution: 0 })!, 0.95);
      if (low <= truth && truth <= high) hits[metric] += 1;
    }
  }
  return { p50: hits.p50 / pairs, p95: hits.p95 / pairs };
}

/** How often each verdict is reached, and after how many rounds on average. */
export function verdictsOf(conditions: PairConditions, pairs: number, tolerance?: number) {
  const made = Array.from({ length: pairs }, (_, i) => simulatedPair(conditions, i + 1, tolerance));
  const shareOf = (finding: Finding, within = Infinity): number =>
    made.filter((one) => one.finding === finding && one.rounds <= within).length / pairs;
  const rounds = made.reduce((sum, one) => sum + one.rounds, 0) / pairs;
  return { shareOf, rounds };
}
