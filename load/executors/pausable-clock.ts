/**
 * A clock that can stand still, and whatever is planned on it with it: what virtual users go by where the
 * sides of a pair take turns. It stands at 0 until it is first let run. What was sent goes on meanwhile, and
 * is timed on the clock beneath.
 */
import type { Clock, Timer } from '../platform/clock.ts';
import { TimerQueue } from '../platform/timer-queue.ts';

/** Sums of fractions must not leave a timer due a moment after the one at which it was called. */
const roundingMs = 1e-6;

export class PausableClock implements Clock {
  private readonly beneath: Clock;
  private readonly timers = new TimerQueue();
  private armed: Timer | undefined;
  private ownMs = 0;
  /** When it was let run, on the clock beneath; undefined while it stands. */
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

  /** When `atMs` of this clock is, or was, on the clock beneath, had it run as long as it has by now. */
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
    // A callback may let it stand: what is due after that waits.
    while (this.sinceMs !== undefined) {
      const timer = this.timers.popDue(this.now() + roundingMs);
      if (timer === undefined) break;
      timer.callback();
    }
    this.arm();
  };
}
