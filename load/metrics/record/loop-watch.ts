/**
 * Watches the load generator: how late this process's event loop turns and how busy it is. A timer every
 * few milliseconds shows how long the loop was held. A delay lasts from when the timer was due until the
 * sockets of its turn have been read, since answers also wait behind timers. It is weighted by the time
 * for which it lasted, so that ten short turns do not outweigh one long one.
 */
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import type { Clock, Timer } from '../../platform/clock.ts';
import { Histogram } from '../histogram.ts';
import type { GeneratorRecord } from '../log/schema.ts';
import type { Lateness } from './lateness.ts';

/** Time between two checks of the loop. */
export const beatMs = 4;
/** A timer of the runtime is up to 1 ms late on an idle loop. That is its resolution, not a delay. */
const timerGrainMs = 1;
/** A longer delay is a stall. */
export const stallMs = 100;
/** Shorter delays are the normal work of a turn. */
const heldFromMs = 2;

/** The load whose event loop is watched. */
export interface WatchedLoad {
  readonly inFlight: number;
  /** Requests of the judged load stream that have ended, since the start. */
  readonly ended: number;
  readonly lateness: Lateness;
}

export class LoopWatch {
  private readonly clock: Clock;
  private readonly load: WatchedLoad;
  private isStopped = false;
  /**
   * Sum of how late answers were read, at most. Half of the check interval and the timer's resolution are
   * subtracted from each delay.
   */
  private heldMs = 0;
  /** How many answers were read late. */
  private heldCount = 0;
  private endedBefore = 0;
  private timer: Timer | undefined;
  private dueMs = 0;
  private lastBeatMs = 0;
  private loopDelay = new Histogram();
  private loopStalls: { atMs: number; durationMs: number }[] = [];
  private utilisation: EventLoopUtilization = performance.eventLoopUtilization();
  private cpu = process.cpuUsage();
  private takenAtMs = 0;
  private rssBytes = 0;

  constructor(clock: Clock, load: WatchedLoad) {
    this.clock = clock;
    this.load = load;
  }

  /** Starts at 0, so that the work before the load does not count. */
  start(): void {
    this.timer = this.clock.at(0, () => {
      this.takenAtMs = this.lastBeatMs = this.clock.now();
      this.utilisation = performance.eventLoopUtilization();
      this.cpu = process.cpuUsage();
      this.arm();
    });
  }

  stop(): void {
    this.isStopped = true;
    if (this.timer !== undefined) this.clock.cancel(this.timer);
  }

  /** Returns the readings since the last call. */
  take(): Omit<GeneratorRecord, 'lag' | 'squares' | 'lagMs' | 'users'> {
    const nowMs = this.clock.now();
    const utilisation = performance.eventLoopUtilization();
    const cpu = process.cpuUsage();
    const cpuMs = (cpu.user - this.cpu.user + cpu.system - this.cpu.system) / 1000;
    const wallMs = Math.max(1, nowMs - this.takenAtMs);
    const taken = {
      utilisation: performance.eventLoopUtilization(utilisation, this.utilisation).utilization,
      cpu: cpuMs / wallMs,
      rssBytes: (this.rssBytes = memoryOr(this.rssBytes)),
      loopDelay: this.loopDelay.toData(),
      loopStalls: this.loopStalls,
      lateMs: this.load.lateness.take(nowMs),
      heldMs: this.heldMs,
      heldCount: this.heldCount,
    };
    this.utilisation = utilisation;
    this.cpu = cpu;
    this.takenAtMs = nowMs;
    this.loopDelay = new Histogram();
    this.loopStalls = [];
    this.heldMs = 0;
    this.heldCount = 0;
    return taken;
  }

  private arm(): void {
    this.dueMs = Math.ceil(this.clock.now()) + beatMs;
    this.load.lateness.expectTurn(this.dueMs + timerGrainMs, this.load.inFlight);
    this.timer = this.clock.at(this.dueMs, this.due);
  }

  private readonly due = (): void => {
    this.clock.afterTurn(this.turned);
  };

  private readonly turned = (): void => {
    if (this.isStopped) return;
    const nowMs = this.clock.now();
    const delayMs = Math.max(0, nowMs - this.dueMs - timerGrainMs);
    const elapsedMs = nowMs - this.lastBeatMs;
    this.loopDelay.record(delayMs * 1000, Math.max(1, Math.round(elapsedMs)));
    // Only requests whose answers came meanwhile were held up, however many are in flight.
    const ended = this.load.ended - this.endedBefore;
    this.endedBefore += ended;
    if (delayMs >= heldFromMs) {
      this.heldMs += ended * (delayMs + beatMs / 2 + timerGrainMs);
      this.heldCount += ended;
    }
    if (delayMs > stallMs) this.loopStalls.push({ atMs: this.dueMs, durationMs: delayMs });
    this.load.lateness.turned(nowMs, delayMs, this.load.inFlight);
    this.lastBeatMs = nowMs;
    this.arm();
  };
}

/** Node opens a file to read the memory. Without free descriptors the last value is kept. */
function memoryOr(before: number): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return before;
  }
}
