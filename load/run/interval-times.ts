/** Where intervals are cut: each second (each 5 s beyond half an hour) and at the borders of phases. */
import type { Workload } from '../workload/workload.ts';

const halfHourMs = 30 * 60_000;
/** A log is kept below this: intervals are widened instead. */
const maxLogBytes = 256 * 2 ** 20;

export class IntervalTimes {
  readonly intervalMs = 1000;
  private readonly borders: readonly number[];
  private widening = 1;
  /** When the log reaches this size, the intervals are doubled. */
  private widenAtBytes = maxLogBytes / 2;

  constructor(workloads: readonly Workload[]) {
    const borders = workloads.flatMap(({ phases }) =>
      phases.flatMap(({ startMs, endMs }) => [startMs, endMs]),
    );
    this.borders = [...new Set(borders)].sort((a, b) => a - b);
  }

  /** The first border after `startMs`. */
  nextBorderMs(startMs: number): number {
    const lengthMs = (startMs >= halfHourMs ? 5 : 1) * this.intervalMs * this.widening;
    // A border a moment ahead was this interval's own start, met a fraction of a millisecond early.
    const regular = (Math.floor(startMs / lengthMs + 1e-6) + 1) * lengthMs;
    const phase = this.borders.find((border) => border > startMs);
    return phase !== undefined && phase < regular ? phase : regular;
  }

  /** Widens the intervals each time the log has used up half of the room it had left. */
  fitInto(bytes: number): void {
    if (bytes < this.widenAtBytes) return;
    this.widening *= 2;
    this.widenAtBytes += (maxLogBytes - this.widenAtBytes) / 2;
  }
}
