/**
 * The judged phases in pieces of equal length, each with the histograms of the requests that ended in it.
 * They show how steady a run was, and baselines build their sections from them. A run lasts at most twice
 * its planned time, so there are at most 80 pieces. Pieces cover judged time only; the ramps between the
 * levels belong to none.
 */
import { Histogram } from '../histogram.ts';
import type { Interval, Phase, Plan, SeriesRecord } from '../log/schema.ts';
import { addOutcomes, type OutcomeCounts } from '../outcome.ts';
import { latencyData } from '../trend-histogram.ts';

/** Requests of one task that were scheduled in a judged phase and ended in this piece of time. */
export interface TaskPiece {
  readonly outcomes: OutcomeCounts;
  /** µs, for requests that have a response time. */
  readonly responseTime: Histogram;
  /** µs, for requests that were sent. Includes the wait for a free virtual user. */
  readonly scheduleLag: Histogram;
}

export interface JudgedPiece {
  readonly startMs: number;
  readonly endMs: number;
  /** Shorter than from start to end if a ramp lies in between. */
  readonly judgedMs: number;
  /** Lag caused by this machine, µs. */
  readonly lag: Histogram;
  readonly tasks: ReadonlyMap<string, TaskPiece>;
}

const piecesPlanned = 40;
const mostPieces = 2 * piecesPlanned;

type TaskSum = { -readonly [K in keyof TaskPiece]: TaskPiece[K] };

interface Sum {
  startMs: number;
  endMs: number;
  judgedMs: number;
  readonly lag: Histogram;
  readonly tasks: Map<string, TaskSum>;
}

/** Looks at the first stream, which is the load itself. */
export class JudgedPieces {
  private readonly judged: ReadonlySet<string>;
  /** In order. The last one may go on after its planned end. */
  private readonly phases: readonly Pick<Phase, 'startMs' | 'endMs'>[];
  private readonly halfIntervalMs: number;
  private readonly pieceMs: number;
  private readonly sums: Sum[] = [];

  constructor(plan: Plan) {
    const phases = (plan.streams[0]?.phases ?? []).filter(({ judged }) => judged);
    const plannedMs = phases.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
    this.judged = new Set(phases.map(({ name }) => name));
    this.phases = phases.map(({ startMs, endMs }, index) => ({
      startMs,
      endMs: index === phases.length - 1 ? Infinity : endMs,
    }));
    this.halfIntervalMs = plan.intervalMs / 2;
    this.pieceMs = Math.max(plan.intervalMs, plannedMs / piecesPlanned);
  }

  /** `intervalStartMs`: start of the interval in which the record's requests ended. */
  add(record: SeriesRecord, intervalStartMs: number): void {
    if (record.stream !== 0 || !this.judged.has(record.phase)) return;
    const sum = sumOf(this.pieceAt(intervalStartMs).tasks, record.task);
    sum.outcomes = addOutcomes(sum.outcomes, record.outcomes);
    const responseTime = latencyData(record.trends?.['responseTime']);
    const scheduleLag = latencyData(record.trends?.['scheduleLag']);
    if (responseTime !== undefined) sum.responseTime.add(responseTime);
    if (scheduleLag !== undefined) sum.scheduleLag.add(scheduleLag);
  }

  /** Call it when an interval of a judged phase is over. */
  close({ startMs, endMs, generator }: Pick<Interval, 'startMs' | 'endMs' | 'generator'>): void {
    const piece = this.pieceAt(startMs);
    piece.startMs = Math.min(piece.startMs, startMs);
    piece.endMs = Math.max(piece.endMs, endMs);
    piece.judgedMs += endMs - startMs;
    piece.lag.add(generator.lag);
  }

  /** In order. Requests that ended during the drain are in the last one. */
  all(): readonly JudgedPiece[] {
    const lasting = this.sums.filter(({ startMs, endMs }) => endMs > startMs);
    const last = lasting.at(-1);
    const late = this.sums.slice(last === undefined ? 0 : this.sums.indexOf(last) + 1);
    if (last === undefined || late.length === 0) return lasting;
    return [...lasting.slice(0, -1), { ...last, tasks: mergedTasks([last, ...late]) }];
  }

  private pieceAt(startMs: number): Sum {
    // Intervals end slightly early or late, so half an interval is added. Requests that end in a ramp
    // belong to the level before it.
    const half = this.isBetween(startMs) ? -this.halfIntervalMs : this.halfIntervalMs;
    const place = Math.floor((this.judgedBefore(startMs) + half) / this.pieceMs);
    const index = Math.min(mostPieces - 1, Math.max(0, place));
    while (this.sums.length <= index) {
      const [startMs, endMs] = [Infinity, -Infinity];
      this.sums.push({ startMs, endMs, judgedMs: 0, lag: new Histogram(), tasks: new Map() });
    }
    return this.sums[index]!;
  }

  private judgedBefore(atMs: number): number {
    return this.phases.reduce(
      (sum, { startMs, endMs }) => sum + Math.max(0, Math.min(atMs, endMs) - startMs),
      0,
    );
  }

  /** Whether the interval lies in a ramp between two judged phases. */
  private isBetween(intervalStartMs: number): boolean {
    const middleMs = intervalStartMs + this.halfIntervalMs;
    const isAfterOne = this.phases.some(({ endMs }) => middleMs >= endMs);
    const isInOne = this.phases.some(
      ({ startMs, endMs }) => middleMs >= startMs && middleMs < endMs,
    );
    return isAfterOne && !isInOne;
  }
}

/** The pieces' requests, task by task. */
export function mergedTasks(pieces: readonly Pick<JudgedPiece, 'tasks'>[]): Map<string, TaskSum> {
  const merged = new Map<string, TaskSum>();
  for (const { tasks } of pieces) {
    for (const [task, { outcomes, responseTime, scheduleLag }] of tasks) {
      const sum = sumOf(merged, task);
      sum.outcomes = addOutcomes(sum.outcomes, outcomes);
      sum.responseTime.add(responseTime);
      sum.scheduleLag.add(scheduleLag);
    }
  }
  return merged;
}

function sumOf(sums: Map<string, TaskSum>, task: string): TaskSum {
  let sum = sums.get(task);
  if (sum === undefined) {
    sum = { outcomes: {}, responseTime: new Histogram(), scheduleLag: new Histogram() };
    sums.set(task, sum);
  }
  return sum;
}
