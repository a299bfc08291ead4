/**
 * The platform: what the suite needs of the machine and of the language. It knows nothing of load tests.
 * Start reading here, at time.
 *
 * Time is an argument. This is the only file that reads a clock or sets a timer; everything else is given a
 * `Clock`, so an hour of load can run in virtual time with exact offsets.
 *
 * A clock counts milliseconds since it was made, from one monotonic source: a jump of the wall clock
 * changes no duration and no interval.
 */
import { Alarm } from './alarm.ts';
import { TimerQueue, type Timer } from './timer-queue.ts';

export type { Timer } from './timer-queue.ts';

export interface Clock {
  /** Milliseconds since the clock's start; fractional, never goes back. */
  now(): number;
  /** Calls back at the first moment at or after `atMs`, never before it. */
  at(atMs: number, callback: () => void): Timer;
  /**
   * As `at`, and as soon after as this machine can: the runtime's own timers are late by 1 to 2 ms,
   * which a request would start late. Costs some 30 µs of CPU more.
   */
  promptly(atMs: number, callback: () => void): Timer;
  cancel(timer: Timer): void;
  /** Resolves at the first moment at or after `atMs`; at once, in this turn, if that has passed. */
  until(atMs: number): Promise<void>;
  /** Lets sockets and other callbacks have a turn of the event loop. */
  turn(): Promise<void>;
  /** The same without a promise, for what is done thousands of times a second. */
  afterTurn(callback: () => void): void;
  /** Ends what the clock keeps beside the event loop. Timers fire all the same, less promptly. */
  close(): void;
  /**
   * How often timers have fired. None does while code runs in one go, and while a load is on, one is due
   * every few milliseconds.
   */
  readonly fired: number;
  /** Wall-clock time at which the clock stood at 0, in epoch milliseconds. For labels only. */
  readonly epochMs: number;
}

/**
 * The grain of the clock: a planned instant is due at the first whole millisecond at or after it. What
 * is due at once (no think time) is not planned, and has no grain.
 */
export function dueMs(plannedMs: number): number {
  // Sums of binary fractions (0.1 + 0.2) must not push an instant into the next millisecond; `+ 0`
  // makes the −0 of the first instant a plain 0.
  return Math.ceil(plannedMs - 1e-6) + 0;
}

class SystemClock implements Clock {
  private readonly originMs: number;
  readonly epochMs: number;
  fired = 0;
  private readonly timers = new TimerQueue();
  /** Apart, so that the alarm is set for these alone. */
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

  /** The runtime's timer is set for all, so that a clock without its alarm is only less prompt. */
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
      // Node's timers fire up to 0.4 ms early: what is not due yet stays, and is armed again.
      for (;;) {
        const timer = this.popDue(this.now());
        if (timer === undefined) break;
        timer.callback();
      }
    } finally {
      this.arm();
    }
  };

  /** In order over both queues; of one instant, the load's own business before that of its users. */
  private popDue(nowMs: number): Timer | undefined {
    const promptMs = this.prompt.head?.atMs ?? Infinity;
    const isPrompt = promptMs < (this.timers.head?.atMs ?? Infinity);
    return (isPrompt ? this.prompt : this.timers).popDue(nowMs);
  }
}

/** The process's real clock. It stands at 0 in `startsInMs` from now, and is negative before. */
export function systemClock(startsInMs = 0): Clock {
  return new SystemClock(startsInMs, true);
}

/** The same for work in the background: it does not keep the process alive, whatever is still planned. */
export function backgroundClock(): Clock {
  return new SystemClock(0, false);
}

/** Until that moment of the wall clock, as it stands now. */
export function msUntilEpoch(epochMs: number): number {
  return epochMs - Date.now();
}
