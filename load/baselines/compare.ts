/**
 * Compares a run with the runs of its baseline: one finding per task and metric, as data. Pure functions;
 * files, texts and test results are handled elsewhere.
 */
import type { Histogram } from '../metrics/histogram.ts';
import { shortCommit } from '../settings/commit.ts';
import type { BaselineRun } from './baseline-run.ts';
import { compareBurst, compareErrorRate, errorSides } from './compare-errors.ts';
import { compareLatency } from './compare-latency.ts';
import { compareThroughput } from './compare-throughput.ts';
import type { Judged, MetricComparison } from './comparison.ts';
import { measuredBaseline, measuredIn, type Measured, type MeasuredBaseline } from './measured.ts';
import { planDifferences } from './plan-key.ts';
import { compareRunsPlainly } from './plain-rule.ts';
import {
  tolerancesOf,
  type ComparedPercentile,
  type ComparisonOptions,
  type Tolerances,
} from './tolerances.ts';

/** With fewer runs it is unknown how much runs differ by themselves. */
export const runsForVerdict = 3;

export interface Comparison {
  readonly comparisons: readonly MetricComparison[];
  /** Notes that do not change the verdict, such as another machine or another version of Node. */
  readonly notes: readonly string[];
  /** Number of the baseline's runs that were compared. */
  readonly runs: number;
}

/**
 * By task: the response times (µs) of the compared run's ok requests that this machine's lateness did not
 * affect. A task without them is corrected by its schedule lag alone.
 */
export type CleanTimes = ReadonlyMap<string, Histogram>;

/** `baseline`: the runs in its file. Throws if there are none. */
export function compareRuns(
  run: BaselineRun,
  baseline: readonly BaselineRun[],
  options: ComparisonOptions = {},
  clean: CleanTimes = new Map(),
): Comparison {
  const newest = baseline.at(-1);
  if (newest === undefined) throw new Error(`${run.testId}: the baseline has no run`);
  const like = baseline.filter((one) => hardDifferences(one, run).length === 0);
  const used = like.length === 0 ? baseline : like;
  const tolerances = tolerancesOf(systemOf(run), options);
  const found =
    options.significance === 'off'
      ? compareRunsPlainly(run, used, tolerances)
      : evidencedOf({ run, baseline: used, tolerances, clean });
  const reason = whyNoVerdict(run, newest, like, options);
  return {
    comparisons: reason === undefined ? found : found.map((one) => ({ ...one, ...reason })),
    notes: [...leftOut(baseline.length, like.length), ...softDifferences(run, used)],
    runs: like.length,
  };
}

type NoVerdict = Pick<MetricComparison, 'verdict' | 'evidence'>;

function whyNoVerdict(
  run: BaselineRun,
  newest: BaselineRun,
  like: readonly BaselineRun[],
  { significance }: ComparisonOptions,
): NoVerdict | undefined {
  if (like.length === 0) {
    return { verdict: 'incomparable', evidence: hardDifferences(newest, run).join('; ') };
  }
  if (like.length >= runsForVerdict || significance === 'off') return undefined;
  const evidence = `the baseline has ${like.length} of the ${runsForVerdict} runs that a verdict needs`;
  return { verdict: 'provisional', evidence };
}

function hardDifferences(baseline: BaselineRun, run: BaselineRun): string[] {
  const differences = [...otherMachine(baseline, run), ...planDifferences(baseline.plan, run.plan)];
  if (baseline.environment === run.environment) return differences;
  return [`environment: ${run.environment}, was ${baseline.environment}`, ...differences];
}

/** A reference service is as fast as the machine on which it runs. */
function otherMachine(baseline: BaselineRun, run: BaselineRun): string[] {
  const isReference = baseline.plan['target'] === 'reference' && run.plan['target'] === 'reference';
  if (!isReference || baseline.made.cpu === run.made.cpu) return [];
  const cpus = `${run.made.cpu}, was ${baseline.made.cpu}`;
  return [
    `the reference service ran on another machine (${cpus}); -u makes a baseline of this one`,
  ];
}

const softNames = {
  cpu: 'CPU',
  host: 'host',
  node: 'Node',
  suite: 'suite',
  commit: 'commit',
  seed: 'seed',
};

function softText(value: string | number | undefined): string {
  return value === undefined ? 'unknown' : shortCommit(String(value));
}

function softDifferences(run: BaselineRun, baseline: readonly BaselineRun[]): string[] {
  return (Object.keys(softNames) as (keyof typeof softNames)[]).flatMap((key) => {
    const before = [...new Set(baseline.map(({ made }) => softText(made[key])))];
    const now = softText(run.made[key]);
    return before.includes(now) ? [] : [`${softNames[key]}: ${now}, was ${before.join(', ')}`];
  });
}

function leftOut(all: number, like: number): string[] {
  if (like === all || like === 0) return [];
  return [`${all - like} of the baseline's ${all} runs had another plan and are left out`];
}

function systemOf({ plan, testId }: BaselineRun): string {
  return typeof plan['system'] === 'string' ? plan['system'] : testId;
}

interface Sides {
  readonly run: BaselineRun;
  readonly baseline: readonly BaselineRun[];
  readonly tolerances: Tolerances;
  readonly clean: CleanTimes;
}

function evidencedOf(sides: Sides): MetricComparison[] {
  const { run, baseline, tolerances } = sides;
  const names = taskNames(run, baseline);
  const tasks = names.flatMap((task) =>
    taskFindings(sides, task, names.length === 1).map((judged): MetricComparison => ({
      test: run.testId,
      task,
      ...judged,
    })),
  );
  const own = measuredIn(run)!;
  const before = measuredBaseline(baseline)!;
  const overAll = [
    ...errorFindings(own, before, tolerances),
    compareThroughput(own, before, tolerances),
  ].map((judged): MetricComparison => ({ test: run.testId, ...judged }));
  return [...tasks, ...overAll];
}

function taskFindings(sides: Sides, task: string, isOnly: boolean): Judged[] {
  const { run, baseline, tolerances, clean } = sides;
  const own = measuredIn(run, task, clean.get(task));
  const before = measuredBaseline(baseline, task);
  if (own === undefined || before === undefined) {
    return latencies(tolerances).map((metric) => absent(metric, own === undefined));
  }
  const latency = latencies(tolerances).map((metric) =>
    compareLatency(metric, own, before, tolerances),
  );
  // With a single task, its errors are those of the whole run.
  return isOnly ? latency : [...latency, ...errorFindings(own, before, tolerances)];
}

function errorFindings(run: Measured, before: MeasuredBaseline, tolerances: Tolerances): Judged[] {
  const burst = compareBurst(run, before);
  const rate = compareErrorRate(errorSides(run, before), tolerances);
  return burst === undefined ? [rate] : [rate, burst];
}

function absent(metric: ComparedPercentile, fromRun: boolean): Judged {
  const evidence = fromRun
    ? 'the run has no such task'
    : 'not every run of the baseline has the task';
  const nothing = { baseline: undefined, observed: undefined, tolerance: '' };
  return { metric, unit: 'ms', ...nothing, verdict: 'no-data', evidence };
}

function latencies({ latency }: Tolerances): ComparedPercentile[] {
  return Object.keys(latency) as ComparedPercentile[];
}

function taskNames(run: BaselineRun, baseline: readonly BaselineRun[]): string[] {
  return [...new Set([run, ...baseline].flatMap(({ tasks }) => tasks.map(({ name }) => name)))];
}
