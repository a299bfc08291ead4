/** What a comparison with a baseline says: one finding per metric, as data. Texts are made elsewhere. */

/**
 * - `pass`: within the tolerance; `improved`: beyond it, for the better, with evidence.
 * - `regression`: tolerance passed, with evidence; `critical`: the evidence alone passes it.
 * - `saturated`: latency drifts away over the run where the baseline's stood still.
 * - `inconclusive`: tolerance passed without evidence, or only with the generator's own lateness.
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

/** One metric of one task of one test, compared. */
export interface MetricComparison {
  /** The test's id, e.g. `web-shop-baseline-1-user`; for plain figures the system's name. */
  readonly test: string;
  /** Absent: over all tasks. */
  readonly task?: string;
  /** As budgets name it: `p95`, `errorRate`, `throughput`, … */
  readonly metric: string;
  readonly unit: 'ms' | 'share' | 'per second' | 'count';
  readonly baseline: number | undefined;
  /** The lowest and the highest of the baseline's runs, for percentiles of several. */
  readonly baselineRange?: readonly [number, number];
  readonly observed: number | undefined;
  readonly verdict: ComparisonVerdict;
  /** What was allowed, as a reader says it: `+50 %`, `+0.5 points`. */
  readonly tolerance: string;
  /** Why the verdict is what it is, in one sentence with its figures. */
  readonly evidence: string;
  /** One-sided, before the control of the false discovery rate; absent where no test was made. */
  readonly pValue?: number;
  /** The smallest relative change that this comparison could have seen. */
  readonly smallestDetectable?: number;
}

/** What is found of one metric, before it is said of which test and task. */
export type Judged = Omit<MetricComparison, 'test' | 'task'>;
