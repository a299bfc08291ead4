/**
 * A clock that can be paused, with all of its timers. Virtual users follow it when the sides of a pair
 * take turns. It reads 0 until it is first resumed. Requests in flight go on during a pause and are timed
 * on the underlying clock.
 */
import type { Clock, Timer } from '../platform/clock.ts';
import { TimerQueue } from '../platform/timer-queue.ts';

/** Rounding errors of summed fractions must not set a timer to just after the moment that was asked for. */
const roundingMs = 1e-6;

export class PausableClock implements Clock {
  private readonly beneath: Clock;
  private readonly timers = new TimerQueue();
  private armed: Timer | undefined;
  private ownMs = 0;
  /** When it was last resumed, on the underlying clock; undefined while it is paused. */
  private sinceMs: number | undefined;

  constructor(beneath: Clock) {
    this.beneath = beneath;
  }

  get epochMs(): number {
    return this.beneath.epochMs;
  }

  get fired(): number {
    return this.beneath.fired;
  }

  now(): number {
    return this.sinceMs === undefined ? this.ownMs : this.ownMs + this.beneath.now() - this.sinceMs;
  }

  get isRunning(): boolean {
    return this.sinceMs !== undefined;
  }

  resume(): void {
    if (this.sinceMs !== undefined) return;
    this.sinceMs = this.beneath.now();
    this.arm();
  }

  pause(): void {
    if (this.sinceMs === undefined) return;
    this.ownMs = this.now();
    this.sinceMs = undefined;
    this.disarm();
  }

  /** Converts `atMs` to the underlying clock, as if this clock had not been paused between then and now. */
  beneathMs(atMs: number): number {
    return this.beneath.now() + atMs - this.now();
  }

  at(atMs: number, callback: () => void): Timer {
    const timer = this.timers.add(atMs, callback);
    if (this.timers.head === timer) this.arm();
    return timer;
  }

  promptly(atMs: number, callback: () => void): Timer {
    return this.at(atMs, callback);
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
    return this.beneath.turn();
  }

  afterTurn(callback: () => void): void {
    this.beneath.afterTurn(callback);
  }

  close(): void {
    this.disarm();
  }

  private arm(): void {
    const head = this.timers.head;
    if (this.sinceMs === undefined || head === undefined) return;
    this.disarm();
    this.armed = this.beneath.promptly(this.beneathMs(head.atMs), this.fire);
  }

  private disarm(): void {
    if (this.armed !== undefined) this.beneath.cancel(this.armed);
    this.armed = undefined;
  }

  private readonly fire = (): void => {
    this.armed = undefined;
    // A callback may pause the clock. Later timers then wait.
    while (this.sinceMs !== undefined) {
      const timer = this.timers.popDue(this.now() + roundingMs);
      if (timer === undefined) break;
      timer.callback();
    }
    this.arm();
  };
}
