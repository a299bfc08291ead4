/**
 * Open while the load runs. Closing it stops arrivals at once and wakes everyone who thinks or waits;
 * what is in flight goes on.
 */
import type { Clock, Timer } from '../clock.ts';

export class Gate {
  isClosed = false;
  /** Of a closed one: what was due before this instant belongs to the load. */
  endMs = Infinity;
  /** The drain is over, too: nothing more may be sent, not even a good-bye. */
  isCut = false;
  private readonly waiting = new Set<Waiter>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Resolves true at the first moment at or after `atMs`, or false as soon as the gate is closed. */
  wait(atMs: number): Promise<boolean> {
    if (this.isClosed) return Promise.resolve(false);
    if (atMs <= this.clock.now()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter = new Waiter(resolve, this.waiting);
      waiter.timer = this.clock.promptly(atMs, waiter.onTime);
      this.waiting.add(waiter);
    });
  }

  cut(): void {
    this.isCut = true;
    this.close();
  }

  /** `endMs`: when the load was meant to end, which a late event loop comes to later; default now. */
  close(endMs = this.clock.now()): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.endMs = endMs;
    for (const waiter of this.waiting) {
      if (waiter.timer !== undefined) this.clock.cancel(waiter.timer);
      waiter.resolve(false);
    }
    this.waiting.clear();
  }
}

class Waiter {
  timer: Timer | undefined;
  readonly resolve: (reached: boolean) => void;
  private readonly waiting: Set<Waiter>;

  constructor(resolve: (reached: boolean) => void, waiting: Set<Waiter>) {
    this.resolve = resolve;
    this.waiting = waiting;
  }

  readonly onTime = (): void => {
    this.waiting.delete(this);
    this.resolve(true);
  };
}
