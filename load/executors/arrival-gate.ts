/**
 * Open while the load runs. Closing it stops arrivals at once and wakes everyone who thinks or waits;
 * what is in flight goes on.
 */
import type { Clock, Timer } from '../platform/clock.ts';

export class ArrivalGate {
  isClosed = false;
  /** What is due from this instant on is none of the load's any more. */
  endMs = Infinity;
  /** When the arrival is due that comes next; ∞ where arrivals are over, or users come by themselves. */
  nextArrivalMs = Infinity;
  /** The drain is over, too: nothing more may be sent, not even by `onStop`. */
  isCut = false;
  private readonly waiting = new Set<Waiter>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Whether an arrival that belongs to the load is still to come. */
  get isBehind(): boolean {
    return this.nextArrivalMs < this.endMs;
  }

  /**
   * Resolves true at the first moment at or after `atMs`, or false as soon as the gate is closed. `by`: what
   * that moment follows from; where it changes, `wake` sends those who wait by it to look again.
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

  /** The load ends at `endMs`, now at the latest: what is due later is sent away, what is late may come. */
  endsAt(endMs: number): void {
    this.endMs = Math.min(this.endMs, endMs);
    this.dismiss((waiter) => waiter.atMs < this.endMs);
  }

  /** Who waits by one of these is let go before its time, as though that had come. */
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

  /** Nobody waits any longer. */
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
