/** The findings of a comparison with a baseline: one per metric, as data. Texts are made elsewhere. */

/**
 * - `pass`: within the tolerance; `improved`: better than it, with evidence.
 * - `regression`: tolerance exceeded, and proven to be worse by any amount; `critical`: proven to be worse
 *   by more than the tolerance.
 * - `saturated`: latency drifts over the run and did not in the baseline.
 * - `inconclusive`: tolerance exceeded without evidence, or only with the generator's own lateness.
 * - `provisional`: too few runs in the baseline for any of these.
 * - `incomparable`: plan, dataset, environment or schema differ.
 * - `no-data`: one side lacks the metric.
 */
export type ComparisonVerdict =
  | 'pass'
  | 'improved'
  | 'provisional'
  | 'inconclusive'
  | 'incomparable'
  | 'no-data'
  | 'regression'
  | 'critical'
  | 'saturated';

/** The verdicts that turn a test red. */
export const redVerdicts: ReadonlySet<ComparisonVerdict> = new Set([
  'regression',
  'critical',
  'saturated',
]);

/** The comparison of one metric of one task of one test. */
export interface MetricComparison {
  /** The test's id, such as `web-shop-baseline-1-user`; for plain figures the system's name. */
  readonly test: string;
  /** Absent for all tasks together. */
  readonly task?: string;
  /** The name that budgets use: `p95`, `errorRate`, `throughput`, … */
  readonly metric: string;
  readonly unit: 'ms' | 'share' | 'per second' | 'count';
  readonly baseline: number | undefined;
  /** For percentiles with several runs: the lowest and the highest of the baseline's runs. */
  readonly baselineRange?: readonly [number, number];
  readonly observed: number | undefined;
  readonly verdict: ComparisonVerdict;
  /** The change that was allowed, as text: `+50 %`, `+0.5 points`. */
  readonly tolerance: string;
  /** The reason for the verdict, in one sentence with its figures. */
  readonly evidence: string;
  /** One-sided, before the control of the false discovery rate. Absent if no test was made. */
  readonly pValue?: number;
  /** The smallest relative change that this comparison could have detected. */
  readonly smallestDetectable?: number;
}

/** A finding on one metric, without its test and task. */
export type Judged = Omit<MetricComparison, 'test' | 'task'>;
