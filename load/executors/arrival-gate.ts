/**
 * The gate at which users and arrivals wait; open while the load runs. Closing it stops arrivals at once
 * and wakes every waiting user. Requests in flight go on.
 */
import type { Clock, Timer } from '../platform/clock.ts';

export class ArrivalGate {
  isClosed = false;
  /** An arrival due at this moment or later does not belong to the load. */
  endMs = Infinity;
  /** When the next arrival is due. ∞ if there are no more arrivals, and in the closed model. */
  nextArrivalMs = Infinity;
  /** True once the drain has ended as well: nothing more may be sent, not even by `onStop`. */
  isCut = false;
  private readonly waiting = new Set<Waiter>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** True while an arrival that belongs to the load is still to start. */
  get isBehind(): boolean {
    return this.nextArrivalMs < this.endMs;
  }

  /**
   * Resolves true at `atMs` or later, or false as soon as the gate is closed. `by` is the object from
   * which `atMs` was computed; when that changes, `wake` wakes those who wait by it, and they compute a
   * new `atMs`.
   */
  wait(atMs: number, by?: object): Promise<boolean> {
    if (this.isClosed || atMs >= this.endMs) return Promise.resolve(false);
    if (atMs <= this.clock.now()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter = new Waiter(atMs, by, resolve, this.waiting);
      waiter.timer = this.clock.promptly(atMs, waiter.onTime);
      this.waiting.add(waiter);
    });
  }

  /**
   * Ends the load at `endMs`, or now if that is past. Arrivals due later are dismissed; late ones may
   * still come.
   */
  endsAt(endMs: number): void {
    this.endMs = Math.min(this.endMs, endMs);
    this.dismiss((waiter) => waiter.atMs < this.endMs);
  }

  /** Wakes all who wait by one of these objects before their time, as if it had come. */
  wake(changed: ReadonlySet<object>): void {
    for (const waiter of this.waiting) {
      if (waiter.by === undefined || !changed.has(waiter.by)) continue;
      if (waiter.timer !== undefined) this.clock.cancel(waiter.timer);
      waiter.onTime();
    }
  }

  cut(): void {
    this.isCut = true;
    this.close();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.endMs = Math.min(this.endMs, this.clock.now());
    this.dismiss(() => false);
  }

  /** Ends all waits at once; each resolves with whether it is let through. */
  private dismiss(isLetThrough: (waiter: Waiter) => boolean): void {
    for (const waiter of this.waiting) {
      if (waiter.timer !== undefined) this.clock.cancel(waiter.timer);
      waiter.resolve(isLetThrough(waiter));
    }
    this.waiting.clear();
  }
}

class Waiter {
  timer: Timer | undefined;
  readonly atMs: number;
  readonly by: object | undefined;
  readonly resolve: (reached: boolean) => void;
  private readonly waiting: Set<Waiter>;

  constructor(
    atMs: number,
    by: object | undefined,
    resolve: (reached: boolean) => void,
    waiting: Set<Waiter>,
  ) {
    this.atMs = atMs;
    this.by = by;
    this.resolve = resolve;
    this.waiting = waiting;
  }

  readonly onTime = (): void => {
    this.waiting.delete(this);
    this.resolve(true);
  };
}
