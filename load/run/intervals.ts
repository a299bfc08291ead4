/**
 * Intervals of the log: when they are closed (each second, each 5 s beyond half an hour, and at the borders of
 * phases), and what happens there.
 */
import type { Clock, Timer } from '../platform/clock.ts';
import type { LoadGauge } from '../executors/executor.ts';
import { Histogram } from '../metrics/histogram.ts';
import type { GeneratorRecord } from '../metrics/log/schema.ts';
import type { Stage } from '../metrics/log/stage.ts';
import type { IntervalWriter } from '../metrics/log/writer.ts';
import { LoopWatch } from '../metrics/record/loop-watch.ts';
import type { Reading } from '../metrics/log/monitor-reading.ts';
import type { ClosedInterval, Recorder } from '../metrics/record/recorder.ts';
import { defined } from '../platform/defined.ts';
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

export interface IntervalSources {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly writer: IntervalWriter;
  readonly times: IntervalTimes;
  readonly gauges: readonly LoadGauge[];
  /** What the monitor read since it was last asked; none: nothing is monitored. */
  readonly readings?: (() => readonly Reading[]) | undefined;
  /** How many sockets are open; none: nobody knows. */
  readonly sockets?: (() => number) | undefined;
  /** What changed the load's level since it was last asked; none: nothing can. */
  readonly stages?: (() => readonly Stage[]) | undefined;
  /** False in virtual time, where the event loop's delay means nothing. */
  readonly watchesLoop: boolean;
  /** Called when an interval has reached the result. */
  readonly onClosed: () => void;
}

/** What would be shorter stays with its neighbour. */
const shortestMs = 1;

/** Closes an interval at each of its borders, and the last one when the run is over. */
export class IntervalCloser {
  private readonly sources: IntervalSources;
  private readonly watch: LoopWatch | undefined;
  private startMs = 0;
  private timer: Timer | undefined;

  constructor(sources: IntervalSources) {
    this.sources = sources;
    if (sources.watchesLoop) this.watch = new LoopWatch(sources.clock, sources.recorder);
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
    const { clock, recorder, writer, gauges, times, readings, stages, onClosed } = this.sources;
    const { startMs } = this;
    const endMs = clock.now();
    const closed = recorder.closeInterval(endMs, isFinal);
    this.startMs = endMs;
    const read = readings?.() ?? [];
    const changed = stages?.() ?? [];
    const interval = defined({
      type: 'interval' as const,
      startMs,
      endMs,
      // A border is met within a millisecond, not exactly: the middle says which side this is.
      phases: gauges.map((_, stream) => recorder.phaseName(stream, (startMs + endMs) / 2)),
      users: sum(gauges.map(({ users }) => users)),
      backlog: sum(gauges.map(({ backlog }) => backlog)),
      ...closed.counts,
      judged: gauges.length > 1 ? { users: gauges[0]!.users, ...closed.judged } : undefined,
      stalls: [...closed.stalls],
      events: [...closed.events],
      stages: changed.length === 0 ? undefined : [...changed],
      requests: closed.requests.length === 0 ? undefined : [...closed.requests],
      monitor: read.length === 0 ? undefined : { readings: [...read] },
      generator: this.generatorRecord(closed),
    });
    void writer.write(interval, closed.buffers).then(() => {
      times.fitInto(writer.bytes);
      onClosed();
    });
  }

  private generatorRecord({ lag, squares, lagMs }: ClosedInterval): GeneratorRecord {
    const users = this.sources.gauges[0]?.users ?? 0;
    const watched = this.watch?.take() ?? unwatched();
    const sockets = this.sources.sockets?.();
    return { ...watched, ...defined({ sockets }), lag: lag.toData(), squares, lagMs, users };
  }
}

function unwatched(): ReturnType<LoopWatch['take']> {
  const loopDelay = new Histogram().toData();
  const none = { utilisation: 0, cpu: 0, rssBytes: 0, heldMs: 0, heldCount: 0 };
  return { ...none, loopDelay, loopStalls: [], lateMs: [] };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
