/**
 * Finds the stalls of one load stream: spans with at least 5 requests in flight all the while and no
 * progress (a completion, or content of an answer). A deadline that passes is no progress, as nothing came
 * from the server, and neither are comments and heartbeats: they tell that a process lives, not that it works.
 */
import type { Stall } from '../log/schema.ts';

export const crowd = 5;
/** Shorter spans are the ordinary gaps between two answers, and not kept: no budget may ask for less. */
export const shortestStallMs = 250;

/** Start of a span while there is none: no span from here on is ever long enough. */
const never = Infinity;

/** Who is told what happens to requests, and tells of the spans in which nothing came back. */
export interface Stalls {
  started(nowMs: number): void;
  /** What came in at `atMs` was content. It may be read later than something else has happened. */
  progressed(atMs: number): void;
  ended(nowMs: number): void;
  take(nowMs: number, isFinal: boolean): Stall[];
}

export class StallWatch implements Stalls {
  /** Start of the span without progress, while `crowd` or more are in flight. */
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
    // What has been told of a span stands.
    const nowMs = Math.max(atMs, this.takenMs);
    this.close(nowMs);
    this.sinceMs = nowMs;
  }

  /** Call `progressed` first where the server answered. */
  ended(nowMs: number): void {
    if (this.inFlight === crowd) {
      this.close(nowMs);
      this.sinceMs = never;
    }
    this.inFlight -= 1;
  }

  /**
   * The stalls that have ended since the last call, and the one going on as far as it has got: it comes
   * again, longer, so that of each start the last counts. `isFinal` closes it.
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
