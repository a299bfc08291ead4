/** One task of a run, or all tasks, with its histograms: the input of all comparisons. */
import { mean, sectionVariance, type LogEstimate } from '../analysis/log-difference.ts';
import type { Share } from '../analysis/share-tests.ts';
import { quantileOf, type Statistic } from '../metrics/definitions.ts';
import { Histogram } from '../metrics/histogram.ts';
import { addOutcomes, errorsOf, scheduledOf, type OutcomeCounts } from '../metrics/outcome.ts';
import { samplesNeeded, statisticOf } from '../metrics/percentile.ts';
import type { DensestErrors } from '../metrics/result/error-bursts.ts';
import type { BaselineRun, BaselineTask } from './baseline-run.ts';
import type { ComparedPercentile } from './tolerances.ts';
import { counted } from '../platform/words.ts';

interface MeasuredSection {
  readonly durationMs: number;
  readonly outcomes: OutcomeCounts;
  readonly responseTime: Histogram;
}

interface RunSection extends MeasuredSection {
  /** How late this machine started its requests, p50. */
  readonly lagP50Ms: number;
}

export interface Measured {
  readonly openModel: boolean;
  readonly judgedMs: number;
  /** How late this machine started the task's requests. */
  readonly lagMs: NonNullable<BaselineTask['lagMs']>;
  /** Response times (µs) of the task's ok requests that this machine's lateness did not affect, if known. */
  readonly clean: Histogram | undefined;
  readonly sections: readonly RunSection[];
  readonly whole: MeasuredSection;
  readonly okPerSecond: number;
  readonly scheduledPerSecond: number;
  readonly densestErrors: DensestErrors | undefined;
}

const fewestSections = 4;

/**
 * `undefined` if the run has no such task. Without a task: the counts of all tasks, without percentiles,
 * since those change with the mix of tasks and are not compared.
 */
export function measuredIn(
  run: BaselineRun,
  task?: string,
  clean?: Histogram,
): Measured | undefined {
  const own = task === undefined ? run.all : run.tasks.find(({ name }) => name === task);
  if (own === undefined) return undefined;
  const tasks = run.tasks.filter(({ name }) => task === undefined || name === task);
  const places = tasks[0]?.sections ?? [];
  const sections = places.map(({ startMs, endMs, judgedMs, lagP50Ms = 0 }, index) => {
    const parts = tasks.flatMap((one) => one.sections.slice(index, index + 1));
    const merged = mergedSection(parts, judgedMs ?? endMs - startMs, task !== undefined);
    return { ...merged, lagP50Ms };
  });
  const [only] = tasks;
  return {
    openModel: run.openModel,
    judgedMs: run.judgedMs,
    sections,
    lagMs: task === undefined ? {} : (only?.lagMs ?? {}),
    clean,
    whole: mergedSection(sections, run.judgedMs),
    okPerSecond: own.okPerSecond,
    scheduledPerSecond: own.scheduledPerSecond,
    densestErrors: own.densestErrors,
  };
}

function mergedSection(
  parts: readonly {
    readonly outcomes: OutcomeCounts;
    readonly responseTime: Parameters<Histogram['add']>[0];
  }[],
  durationMs: number,
  withLatencies = true,
): MeasuredSection {
  const responseTime = new Histogram();
  for (const part of withLatencies ? parts : []) responseTime.add(part.responseTime);
  const outcomes = parts.reduce<OutcomeCounts>((sum, one) => addOutcomes(sum, one.outcomes), {});
  return { durationMs, outcomes, responseTime };
}

/** The runs of a baseline, and all of them merged. */
export interface MeasuredBaseline {
  readonly runs: readonly Measured[];
  readonly whole: MeasuredSection;
}

/** `undefined` if a run has no such task. */
export function measuredBaseline(
  baseline: readonly BaselineRun[],
  task?: string,
): MeasuredBaseline | undefined {
  const runs = baseline.map((run) => measuredIn(run, task)).filter((one) => one !== undefined);
  if (runs.length < baseline.length) return undefined;
  const durationMs = runs.reduce((sum, { judgedMs }) => sum + judgedMs, 0);
  const whole = mergedSection(
    runs.map((run) => run.whole),
    durationMs,
  );
  return { runs, whole };
}

/** In ms, over all scheduled requests: ∞ if the rank is among those that are not ok, NaN if there are none. */
export function latencyOf(section: MeasuredSection, statistic: Statistic): number {
  const { responseTime, outcomes } = section;
  return statisticOf(responseTime, statistic, scheduledOf(outcomes)) / 1000;
}

/**
 * Like `latencyOf`, without what this machine's lateness may have added: the lag at the same percentile
 * is subtracted, and the result is at most that of the unaffected requests, if they are known.
 * `undefined` if there are too few of them.
 */
export function latencyWithoutLag(
  run: Measured,
  statistic: ComparedPercentile,
): number | undefined {
  const { whole, lagMs, clean } = run;
  const withoutLag = Math.max(0, latencyOf(whole, statistic) - (lagMs[statistic] ?? 0));
  if (clean === undefined) return withoutLag;
  const scheduled = scheduledOf(whole.outcomes);
  // It is unknown which of the requests that are not ok were affected, so their share is kept.
  const total = Math.ceil((clean.count * scheduled) / Math.max(1, whole.responseTime.count));
  if (total < neededFor(statistic)) return undefined;
  return Math.min(withoutLag, statisticOf(clean, statistic, total) / 1000);
}

function neededFor(statistic: Statistic): number {
  const q = quantileOf(statistic);
  return q === undefined ? 2 : samplesNeeded(q);
}

/** Why the percentile of this run cannot be used; `undefined` if it can. */
export function lackOf({ whole, sections }: Measured, statistic: Statistic): string | undefined {
  const scheduled = scheduledOf(whole.outcomes);
  const needed = neededFor(statistic);
  if (scheduled < needed) return `${counted(scheduled, 'request')}, ${needed} are needed`;
  const used = sections.filter(({ outcomes }) => scheduledOf(outcomes) > 0).length;
  if (used >= fewestSections) return undefined;
  return `requests in ${used} of ${sections.length} sections only, ${fewestSections} are needed`;
}

/** The logarithms of the sections' medians, with or without this machine's lateness. */
export function medianLogs(run: Measured, lag: 'with lag' | 'without lag'): number[] {
  const logs = sectionLogs(run, 'p50');
  if (lag === 'with lag') return logs;
  const used = run.sections.filter(({ outcomes }) => scheduledOf(outcomes) > 0);
  return logs.map((log, index) => logOf(Math.exp(log) - used[index]!.lagP50Ms));
}

/** The logarithms of the sections' percentiles. One that is ∞ counts as the slowest answer. */
function sectionLogs({ sections, whole }: Measured, statistic: Statistic): number[] {
  const slowest = latencyOf({ ...whole, outcomes: { ok: whole.responseTime.count } }, 'max');
  return sections
    .filter(({ outcomes }) => scheduledOf(outcomes) > 0)
    .map((section) => {
      const value = latencyOf(section, statistic);
      return logOf(Number.isFinite(value) ? value : slowest);
    });
}

/** The logarithm of a percentile with its variance. */
export function latencyEstimate(measured: Measured, statistic: Statistic): LogEstimate {
  const log = logOf(latencyOf(measured.whole, statistic));
  return { log, ...varianceOf(sectionLogs(measured, statistic), log) };
}

/** The logarithm of a latency in ms, of at least 1 µs. */
export function logOf(ms: number): number {
  return Math.log(Math.max(0.001, ms));
}

/**
 * Ok requests per second; in an open model achieved over offered, since arrivals do not wait. NaN if
 * there were none.
 */
export function throughputOf({ openModel, okPerSecond, scheduledPerSecond }: Measured): number {
  return openModel ? okPerSecond / scheduledPerSecond : okPerSecond;
}

export function throughputEstimate(measured: Measured): LogEstimate {
  const rates = measured.sections.map(({ outcomes, durationMs }) =>
    Math.log(Math.max(0.5, outcomes.ok ?? 0) / durationMs),
  );
  return { log: Math.log(throughputOf(measured)), ...varianceOf(rates, mean(rates)) };
}

function varianceOf(logs: readonly number[], centre: number): { variance: number; df: number } {
  const around = Number.isFinite(centre) ? centre : mean(logs);
  const [variance, df] = sectionVariance(logs, around);
  return { variance, df };
}

export function errorShare({ outcomes }: MeasuredSection): Share {
  return { hits: errorsOf(outcomes), total: scheduledOf(outcomes) };
}
