/**
 * When errors were closest together. An interval says how many errors of each kind there were and when
 * the first and the last came. So a burst is found across the border of two intervals, and in intervals
 * that are as long as a burst. Only the last seconds are kept, so memory does not grow with the run.
 */
import type { Interval, SeriesRecord } from '../log/schema.ts';
import { errorsOf, type ErrorKind } from '../outcome.ts';

/** Errors within this time are one burst, if there are enough. */
export const burstMs = 5000;

/** The five seconds with the most errors: the times of the first and the last. */
export interface DensestErrors {
  readonly startMs: number;
  readonly endMs: number;
  readonly errors: number;
}

interface Span {
  readonly task: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** False if the times of the first and the last error are unknown; the interval's own times are used then. */
  readonly isTimed: boolean;
}

/** Kinds of requests that did not end ok and are no errors. */
const noErrors: ReadonlySet<string> = new Set<ErrorKind>(['throttled', 'degraded', 'interrupted']);

/**
 * Looks at the first stream from the start of its judged phases on. Their requests may time out in the
 * drain.
 */
export class ErrorBursts {
  /** By task. The empty name stands for all tasks. */
  readonly densest = new Map<string, DensestErrors>();
  private current = new Map<string, Span>();
  private recent: Span[] = [];
  private hasBegun = false;

  /** Adds a series, or the part of one that has its counts. */
  add({ stream, task, outcomes, errors = [] }: SeriesRecord): void {
    const errorCount = errorsOf(outcomes);
    if (stream !== 0 || errorCount === 0) return;
    const kinds = errors.filter(({ kind }) => !noErrors.has(kind));
    const told = kinds.reduce((sum, { count }) => sum + count, 0);
    // A kind may be both an error and not one. It then counts with its share of the errors.
    const share = Math.min(1, errorCount / told);
    for (const { kind, count, firstMs, lastMs } of kinds) {
      this.addSpan(kind, { task, count: count * share, firstMs, lastMs, isTimed: true });
    }
    if (errorCount > told) {
      const count = errorCount - told;
      this.addSpan('', { task, count, firstMs: Infinity, lastMs: -Infinity, isTimed: false });
    }
  }

  close({ startMs, endMs }: Pick<Interval, 'startMs' | 'endMs'>, isJudged: boolean): void {
    this.hasBegun ||= isJudged;
    const spans = [...this.current.values()].map((span) =>
      span.isTimed ? span : { ...span, firstMs: startMs, lastMs: endMs },
    );
    this.current = new Map();
    if (!this.hasBegun || spans.length === 0) return;
    this.recent = this.recent.filter(({ lastMs }) => lastMs > startMs - 2 * burstMs);
    this.recent.push(...spans);
    for (const task of new Set(['', ...spans.map((span) => span.task)])) this.search(task);
  }

  private addSpan(kind: string, span: Span): void {
    const key = `${span.task}\n${kind}`;
    const known = this.current.get(key);
    this.current.set(
      key,
      known === undefined
        ? span
        : {
            ...span,
            count: known.count + span.count,
            firstMs: Math.min(known.firstMs, span.firstMs),
            lastMs: Math.max(known.lastMs, span.lastMs),
          },
    );
  }

  private search(task: string): void {
    const spans = this.recent.filter((span) => task === '' || span.task === task);
    // The maximum is reached when an end of the window meets an end of a span, so only these are tried.
    const ends = spans.flatMap(({ firstMs, lastMs }) => [firstMs, lastMs]);
    for (const fromMs of new Set(ends.flatMap((ms) => [ms, ms - burstMs]))) {
      const found = errorsWithin(spans, fromMs);
      if (found.errors > (this.densest.get(task)?.errors ?? 0)) this.densest.set(task, found);
    }
  }
}

function errorsWithin(spans: readonly Span[], fromMs: number): DensestErrors {
  const toMs = fromMs + burstMs;
  const inside = spans.filter((span) => countWithin(span, fromMs, toMs) > 0);
  const count = inside.reduce((sum, span) => sum + countWithin(span, fromMs, toMs), 0);
  return {
    startMs: Math.max(fromMs, Math.min(...inside.map(({ firstMs }) => firstMs))),
    endMs: Math.min(toMs, Math.max(...inside.map(({ lastMs }) => lastMs))),
    errors: Math.floor(count + 1e-6),
  };
}

/** The times of the first and the last are known; those between are assumed to be evenly spread. */
function countWithin(
  { count, firstMs, lastMs, isTimed }: Span,
  fromMs: number,
  toMs: number,
): number {
  if (lastMs < fromMs || firstMs > toMs) return 0;
  if (firstMs >= fromMs && lastMs <= toMs) return count;
  const atEnd = isTimed ? Math.min(1, count / 2) : 0;
  const overlapMs = Math.min(lastMs, toMs) - Math.max(firstMs, fromMs);
  const between = ((count - 2 * atEnd) * overlapMs) / (lastMs - firstMs);
  return between + (firstMs >= fromMs ? atEnd : 0) + (lastMs <= toMs ? atEnd : 0);
}
