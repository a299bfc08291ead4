/** The cases for the comparison: the same service twice, and one that got worse in a stated way. */
import { compareRuns } from '../load/baselines/compare.ts';
import {
  redVerdicts,
  type ComparisonVerdict,
  type MetricComparison,
} from '../load/baselines/comparison.ts';
import { controlFalseAlarms } from '../load/baselines/false-alarms.ts';
import { simulatedRun, type Conditions, type Service } from './simulated-run.ts';

export const services = {
  fast: { name: 'M/M/1, mean 10 ms', meanMs: 10 },
  slow: { name: 'M/M/1, mean 100 ms', meanMs: 100 },
  heavy: { name: 'log-normal, mean 10 ms, σ = 1', meanMs: 10, sigma: 1 },
  extreme: { name: 'log-normal, mean 10 ms, σ = 1.5', meanMs: 10, sigma: 1.5 },
} as const satisfies Record<string, Service>;

/** How often each verdict was the worst of a comparison. */
export interface Shares {
  readonly critical: number;
  readonly regression: number;
  readonly inconclusive: number;
  readonly improved: number;
  readonly pass: number;
}

export interface Outcome {
  readonly comparisons: number;
  readonly shares: Shares;
  /** Share of the comparisons in which the metric was red. */
  readonly redIn: (...metrics: readonly string[]) => number;
}

const runsPerBaseline = 5;

const worstFirst: readonly (readonly [keyof Shares, readonly ComparisonVerdict[]])[] = [
  ['critical', ['critical', 'saturated']],
  ['regression', ['regression']],
  ['inconclusive', ['inconclusive']],
  ['improved', ['improved']],
];

/**
 * Makes the given number of comparisons, each of a new run with five baseline runs, and each as a suite
 * of one test. Seeds: 6i + 1 is the i-th comparison's run, 6i + 2 to 6i + 6 are its baseline.
 */
export function compareOften(usual: Conditions, now: Conditions, comparisons: number): Outcome {
  const made = Array.from({ length: comparisons }, (_, index) => {
    const first = index * (runsPerBaseline + 1) + 1;
    const baseline = Array.from({ length: runsPerBaseline }, (__, run) =>
      simulatedRun(usual, first + 1 + run),
    );
    const compared = compareRuns(simulatedRun(now, first), baseline);
    return controlFalseAlarms(compared.comparisons);
  });
  const count = (is: (found: readonly MetricComparison[]) => boolean): number =>
    made.filter(is).length / comparisons;
  const shareOf = (kind: keyof Shares): number => count((found) => worstOf(found) === kind);
  return {
    comparisons,
    shares: {
      critical: shareOf('critical'),
      regression: shareOf('regression'),
      inconclusive: shareOf('inconclusive'),
      improved: shareOf('improved'),
      pass: shareOf('pass'),
    },
    redIn: (...metrics) =>
      count((found) =>
        found.some(({ metric, verdict }) => metrics.includes(metric) && redVerdicts.has(verdict)),
      ),
  };
}

function worstOf(found: readonly MetricComparison[]): keyof Shares {
  const verdicts = new Set(found.map(({ verdict }) => verdict));
  return (
    worstFirst.find(([, some]) => some.some((verdict) => verdicts.has(verdict)))?.[0] ?? 'pass'
  );
}

export interface FalseAlarmCase {
  readonly service: Service;
  readonly utilisation: number;
  readonly errorRate?: number;
  /** Upper bounds of the shares; absent if nothing is promised. */
  readonly bounds?: Partial<Shares>;
}

/** Inconclusive runs exceed the tolerance by chance: in a minute of 420 requests one in eight does. */
const quiet = { critical: 0.005, regression: 0.02, inconclusive: 0.15 };
const busy = { critical: 0.05, regression: 0.05 };

export const falseAlarmCases: readonly FalseAlarmCase[] = [
  ...[services.fast, services.slow, services.heavy].flatMap((service) =>
    [0.3, 0.7, 0.9].map((utilisation) => ({
      service,
      utilisation,
      bounds: utilisation < 0.9 ? quiet : busy,
    })),
  ),
  { service: services.fast, utilisation: 0.3, errorRate: 0.01, bounds: quiet },
  // The tail is so long that a minute shows little: it is measured, and nothing is promised.
  ...[0.3, 0.7].map((utilisation) => ({ service: services.extreme, utilisation })),
];

export interface PowerCase {
  readonly what: string;
  readonly usual: Conditions;
  readonly now: Conditions;
  readonly found: (outcome: Outcome) => number;
  /** Lower bound of the share found; absent if nothing is promised. */
  readonly bound?: number;
}

const anyRed = ({ shares }: Outcome): number => shares.critical + shares.regression;

export const powerCases: readonly PowerCase[] = [
  ...[services.fast, services.slow, services.heavy].map((service) => ({
    what: 'latency twice as high at 0.3: p50 or p95',
    usual: { service, utilisation: 0.3 },
    now: { service, utilisation: 0.3, stretched: 2 },
    found: ({ redIn }: Outcome) => redIn('p50', 'p95'),
    bound: 0.9,
  })),
  ...[services.fast, services.slow, services.heavy].map((service) => ({
    what: 'saturates, 0.6 → 1.2',
    usual: { service, utilisation: 0.6 },
    now: { service, utilisation: 0.6, slower: 2 },
    found: anyRed,
    bound: 1,
  })),
  ...[
    { service: services.fast, before: 0, bound: 0.9 },
    { service: services.fast, before: 0.005, bound: 0.9 },
    { service: services.heavy, before: 0, bound: 0.9 },
    // With 180 requests per minute, 2 % are three or four errors, which is often too few for the test.
    { service: services.slow, before: 0 },
  ].map(({ service, before, ...rest }) => ({
    what: `errors +2 points at 0.3, from ${before * 100} %`,
    usual: { service, utilisation: 0.3, errorRate: before },
    now: { service, utilisation: 0.3, errorRate: before + 0.02 },
    found: ({ redIn }: Outcome) => redIn('errorRate'),
    ...rest,
  })),
  ...[0, 0.005].map((before) => ({
    what: `a burst of 30 errors in 2 s at 0.3, beside ${before * 100} %`,
    usual: { service: services.fast, utilisation: 0.3, errorRate: before },
    now: { service: services.fast, utilisation: 0.3, errorRate: before, burst: 30 },
    found: ({ redIn }: Outcome) => redIn('errorBurst'),
    bound: 1,
  })),
];
