/**
 * The platform: what the suite needs from the machine and the language, without knowledge of load tests.
 * Start reading here, at time.
 * Time is an argument. Only this file reads a clock or sets a timer; everything else receives a `Clock`,
 * so that an hour of load can run in virtual time with exact offsets.
 * A clock counts milliseconds since its start, from one monotonic source, so that a jump of the wall
 * clock changes no duration and no interval.
 */
import { Alarm } from './alarm.ts';
import { TimerQueue, type Timer } from './timer-queue.ts';

export type { Timer } from './timer-queue.ts';

export interface Clock {
  /** Milliseconds since the clock's start, with fractions; never decreases. */
  now(): number;
  /** Calls back at `atMs` or as soon as possible after it, never before. */
  at(atMs: number, callback: () => void): Timer;
  /**
   * Like `at`, but as precisely as this machine can: the runtime's own timers are 1 to 2 ms late, and so
   * would be a request. Costs about 30 µs more CPU.
   */
  promptly(atMs: number, callback: () => void): Timer;
  cancel(timer: Timer): void;
  /** Resolves at `atMs` or as soon as possible after it; in this turn of the event loop if it has passed. */
  until(atMs: number): Promise<void>;
  /** Gives sockets and other callbacks a turn of the event loop. */
  turn(): Promise<void>;
  /** The same without a promise, for code that runs thousands of times a second. */
  afterTurn(callback: () => void): void;
  /** Ends the clock's thread. Timers still fire, but less precisely. */
  close(): void;
  /**
   * How often timers have fired. The number does not change while code runs without a break; during a
   * load a timer fires every few milliseconds.
   */
  readonly fired: number;
  /** Wall-clock time of the clock's zero, in epoch milliseconds. For labels only. */
  readonly epochMs: number;
}

/**
 * The clock's resolution: a planned instant is due at the first whole millisecond at or after it.
 * Immediate work (without think time) is not planned and is not rounded.
 */
export function dueMs(plannedMs: number): number {
  // Rounding errors of sums (0.1 + 0.2) must not move an instant into the next millisecond; `+ 0` turns
  // the −0 of the first instant into 0.
  return Math.ceil(plannedMs - 1e-6) + 0;
}

class SystemClock implements Clock {
  private readonly originMs: number;
  readonly epochMs: number;
  fired = 0;
  private readonly timers = new TimerQueue();
  /** A separate queue, so that the alarm is set for these timers only. */
  private readonly prompt = new TimerQueue();
  private armed: NodeJS.Timeout | undefined;
  private armedForMs = Infinity;
  private alarm: Alarm | undefined;
  private isClosed = false;
  private readonly keepsAlive: boolean;

  constructor(startsInMs: number, keepsAlive: boolean) {
    this.keepsAlive = keepsAlive;
    this.originMs = performance.now() + startsInMs;
    this.epochMs = performance.timeOrigin + this.originMs;
  }

  now(): number {
    return performance.now() - this.originMs;
  }

  at(atMs: number, callback: () => void): Timer {
    return this.add(this.timers, atMs, callback);
  }

  promptly(atMs: number, callback: () => void): Timer {
    if (!this.isClosed) this.alarm ??= new Alarm(this.now(), this.fire);
    return this.add(this.prompt, atMs, callback);
  }

  cancel(timer: Timer): void {
    timer.queue.cancel(timer);
  }

  until(atMs: number): Promise<void> {
    if (atMs <= this.now()) return Promise.resolve();
    return new Promise((resolve) => {
      this.at(atMs, resolve);
    });
  }

  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  afterTurn(callback: () => void): void {
    setImmediate(callback);
  }

  close(): void {
    this.isClosed = true;
    this.alarm?.close();
    this.alarm = undefined;
  }

  private add(queue: TimerQueue, atMs: number, callback: () => void): Timer {
    const timer = queue.add(atMs, callback);
    if (queue.head === timer) this.arm();
    return timer;
  }

  /** The runtime's timer is set for all timers, so that without its alarm the clock is only less precise. */
  private arm(): void {
    const promptMs = this.prompt.head?.atMs ?? Infinity;
    if (promptMs !== Infinity) this.alarm?.set(promptMs);
    const nextMs = Math.min(this.timers.head?.atMs ?? Infinity, promptMs);
    if (nextMs >= this.armedForMs) return;
    clearTimeout(this.armed);
    this.armedForMs = nextMs;
    // Node's longest timer is 2^31-1 ms; a longer wait is re-armed on the way.
    const waitMs = Math.min(Math.max(0, Math.ceil(nextMs - this.now())), 2 ** 31 - 1);
    this.armed = setTimeout(this.fire, waitMs);
    if (!this.keepsAlive) this.armed.unref();
  }

  private readonly fire = (): void => {
    this.fired += 1;
    this.armedForMs = Infinity;
    try {
      // Node's timers fire up to 0.4 ms early. A timer that is not due yet is set again.
      for (;;) {
        const timer = this.popDue(this.now());
        if (timer === undefined) break;
        timer.callback();
      }
    } finally {
      this.arm();
    }
  };

  /** In order over both queues. At the same instant, the load's own timers come before those of its users. */
  private popDue(nowMs: number): Timer | undefined {
    const promptMs = this.prompt.head?.atMs ?? Infinity;
    const isPrompt = promptMs < (this.timers.head?.atMs ?? Infinity);
    return (isPrompt ? this.prompt : this.timers).popDue(nowMs);
  }
}

/** The process's real clock. It reads 0 in `startsInMs` from now, and is negative before. */
export function systemClock(startsInMs = 0): Clock {
  return new SystemClock(startsInMs, true);
}

/** A clock for background work: its timers do not keep the process alive. */
export function backgroundClock(): Clock {
  return new SystemClock(0, false);
}

/** Time until that moment of the wall clock, by the current wall clock. */
export function msUntilEpoch(epochMs: number): number {
  return epochMs - Date.now();
}
