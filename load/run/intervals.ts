/**
 * The intervals of the log. An interval is closed each second (each 5 s in loads of more than half an
 * hour) and at the borders of phases. This file decides when, and writes what belongs to the interval.
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
/** Upper limit of a log's size. Intervals are widened to stay below it. */
const maxLogBytes = 256 * 2 ** 20;

export class IntervalTimes {
  readonly intervalMs = 1000;
  private readonly borders: readonly number[];
  private widening = 1;
  /** When the log reaches this size, the intervals become twice as long. */
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
    // A timer may fire a fraction of a millisecond early. A border so close ahead is the one this
    // interval began at.
    const regular = (Math.floor(startMs / lengthMs + 1e-6) + 1) * lengthMs;
    const phase = this.borders.find((border) => border > startMs);
    return phase !== undefined && phase < regular ? phase : regular;
  }

  /** Doubles the intervals each time the log has used up half of the room that was left. */
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
  /** Returns the readings of the monitor since the last call. Absent if nothing is monitored. */
  readonly readings?: (() => readonly Reading[]) | undefined;
  /** How many sockets are open. Absent if that is not known. */
  readonly sockets?: (() => number) | undefined;
  /** The changes of the load's level since the last call. Absent if the load cannot be changed. */
  readonly stages?: (() => readonly Stage[]) | undefined;
  /** False in virtual time, where the event loop's delay has no meaning. */
  readonly watchesLoop: boolean;
  /** Called when an interval has been added to the result. */
  readonly onClosed: () => void;
}

/** A shorter interval is merged with its neighbour. */
const shortestMs = 1;

/** Closes an interval at each border, and the last one when the run is over. */
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

  /** Closes the current interval now, so that the requests of the drain are not mixed with those before it. */
  split(): void {
    const { clock } = this.sources;
    if (clock.now() - this.startMs < shortestMs) return;
    if (this.timer !== undefined) clock.cancel(this.timer);
    this.close(false);
    this.arm();
  }

  /** Closes the last interval. By now everything that was sent has been counted. */
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
      // The timer meets a border only to within a millisecond, so the middle of the interval decides the
      // phase.
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
