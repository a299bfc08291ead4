/** Closes an interval at each of its borders, and the last one when the run is over. */
import type { Clock, Timer } from '../platform/clock.ts';
import type { LoadGauge } from '../executors/executor.ts';
import type { IntervalTimes } from './interval-times.ts';
import { Histogram } from '../metrics/histogram.ts';
import type { GeneratorRecord } from '../metrics/log/schema.ts';
import type { IntervalWriter } from '../metrics/log/writer.ts';
import { LoopWatch } from '../metrics/record/loop-watch.ts';
import type { Reading } from '../metrics/log/monitor-reading.ts';
import type { Recorder } from '../metrics/record/recorder.ts';
import { defined } from '../platform/defined.ts';

export interface IntervalSources {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly writer: IntervalWriter;
  readonly times: IntervalTimes;
  readonly gauges: readonly LoadGauge[];
  /** What the monitor read since it was last asked; none: nothing is monitored. */
  readonly readings?: (() => readonly Reading[]) | undefined;
  /** False in virtual time, where the event loop's delay means nothing. */
  readonly watchesLoop: boolean;
  /** Called when an interval has reached the result. */
  readonly onClosed: () => void;
}

/** What would be shorter stays with its neighbour. */
const shortestMs = 1;

export class IntervalCloser {
  private readonly sources: IntervalSources;
  private readonly watch: LoopWatch | undefined;
  private startMs = 0;
  private timer: Timer | undefined;

  constructor(sources: IntervalSources) {
    this.sources = sources;
    if (sources.watchesLoop) this.watch = new LoopWatch(sources.clock);
  }

  start(): void {
    this.watch?.start();
    this.arm();
  }

  /** Closes the interval under way at this moment: the drain begins, and is not to be mixed with it. */
  split(): void {
    const { clock } = this.sources;
    if (clock.now() - this.startMs < shortestMs) return;
    if (this.timer !== undefined) clock.cancel(this.timer);
    this.close(false);
    this.arm();
  }

  /** Closes the last interval; everything that was sent has been counted. */
  stop(): void {
    if (this.timer !== undefined) this.sources.clock.cancel(this.timer);
    this.watch?.stop();
    this.close(true);
  }

  private arm(): void {
    const { clock, times } = this.sources;
    this.timer = clock.at(times.nextBorderMs(this.startMs), () => {
      this.close(false);
      this.arm();
    });
  }

  private close(isFinal: boolean): void {
    const { clock, recorder, writer, gauges, times, readings, onClosed } = this.sources;
    const { startMs } = this;
    const endMs = clock.now();
    const cut = recorder.cut(endMs, isFinal);
    this.startMs = endMs;
    const read = readings?.() ?? [];
    const interval = defined({
      type: 'interval' as const,
      startMs,
      endMs,
      // A border is met within a millisecond, not exactly: the middle says which side this is.
      phases: gauges.map((_, stream) => recorder.phaseName(stream, (startMs + endMs) / 2)),
      users: sum(gauges.map(({ users }) => users)),
      backlog: sum(gauges.map(({ backlog }) => backlog)),
      ...cut.counts,
      stalls: [...cut.stalls],
      events: [...cut.events],
      monitor: read.length === 0 ? undefined : { readings: [...read] },
      generator: { ...(this.watch?.take() ?? unwatched()), lag: cut.lag.toData() },
    });
    void writer.write(interval, cut.buffers).then(() => {
      times.fitInto(writer.bytes);
      onClosed();
    });
  }
}

function unwatched(): Omit<GeneratorRecord, 'lag'> {
  const loopDelay = new Histogram().toData();
  return { utilisation: 0, cpu: 0, rssBytes: 0, loopDelay, loopStalls: [] };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
