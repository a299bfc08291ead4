/**
 * If one slice is late, the requests of all slices are affected: while it stood still, the others'
 * requests met a system with less load, and then with a burst. A slice's log classifies its requests by
 * its own lateness (metrics/record/lateness.ts); this adds the lateness of the others.
 */
import type { Interval, Plan, SeriesRecord } from '../metrics/log/schema.ts';
import { latenessStepsMs, neverClean } from '../metrics/record/lateness.ts';

interface SliceInterval {
  readonly slice: number;
  readonly interval: Interval;
}

interface LateTime {
  readonly slice: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly lateMs: readonly number[];
}

export class MergedLateness {
  private lateTimes: LateTime[] = [];
  private readonly longestMs: number;

  /** `plan`: the plan of the load. */
  constructor({ streams }: Plan) {
    const deadlines = streams.flatMap(({ tasks }) => tasks.map(({ deadlineMs }) => deadlineMs));
    this.longestMs = Math.max(0, ...deadlines);
  }

  /** The intervals of one span of time, with lateness classes that take all slices into account. */
  raise(parts: readonly SliceInterval[]): SliceInterval[] {
    for (const { slice, interval } of parts) {
      const { startMs, endMs, generator } = interval;
      const { lateMs = [] } = generator;
      if (lateMs.some((ms) => ms > 0)) this.lateTimes.push({ slice, startMs, endMs, lateMs });
    }
    const startMs = Math.min(...parts.map(({ interval }) => interval.startMs));
    this.lateTimes = this.lateTimes.filter(({ endMs }) => endMs >= startMs - this.longestMs);
    return parts.map((part) => ({ ...part, interval: this.raised(part) }));
  }

  private raised({ slice, interval }: SliceInterval): Interval {
    const others = this.lateTimes.filter((one) => one.slice !== slice);
    if (others.length === 0) return interval;
    const series = interval.series.map((record) => {
      const fromMs = interval.startMs - this.longestOf(record);
      const late = Math.max(record.late ?? 0, classAmid(others, fromMs, interval.endMs));
      return late === 0 ? record : { ...record, late };
    });
    return { ...interval, series };
  }

  /** Requests that did not end ok may have lasted until their deadline. */
  private longestOf({ outcomes, trends = {} }: SeriesRecord): number {
    const { ok = 0, ...others } = outcomes;
    if (Object.keys(others).length > 0) return this.longestMs;
    return ok === 0 ? 0 : (trends['responseTime']?.max ?? 0) / 1000;
  }
}

/** The first step at which none of these was late within the span. */
function classAmid(times: readonly LateTime[], fromMs: number, toMs: number): number {
  const within = times.filter(({ startMs, endMs }) => startMs < toMs && endMs > fromMs);
  const step = latenessStepsMs.findIndex((_, i) =>
    within.every(({ lateMs }) => !((lateMs[i] ?? 0) > 0)),
  );
  return step === -1 ? neverClean : step;
}
