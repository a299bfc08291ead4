/**
 * Finds the stalls of one load stream: spans with at least 5 requests in flight all the time and no
 * progress (a completion, or content of an answer). A deadline that passes is no progress, since nothing
 * came from the server. Comments and heartbeats are none either: they show that a process lives, not that
 * it works.
 */
import type { Stall } from '../log/schema.ts';

export const crowd = 5;
/** Shorter spans are normal gaps between two answers and are not kept, so no budget may ask for less. */
export const shortestStallMs = 250;

/** The start when there is no span: from here no span is ever long enough. */
const never = Infinity;

/** Receives the events of requests, and returns the spans without progress. */
export interface Stalls {
  started(nowMs: number): void;
  /** Content arrived at `atMs`. The call may come after events that happened later. */
  progressed(atMs: number): void;
  ended(nowMs: number): void;
  take(nowMs: number, isFinal: boolean): Stall[];
}

export class StallWatch implements Stalls {
  /** Start of the span without progress while `crowd` or more are in flight. */
  private sinceMs = never;
  private stalls: Stall[] = [];
  private inFlight = 0;
  private takenMs = 0;

  started(nowMs: number): void {
    this.inFlight += 1;
    if (this.inFlight === crowd) this.sinceMs = nowMs;
  }

  progressed(atMs: number): void {
    if (this.inFlight < crowd || atMs < this.sinceMs) return;
    // A span that was already returned is not changed.
    const nowMs = Math.max(atMs, this.takenMs);
    this.close(nowMs);
    this.sinceMs = nowMs;
  }

  /** If the server answered, call `progressed` first. */
  ended(nowMs: number): void {
    if (this.inFlight === crowd) {
      this.close(nowMs);
      this.sinceMs = never;
    }
    this.inFlight -= 1;
  }

  /**
   * The stalls that have ended since the last call, and the current one up to now. A current stall is
   * returned again, longer; the last one with the same start counts. `isFinal` ends it.
   */
  take(nowMs: number, isFinal: boolean): Stall[] {
    this.close(nowMs);
    this.takenMs = nowMs;
    if (isFinal) this.sinceMs = never;
    const { stalls } = this;
    this.stalls = [];
    return stalls;
  }

  private close(nowMs: number): void {
    if (nowMs - this.sinceMs < shortestStallMs) return;
    this.stalls.push({ startMs: this.sinceMs, endMs: nowMs, inFlight: this.inFlight });
  }
}
