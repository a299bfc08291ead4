/**
 * Time is an argument. This is the only file that reads a clock or sets a timer; everything else is
 * given a `Clock`, so an hour of load can run in virtual time with exact offsets.
 *
 * A clock counts milliseconds since it was made, from one monotonic source: a jump of the wall clock
 * changes no duration and no interval.
 */
import { TimerQueue, type Timer } from './timer-queue.ts';

export type { Timer } from './timer-queue.ts';

export interface Clock {
  /** Milliseconds since the clock's start; fractional, never goes back. */
  now(): number;
  /** Calls back at the first moment at or after `atMs`, never before it. */
  at(atMs: number, callback: () => void): Timer;
  cancel(timer: Timer): void;
  /** Resolves at the first moment at or after `atMs`; at once, in this turn, if that has passed. */
  until(atMs: number): Promise<void>;
  /** Lets sockets and other callbacks have a turn of the event loop. */
  turn(): Promise<void>;
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

abstract class QueueClock implements Clock {
  protected readonly queue = new TimerQueue();
  abstract readonly epochMs: number;
  abstract now(): number;
  abstract turn(): Promise<void>;
  protected abstract arm(): void;

  at(atMs: number, callback: () => void): Timer {
    const timer = this.queue.add(atMs, callback);
    if (this.queue.head === timer) this.arm();
    return timer;
  }

  cancel(timer: Timer): void {
    this.queue.cancel(timer);
  }

  until(atMs: number): Promise<void> {
    if (atMs <= this.now()) return Promise.resolve();
    return new Promise((resolve) => {
      this.at(atMs, resolve);
    });
  }
}

class SystemClock extends QueueClock {
  private readonly originMs: number;
  readonly epochMs: number;
  private armed: NodeJS.Timeout | undefined;
  private armedForMs = Infinity;
  private readonly keepsAlive: boolean;

  constructor(startsInMs: number, keepsAlive: boolean) {
    super();
    this.keepsAlive = keepsAlive;
    this.originMs = performance.now() + startsInMs;
    this.epochMs = performance.timeOrigin + this.originMs;
  }

  now(): number {
    return performance.now() - this.originMs;
  }

  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  protected arm(): void {
    const head = this.queue.head;
    if (head === undefined || head.atMs >= this.armedForMs) return;
    clearTimeout(this.armed);
    this.armedForMs = head.atMs;
    // Node's longest timer is 2^31-1 ms; a longer wait is re-armed on the way.
    const waitMs = Math.min(Math.max(0, Math.ceil(head.atMs - this.now())), 2 ** 31 - 1);
    this.armed = setTimeout(this.fire, waitMs);
    if (!this.keepsAlive) this.armed.unref();
  }

  private readonly fire = (): void => {
    this.armedForMs = Infinity;
    try {
      // Node's timers fire up to 0.4 ms early: what is not due yet stays, and is armed again.
      for (;;) {
        const timer = this.queue.popDue(this.now());
        if (timer === undefined) break;
        timer.callback();
      }
    } finally {
      this.arm();
    }
  };
}

/** The process's real clock. It stands at 0 in `startsInMs` from now, and is negative before. */
export function systemClock(startsInMs = 0): Clock {
  return new SystemClock(startsInMs, true);
}

/** The same for who only looks on: the process ends whatever is still planned on it. */
export function onlookersClock(): Clock {
  return new SystemClock(0, false);
}

/**
 * A clock that stands still until it is told to run. Between two timers it lets every promise settle,
 * so code under test sees the same order of events as in real time, only without the waiting.
 */
export class VirtualClock extends QueueClock {
  readonly epochMs = Date.UTC(2026, 0, 1);
  private nowMs = 0;
  /** Who waits for a turn of the event loop: no time passes before it has come. */
  private turning = 0;

  now(): number {
    return this.nowMs;
  }

  async turn(): Promise<void> {
    this.turning += 1;
    await nextTurn();
    this.turning -= 1;
  }

  protected arm(): void {
    // Nothing to arm: `run` looks at the queue itself.
  }

  /** Runs all timers up to and including `untilMs` (default: until none is left), in order. */
  async run(untilMs = Infinity): Promise<void> {
    await this.settle();
    for (;;) {
      const head = this.queue.head;
      if (head === undefined || head.atMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, head.atMs);
      this.queue.popDue(this.nowMs)?.callback();
      // Timers of one instant fire in one turn, as a real event loop would fire them.
      if (this.queue.head?.atMs !== head.atMs) await this.settle();
    }
    if (Number.isFinite(untilMs)) this.nowMs = Math.max(this.nowMs, untilMs);
  }

  /** Runs until the promise settles; rejects if the timers run out before it does. */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    const state = { isSettled: false };
    const mark = (): void => {
      state.isSettled = true;
    };
    promise.then(mark, mark);
    await this.settle();
    while (!state.isSettled) {
      const head = this.queue.head;
      if (head === undefined)
        throw new Error('virtual clock: no timer left and the promise is pending');
      await this.run(head.atMs);
    }
    return promise;
  }

  /** All promise reactions have run, and whoever asked for turns has had them (bounded: one may never stop). */
  private async settle(): Promise<void> {
    await nextTurn();
    for (let i = 0; this.turning > 0 && i < 1000; i++) await nextTurn();
  }
}

/** One turn of the real event loop: all microtasks (promise reactions) have run after it. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
