import type { VirtualClock } from '../virtual-clock.ts';

/**
 * A queue with several servers, first come, first served, for which queueing theory gives the exact
 * results.
 */
export class FifoServer {
  private readonly freeAtMs: number[];
  private readonly clock: VirtualClock;

  constructor(clock: VirtualClock, servers: number) {
    this.clock = clock;
    this.freeAtMs = Array.from({ length: servers }, () => 0);
  }

  /** Resolves when a request that arrives now and takes `serviceMs` has been served. */
  serve(serviceMs: number): Promise<void> {
    let first = 0;
    for (const [server, atMs] of this.freeAtMs.entries()) {
      if (atMs < this.freeAtMs[first]!) first = server;
    }
    const endMs = Math.max(this.clock.now(), this.freeAtMs[first]!) + serviceMs;
    this.freeAtMs[first] = endMs;
    return this.clock.until(endMs);
  }
}
