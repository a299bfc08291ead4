/**
 * The history of a test in one environment: one line per run. After ten runs it predicts the next one,
 * which finds changes that are too slow for a comparison of two runs.
 */
import { z } from 'zod';
import { tQuantile } from '../analysis/distributions.ts';
import { mean, sampleVariance } from '../analysis/log-difference.ts';
import { medianOf } from '../analysis/theil-sen.ts';
import { defined } from '../platform/defined.ts';
import { figureText } from '../metrics/figure-text.ts';
import {
  storedFiguresSchema,
  storedMs,
  type BaselineRun,
  type StoredFigures,
} from './baseline-run.ts';
import type { MetricComparison } from './comparison.ts';
import { planFingerprint } from './plan-key.ts';
import {
  exceeds,
  reaches,
  tolerancesOf,
  type ComparisonOptions,
  type Tolerances,
} from './tolerances.ts';
import { counted } from '../platform/words.ts';

export const historySchema = 1;
const runsForPrediction = 10;

export const historyLineSchema = z.object({
  schema: z.literal(historySchema),
  runId: z.string().min(1),
  testId: z.string().min(1),
  environment: z.string().min(1),
  /** UTC, ISO 8601. */
  startedAt: z.iso.datetime(),
  /** A run with another plan belongs to another history. */
  plan: z.string().min(1),
  /** A reference service is as fast as its CPU, so another CPU means another history. */
  cpu: z.string().optional(),
  /** This run was accepted as the new normal; earlier runs are ignored. */
  accepted: z.boolean().optional(),
  all: storedFiguresSchema,
  tasks: z.array(z.object({ name: z.string().min(1), figures: storedFiguresSchema })),
});
export type HistoryLine = z.infer<typeof historyLineSchema>;

export function historyLineOf(run: BaselineRun, accepted = false): HistoryLine {
  const { runId, testId, environment, startedAt } = run;
  return {
    schema: historySchema,
    runId,
    testId,
    environment,
    startedAt,
    plan: planFingerprint(run.plan),
    ...defined({ cpu: run.plan['target'] === 'reference' ? run.made.cpu : undefined }),
    ...defined({ accepted: accepted ? accepted : undefined }),
    all: run.all.figures,
    tasks: run.tasks.map(({ name, figures }) => ({ name, figures })),
  };
}

/** The same line without this machine's lateness at each percentile. */
export function historyLineWithoutLag(run: BaselineRun): HistoryLine {
  const without = (ms: number | null, lagMs = 0): number | null =>
    ms === null ? null : Math.max(0.001, ms - lagMs);
  const tasks = run.tasks.map(({ name, figures, lagMs }) => ({
    name,
    figures: {
      ...figures,
      avg_latency_ms: without(figures.avg_latency_ms, lagMs?.avg),
      median_latency_ms: without(figures.median_latency_ms, lagMs?.p50),
      p95_latency_ms: without(figures.p95_latency_ms, lagMs?.p95),
    },
  }));
  return { ...historyLineOf(run), tasks };
}

/** `warning`: it differs from the median of the earlier runs, but is within the prediction. */
type HistoryVerdict = 'pass' | 'warning' | 'regression' | 'too few';

export interface HistoryFinding {
  /** Absent for all tasks together. */
  readonly task?: string;
  readonly metric: 'avg' | 'p50' | 'p95' | 'throughput';
  readonly verdict: HistoryVerdict;
  /** Number of earlier runs used. */
  readonly earlier: number;
  readonly observed: number;
  /**
   * The geometric mean of the earlier runs, and the worst value that they predict. Absent if there are
   * too few.
   */
  readonly expected?: number;
  readonly limit?: number;
}

interface Metric {
  readonly name: HistoryFinding['metric'];
  readonly figureOf: (figures: StoredFigures) => number | undefined;
  /** −1 if lower is worse. */
  readonly worse: 1 | -1;
}

const metrics: readonly Metric[] = [
  { name: 'avg', figureOf: (all) => storedMs(all, 'avg_latency_ms'), worse: 1 },
  { name: 'p50', figureOf: (all) => storedMs(all, 'median_latency_ms'), worse: 1 },
  { name: 'p95', figureOf: (all) => storedMs(all, 'p95_latency_ms'), worse: 1 },
  { name: 'throughput', figureOf: ({ rps }) => rps, worse: -1 },
];

/** The least assumed spread, since a machine is a little different every night. */
const smallestSpread = 0.02;

/** `earlier`: the lines of the test's file before this one, oldest first. */
export function judgeHistory(
  earlier: readonly HistoryLine[],
  now: HistoryLine,
  tolerances: Tolerances,
): HistoryFinding[] {
  const like = sinceAccepted(earlier).filter(
    ({ plan, environment, cpu }) =>
      plan === now.plan && environment === now.environment && (cpu ?? now.cpu) === now.cpu,
  );
  const ofTasks = now.tasks.flatMap(({ name, figures }) => {
    const before = like.flatMap(({ tasks }) => tasks.filter((task) => task.name === name));
    const earlierFigures = before.map((task) => task.figures);
    const findings = metrics
      .filter((metric) => metric.name !== 'throughput')
      .map((metric) => judgeMetric(metric, figures, earlierFigures, tolerances));
    return findings.flat().map((finding) => ({ task: name, ...finding }));
  });
  const overAll = metrics
    .filter((metric) => metric.name === 'throughput')
    .flatMap((metric) =>
      judgeMetric(
        metric,
        now.all,
        like.map(({ all }) => all),
        tolerances,
      ),
    );
  return [...ofTasks, ...overAll];
}

/** The accepted run is itself the first of the new normal. */
function sinceAccepted(lines: readonly HistoryLine[]): readonly HistoryLine[] {
  const last = lines.findLastIndex(({ accepted }) => accepted === true);
  return last < 0 ? lines : lines.slice(last);
}

function judgeMetric(
  { name, figureOf, worse }: Metric,
  now: StoredFigures,
  earlier: readonly StoredFigures[],
  tolerances: Tolerances,
): HistoryFinding[] {
  const observed = figureOf(now);
  if (observed === undefined || observed <= 0) return [];
  const isWorse = (value: number, logs: readonly number[]): boolean =>
    value > predictionBound(logs) &&
    isBeyondTolerance(name, Math.exp(worse * value), Math.exp(worse * mean(logs)), tolerances);
  const logs = earlier
    .map(figureOf)
    .filter((figure) => figure !== undefined && figure > 0 && figure < Infinity)
    .map((figure) => worse * Math.log(figure!))
    // A red run is not used to predict the next ones, until it is accepted.
    .reduce<number[]>((kept, log) => {
      if (kept.length < runsForPrediction || !isWorse(log, kept)) kept.push(log);
      return kept;
    }, []);
  const head = { metric: name, earlier: logs.length, observed };
  if (logs.length < runsForPrediction) return [{ ...head, verdict: 'too few' }];
  const centre = mean(logs);
  const bound = predictionBound(logs);
  const value = worse * Math.log(observed);
  const expected = Math.exp(worse * centre);
  const verdict = isWorse(value, logs) ? 'regression' : isUnlike(value, logs) ? 'warning' : 'pass';
  return [{ ...head, verdict, expected, limit: Math.exp(worse * bound) }];
}

/**
 * Bound of the one-sided 99 % prediction interval of the next value (Hahn & Meeker, "Statistical
 * Intervals", 4.7).
 */
export function predictionBound(logs: readonly number[]): number {
  const n = logs.length;
  const spread = Math.max(smallestSpread, Math.sqrt(sampleVariance(logs)));
  return mean(logs) + tQuantile(0.99, n - 1) * spread * Math.sqrt(1 + 1 / n);
}

/** Worse than the median by more than three median deviations, scaled as for a normal distribution. */
function isUnlike(value: number, logs: readonly number[]): boolean {
  const centre = medianOf(logs);
  const deviation = 1.4826 * medianOf(logs.map((log) => Math.abs(log - centre)));
  return value - centre > 3 * Math.max(smallestSpread, deviation);
}

function isBeyondTolerance(
  metric: Metric['name'],
  observed: number,
  expected: number,
  { latency, latencyFloorMs, throughputDrop }: Tolerances,
): boolean {
  const change = observed / expected - 1;
  if (metric === 'throughput') return exceeds(-change, throughputDrop);
  return reaches(change, latency[metric] ?? 0.5) && reaches(observed - expected, latencyFloorMs);
}

interface HistoryComparison {
  readonly comparisons: readonly MetricComparison[];
  /** Notes on values that differ from earlier runs but are within the prediction. */
  readonly notes: readonly string[];
}

/**
 * Empty if there are too few earlier runs. Lines older than `since` (ISO 8601) and the run's own line are
 * not used. A value that is not worse in the line `withoutLag` (without this machine's lateness) proves
 * nothing.
 */
export function compareWithHistory(
  lines: readonly HistoryLine[],
  now: HistoryLine,
  system: string,
  options: ComparisonOptions,
  since = '',
  withoutLag = now,
): HistoryComparison {
  const earlier = lines.filter(({ runId, startedAt }) => runId !== now.runId && startedAt >= since);
  const tolerances = tolerancesOf(system, options);
  const findings = judgeHistory(earlier, now, tolerances);
  const standing = new Set(
    judgeHistory(earlier, withoutLag, tolerances)
      .filter(({ verdict }) => verdict === 'regression')
      .map(placeOf),
  );
  const judged = findings.filter(({ verdict }) => verdict !== 'too few');
  return {
    comparisons: judged.map((one) => comparisonOf(one, now.testId, standing.has(placeOf(one)))),
    notes: judged.filter(({ verdict }) => verdict === 'warning').map(warningText),
  };
}

function placeOf({ task = '', metric }: HistoryFinding): string {
  return `${task}\n${metric}`;
}

function comparisonOf(finding: HistoryFinding, test: string, stands: boolean): MetricComparison {
  const { task, metric, verdict, expected, observed, limit } = finding;
  const isThroughput = metric === 'throughput';
  const isLate = verdict === 'regression' && !stands;
  const late = isLate
    ? "; but this machine's own lateness may be the reason: rerun on a quieter machine"
    : '';
  return {
    test,
    ...defined({ task }),
    metric: `history ${metric}`,
    unit: isThroughput ? 'per second' : 'ms',
    baseline: expected,
    observed,
    verdict: isLate ? 'inconclusive' : verdict === 'regression' ? 'regression' : 'pass',
    tolerance: `${isThroughput ? 'at least' : 'at most'} ${text(limit, metric)}`,
    evidence: `${text(observed, metric)}; ${rangeText(finding)}${late}`,
  };
}

function warningText(finding: HistoryFinding): string {
  const name = finding.task === undefined ? finding.metric : `${finding.task}: ${finding.metric}`;
  const { expected, observed, metric } = finding;
  return (
    `${name}: ${text(observed, metric)} differs from the ${counted(finding.earlier, 'run')} before it ` +
    `(mean ${text(expected, metric)}), but is no regression`
  );
}

function rangeText({ earlier, limit, metric }: HistoryFinding): string {
  const side = metric === 'throughput' ? 'at least' : 'at most';
  return `the ${counted(earlier, 'run')} before it predict ${side} ${text(limit, metric)} for 99 runs in 100`;
}

function text(value: number | undefined, metric: HistoryFinding['metric']): string {
  return figureText(value, metric === 'throughput' ? 'perSecond' : 'time');
}
