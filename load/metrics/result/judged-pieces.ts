/**
 * The judged phases in pieces of equal length, each with the histograms of the requests that ended in
 * it: how steady a run was. Baselines make their sections of these. A run is up to twice as long as
 * planned, so there are at most 80 pieces, whatever its length.
 */
import { Histogram } from '../histogram.ts';
import type { Plan, SeriesRecord } from '../log/schema.ts';
import { addOutcomes, type OutcomeCounts } from '../outcome.ts';
import { latencyData } from '../trend-histogram.ts';

/** Requests of one task that were scheduled in a judged phase and ended in this piece of time. */
export interface TaskPiece {
  readonly outcomes: OutcomeCounts;
  /** µs; of those that have a response time. */
  readonly responseTime: Histogram;
}

export interface JudgedPiece {
  readonly startMs: number;
  readonly endMs: number;
  readonly tasks: ReadonlyMap<string, TaskPiece>;
}

const piecesPlanned = 40;
const mostPieces = 2 * piecesPlanned;

interface Sum {
  startMs: number;
  endMs: number;
  readonly tasks: Map<string, { outcomes: OutcomeCounts; responseTime: Histogram }>;
}

/** Looks at the first stream, which is the one that carries the budgets. */
export class JudgedPieces {
  private readonly judged: ReadonlySet<string>;
  private readonly firstMs: number;
  private readonly intervalMs: number;
  private readonly pieceMs: number;
  private readonly sums: Sum[] = [];

  constructor(plan: Plan) {
    const phases = (plan.streams[0]?.phases ?? []).filter(({ judged }) => judged);
    const plannedMs = phases.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
    this.judged = new Set(phases.map(({ name }) => name));
    this.firstMs = phases[0]?.startMs ?? 0;
    this.intervalMs = plan.intervalMs;
    this.pieceMs = Math.max(plan.intervalMs, plannedMs / piecesPlanned);
  }

  /** `intervalStartMs`: of the interval in which the record's requests ended. */
  add(record: SeriesRecord, intervalStartMs: number): void {
    if (record.stream !== 0 || !this.judged.has(record.phase)) return;
    const { tasks } = this.pieceAt(intervalStartMs);
    let sum = tasks.get(record.task);
    if (sum === undefined) {
      tasks.set(record.task, (sum = { outcomes: {}, responseTime: new Histogram() }));
    }
    sum.outcomes = addOutcomes(sum.outcomes, record.outcomes);
    const responseTime = latencyData(record.trends?.['responseTime']);
    if (responseTime !== undefined) sum.responseTime.add(responseTime);
  }

  /** An interval of a judged phase is over. */
  close(startMs: number, endMs: number): void {
    const piece = this.pieceAt(startMs);
    piece.startMs = Math.min(piece.startMs, startMs);
    piece.endMs = Math.max(piece.endMs, endMs);
  }

  /** In order; what ended during the drain is in the last one. */
  all(): readonly JudgedPiece[] {
    const lasting = this.sums.filter(({ startMs, endMs }) => endMs > startMs);
    const last = lasting.at(-1);
    const late = this.sums.slice(last === undefined ? 0 : this.sums.indexOf(last) + 1);
    if (last === undefined || late.length === 0) return lasting;
    return [...lasting.slice(0, -1), { ...last, tasks: mergedTasks([last, ...late]) }];
  }

  private pieceAt(startMs: number): Sum {
    // Intervals are cut a little early or late: half of one more keeps them in their piece.
    const place = Math.floor((startMs - this.firstMs + this.intervalMs / 2) / this.pieceMs);
    const index = Math.min(mostPieces - 1, Math.max(0, place));
    while (this.sums.length <= index) {
      this.sums.push({ startMs: Infinity, endMs: -Infinity, tasks: new Map() });
    }
    return this.sums[index]!;
  }
}

/** The pieces' requests, task by task. */
export function mergedTasks(
  pieces: readonly Pick<JudgedPiece, 'tasks'>[],
): Map<string, { outcomes: OutcomeCounts; responseTime: Histogram }> {
  const merged = new Map<string, { outcomes: OutcomeCounts; responseTime: Histogram }>();
  for (const { tasks } of pieces) {
    for (const [task, { outcomes, responseTime }] of tasks) {
      let sum = merged.get(task);
      if (sum === undefined)
        merged.set(task, (sum = { outcomes: {}, responseTime: new Histogram() }));
      sum.outcomes = addOutcomes(sum.outcomes, outcomes);
      sum.responseTime.add(responseTime);
    }
  }
  return merged;
}
