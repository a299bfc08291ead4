/** Virtual time, for testing code that takes a `Clock`. */
import type { Clock, Timer } from '../../load/platform/clock.ts';
import { TimerQueue } from '../../load/platform/timer-queue.ts';

/**
 * A clock that stands still until it is told to run. Between two timers it lets every promise settle, so
 * the code under test sees the same order of events as in real time, without the waiting.
 */
export class VirtualClock implements Clock {
  readonly epochMs = Date.UTC(2026, 0, 1);
  private readonly queue = new TimerQueue();
  private nowMs = 0;
  fired = 0;
  /** How many wait for a turn of the event loop. Time does not pass before these have been served. */
  private turning = 0;

  now(): number {
    return this.nowMs;
  }

  at(atMs: number, callback: () => void): Timer {
    return this.queue.add(atMs, callback);
  }

  promptly(atMs: number, callback: () => void): Timer {
    return this.at(atMs, callback);
  }

  cancel(timer: Timer): void {
    this.queue.cancel(timer);
  }

  until(atMs: number): Promise<void> {
    if (atMs <= this.nowMs) return Promise.resolve();
    return new Promise((resolve) => {
      this.at(atMs, resolve);
    });
  }

  async turn(): Promise<void> {
    this.turning += 1;
    await nextTurn();
    this.turning -= 1;
  }

  afterTurn(callback: () => void): void {
    void this.turn().then(callback);
  }

  close(): void {
    // There is nothing to close.
  }

  /** Runs all timers up to and including `untilMs` (default: until none is left), in order. */
  async run(untilMs = Infinity): Promise<void> {
    await this.settle();
    for (;;) {
      const head = this.queue.head;
      if (head === undefined || head.atMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, head.atMs);
      this.fired += 1;
      this.queue.popDue(this.nowMs)?.callback();
      // Timers of one instant fire in one turn, as in a real event loop.
      if (this.queue.head?.atMs !== head.atMs) await this.settle();
    }
    if (Number.isFinite(untilMs)) this.nowMs = Math.max(this.nowMs, untilMs);
  }

  /** Runs until the promise settles. Rejects if there are no more timers before that. */
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

  /**
   * Waits until all promise reactions have run and requested turns were given (limited, since one may
   * never stop).
   */
  private async settle(): Promise<void> {
    await nextTurn();
    for (let i = 0; this.turning > 0 && i < 1000; i++) await nextTurn();
  }
}

/** One turn of the real event loop. Afterwards all microtasks (promise reactions) have run. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
