/** Captures a result as a run of a baseline. A pure function. */
import type { Statistic } from '../metrics/definitions.ts';
import { statisticOf } from '../metrics/percentile.ts';
import { Histogram } from '../metrics/histogram.ts';
import { mergedTasks, type JudgedPiece, type TaskPiece } from '../metrics/result/judged-pieces.ts';
import { errorsOf, scheduledOf } from '../metrics/outcome.ts';
import { isJudged, judgedMs, type Result } from '../metrics/result/result.ts';
import { defined } from '../platform/defined.ts';
import {
  baselineSchema,
  sectionsPerRun,
  type BaselineRun,
  type BaselineTask,
  type StoredFigures,
} from './baseline-run.ts';
import { planKeyOf } from './plan-key.ts';
import { comparedPercentiles } from './tolerances.ts';

interface CaptureOptions {
  /** Name of the environment. Baselines of different environments are never compared. */
  readonly environment: string;
}

/**
 * Throws if the judged phases had no time or no request, since nothing can be compared with that. The
 * caller decides whether the run may become a baseline (it passed, at full length).
 */
export function captureRun(result: Result, { environment }: CaptureOptions): BaselineRun {
  const { plan, generator } = result;
  const durationMs = judgedMs(result);
  const sums = mergedTasks(result.pieces);
  if (!(durationMs > 0) || sums.size === 0) {
    throw new Error(`${plan.testId}: no request was scheduled in the judged phases`);
  }
  const whole = mergedAll(result.pieces) ?? nothing();
  const { cpu, host } = plan.machine;
  const { node = '', loadwright: suite = '', commit } = plan.versions;
  return {
    schema: baselineSchema,
    runId: plan.runId,
    testId: plan.testId,
    environment,
    startedAt: new Date(plan.startedAtEpochMs).toISOString(),
    plan: planKeyOf(plan),
    made: defined({ cpu, host, node, suite, commit, seed: plan.seed }),
    openModel: isOpenModel(result),
    judgedMs: durationMs,
    generatorLagP99Ms: finite(statisticOf(generator.lag, 'p99', generator.lag.count) / 1000),
    all: overviewOf(result, '', whole),
    tasks: tasksOf(result, sums),
  };
}

function tasksOf(result: Result, sums: ReadonlyMap<string, TaskPiece>): BaselineTask[] {
  const sections = sectionsOf(result.pieces);
  const lagOf = (own: TaskPiece, ofMachine: Histogram, statistic: Statistic): number | undefined =>
    machineLagMs(own, isOpenModel(result) ? ofMachine : undefined, statistic);
  const sorted = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, sum]) => ({
    name,
    ...overviewOf(result, name, sum),
    ...defined({ lagMs: lagsOf((statistic) => lagOf(sum, result.generator.lag, statistic)) }),
    sections: sections.map((section) => {
      const own = section.tasks.get(name) ?? nothing();
      return taskSection(section, own, lagOf(own, section.lag, 'p50'));
    }),
  }));
}

function isOpenModel({ plan }: Result): boolean {
  return plan.streams[0]?.workload['model'] === 'open';
}

function nothing(): TaskPiece {
  return { outcomes: {}, responseTime: new Histogram(), scheduleLag: new Histogram() };
}

/**
 * How late this machine started a task's requests. In a closed model the whole schedule lag is this
 * machine's. In an open model the lag includes waiting for a free virtual user, which the system causes;
 * there it is at most this machine's lateness over all tasks (`ofMachine`).
 */
function machineLagMs(
  { scheduleLag }: TaskPiece,
  ofMachine: Histogram | undefined,
  statistic: Statistic,
): number | undefined {
  const lagsUs = [scheduleLag, ofMachine].flatMap((lag) =>
    lag === undefined ? [] : [statisticOf(lag, statistic, lag.count)],
  );
  const lagMs = Math.min(...lagsUs) / 1000;
  return Number.isFinite(lagMs) ? lagMs : undefined;
}

function lagsOf(lagAt: (statistic: Statistic) => number | undefined): BaselineTask['lagMs'] {
  const lags = comparedPercentiles.flatMap((name) => {
    const lagMs = lagAt(name);
    return lagMs === undefined ? [] : [[name, lagMs] as const];
  });
  const isInTime = lags.every(([, lagMs]) => lagMs === 0);
  return isInTime ? undefined : Object.fromEntries(lags);
}

/** Groups the pieces into ten sections of about equal judged time. */
function sectionsOf(pieces: readonly JudgedPiece[]): JudgedPiece[] {
  const totalMs = pieces.reduce((sum, { judgedMs: ownMs }) => sum + ownMs, 0);
  const groups = Array.from({ length: sectionsPerRun }, () => [] as JudgedPiece[]);
  let beforeMs = 0;
  for (const piece of pieces) {
    const middleMs = beforeMs + piece.judgedMs / 2;
    groups[Math.floor((middleMs / totalMs) * sectionsPerRun)]?.push(piece);
    beforeMs += piece.judgedMs;
  }
  return groups.filter((group) => group.length > 0).map(mergedPiece);
}

function mergedPiece(group: readonly JudgedPiece[]): JudgedPiece {
  const lag = new Histogram();
  for (const piece of group) lag.add(piece.lag);
  return {
    startMs: group[0]!.startMs,
    endMs: group.at(-1)!.endMs,
    judgedMs: group.reduce((sum, { judgedMs: ownMs }) => sum + ownMs, 0),
    lag,
    tasks: mergedTasks(group),
  };
}

function mergedAll(pieces: readonly JudgedPiece[]): TaskPiece | undefined {
  const parts = pieces.flatMap(({ tasks }) => [...tasks.values()]);
  return mergedTasks(parts.map((part) => ({ tasks: new Map([['', part]]) }))).get('');
}

/** A gap shorter than this between two intervals is not a ramp. */
const shortestRampMs = 1;

function taskSection(
  { startMs, endMs, judgedMs: ownMs }: JudgedPiece,
  { outcomes, responseTime }: TaskPiece,
  lagP50Ms: number | undefined,
): BaselineTask['sections'][number] {
  return {
    startMs,
    endMs,
    ...defined({
      judgedMs: endMs - startMs - ownMs > shortestRampMs ? ownMs : undefined,
      lagP50Ms: lagP50Ms === 0 ? undefined : lagP50Ms,
    }),
    outcomes,
    responseTime: responseTime.toData(),
  };
}

/** `task`: its name in the timeline; empty for all tasks. */
function overviewOf(result: Result, task: string, sum: TaskPiece): BaselineRun['all'] {
  const seconds = judgedMs(result) / 1000;
  const ended = result.timeline
    .filter((point) => isJudged(result.plan, 0, point.phases[0]))
    .map(({ tasks }) => tasks[task]?.outcomes ?? {});
  const okEnded = ended.reduce((total, { ok = 0 }) => total + ok, 0);
  const allEnded = ended.reduce((total, outcomes) => total + scheduledOf(outcomes), 0);
  return defined({
    figures: figuresOf(sum, allEnded / seconds),
    okPerSecond: okEnded / seconds,
    scheduledPerSecond: scheduledOf(sum.outcomes) / seconds,
    densestErrors: result.densestErrors.get(task),
  });
}

function figuresOf({ outcomes, responseTime }: TaskPiece, rps: number): StoredFigures {
  const total = scheduledOf(outcomes);
  const errors = errorsOf(outcomes);
  const ms = (statistic: 'avg' | 'p50' | 'p95' | 'p99'): number | null =>
    finite(statisticOf(responseTime, statistic, total) / 1000);
  return {
    avg_latency_ms: ms('avg'),
    median_latency_ms: ms('p50'),
    p95_latency_ms: ms('p95'),
    p99_latency_ms: ms('p99'),
    error_rate_pct: total === 0 ? 0 : (errors * 100) / total,
    rps,
    total_requests: total,
    total_failures: errors,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
