/** A result as a run of a baseline: a pure fold. */
import { statisticOf } from '../metrics/percentile.ts';
import { Histogram } from '../metrics/histogram.ts';
import { mergedTasks, type JudgedPiece } from '../metrics/result/judged-pieces.ts';
import { errorsOf, scheduledOf, type OutcomeCounts } from '../metrics/outcome.ts';
import { isJudged, judgedMs, type Result } from '../metrics/result/result.ts';
import { defined } from '../platform/defined.ts';
import {
  baselineSchema,
  sectionsPerRun,
  type BaselineRun,
  type BaselineTask,
  type DensestErrors,
  type StoredFigures,
} from './baseline-run.ts';
import { planKeyOf } from './plan-key.ts';

interface CaptureOptions {
  /** The environment's name: baselines of different ones are never compared. */
  readonly environment: string;
}

/** Errors within this time are one burst, if there are enough. */
const burstMs = 5000;

/**
 * Throws where the judged phases had no time or no request: nothing can be compared with that. Whether
 * a run deserves to be a baseline (it passed, at full length) is for the caller to say.
 */
export function captureRun(result: Result, { environment }: CaptureOptions): BaselineRun {
  const { plan, generator } = result;
  const durationMs = judgedMs(result);
  const sections = sectionsOf(result.pieces);
  const sums = mergedTasks(result.pieces);
  if (!(durationMs > 0) || sums.size === 0) {
    throw new Error(`${plan.testId}: no request was scheduled in the judged phases`);
  }
  const names = [...sums.keys()].sort();
  const whole: Sum = { outcomes: {}, responseTime: new Histogram(), ...mergedAll(result.pieces) };
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
    openModel: plan.streams[0]?.workload['model'] === 'open',
    judgedMs: durationMs,
    generatorLagP99Ms: finite(statisticOf(generator.lag, 'p99', generator.lag.count) / 1000),
    all: overviewOf(result, '', whole),
    tasks: names.map((name) => ({
      name,
      ...overviewOf(result, name, sums.get(name)!),
      sections: sections.map((section) => taskSection(section, name)),
    })),
  };
}

interface Sum {
  readonly outcomes: OutcomeCounts;
  readonly responseTime: Histogram;
}

/** Groups the pieces into ten sections of about equal length. */
function sectionsOf(pieces: readonly JudgedPiece[]): JudgedPiece[] {
  const startMs = pieces[0]?.startMs ?? 0;
  const lengthMs = (pieces.at(-1)?.endMs ?? 0) - startMs;
  const groups = Array.from({ length: sectionsPerRun }, () => [] as JudgedPiece[]);
  for (const piece of pieces) {
    const middleMs = (piece.startMs + piece.endMs) / 2 - startMs;
    groups[Math.floor((middleMs / lengthMs) * sectionsPerRun)]?.push(piece);
  }
  return groups
    .filter((group) => group.length > 0)
    .map((group) => ({
      startMs: group[0]!.startMs,
      endMs: group.at(-1)!.endMs,
      tasks: mergedTasks(group),
    }));
}

function mergedAll(pieces: readonly JudgedPiece[]): Sum | undefined {
  const parts = pieces.flatMap(({ tasks }) => [...tasks.values()]);
  return mergedTasks(parts.map((part) => ({ tasks: new Map([['', part]]) }))).get('');
}

function taskSection(
  { startMs, endMs, tasks }: JudgedPiece,
  name: string,
): BaselineTask['sections'][number] {
  const { outcomes, responseTime } = tasks.get(name) ?? {
    outcomes: {},
    responseTime: new Histogram(),
  };
  return { startMs, endMs, outcomes, responseTime: responseTime.toData() };
}

/** `task`: the name under which the timeline has it; empty for all. */
function overviewOf(result: Result, task: string, sum: Sum): BaselineRun['all'] {
  const seconds = judgedMs(result) / 1000;
  const ended = result.timeline
    .filter((point) => isJudged(result.plan, 0, point.phases[0]))
    .map(({ tasks }) => tasks[task]?.outcomes ?? {});
  const okEnded = ended.reduce((total, { ok = 0 }) => total + ok, 0);
  const allEnded = ended.reduce((total, outcomes) => total + scheduledOf(outcomes), 0);
  const densest = densestErrors(result, task);
  return defined({
    figures: figuresOf(sum, allEnded / seconds),
    okPerSecond: okEnded / seconds,
    scheduledPerSecond: scheduledOf(sum.outcomes) / seconds,
    densestErrors: densest,
  });
}

function figuresOf({ outcomes, responseTime }: Sum, rps: number): StoredFigures {
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

/** From the judged phases on, the drain included: that is where requests time out that began in them. */
function densestErrors({ plan, timeline }: Result, task: string): DensestErrors | undefined {
  const first = timeline.findIndex(({ phases }) => isJudged(plan, 0, phases[0]));
  const points = first < 0 ? [] : timeline.slice(first);
  const errorsAt = (index: number): number => errorsOf(points[index]?.tasks[task]?.outcomes ?? {});
  let densest: DensestErrors | undefined;
  let from = 0;
  let errors = 0;
  for (const [index, { endMs }] of points.entries()) {
    errors += errorsAt(index);
    // Intervals are cut a little early or late: five seconds and a half still hold five of them only.
    while (from < index && endMs - points[from]!.startMs > burstMs * 1.1)
      errors -= errorsAt(from++);
    if (errors > (densest?.errors ?? 0))
      densest = { startMs: points[from]!.startMs, endMs, errors };
  }
  return densest;
}
