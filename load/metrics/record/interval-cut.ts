/** A closed interval before it becomes a line of the log. */
import type { Histogram } from '../histogram.ts';
import type { LoadEvent, Stall } from '../log/schema.ts';
import type { SeriesBuffer } from './series-buffer.ts';

/** A closed interval: buffers that nothing writes to any more. */
export interface IntervalCut {
  readonly buffers: readonly SeriesBuffer[];
  readonly stalls: readonly Stall[];
  readonly events: readonly LoadEvent[];
  readonly lag: Histogram;
  readonly counts: {
    readonly scheduled: number;
    readonly sent: number;
    readonly inFlight: number;
    readonly inFlightPeak: number;
    readonly inFlightSamples: { count: number; sum: number };
    readonly busyMs: number;
    readonly ageMs: number;
    readonly oldestMs: number;
  };
}
