/**
 * A stall watch for a slice. It keeps every span without progress of its load stream, even with few
 * requests in flight here. Whether the whole stream stalled, with 5 or more in flight, is known only when
 * all slices are merged.
 */
import type { Stall } from '../log/schema.ts';
import { crowd, shortestStallMs, type Stalls } from './stall-watch.ts';

export class GapWatch implements Stalls {
  private progressMs = 0;
  /** When the current span began, or when fewer were in flight after a deadline passed. */
  private sinceMs = 0;
  private inFlight = 0;
  /** In flight when the span began; more than `crowd` counts as `crowd`. */
  private level = 0;
  /** For each number above `level`: when so many were first in flight. */
  private readonly reachedMs = new Float64Array(crowd + 1);
  private gaps: Stall[] = [];
  /** Pieces of a span that may still turn out to be too short. */
  private held: Stall[] = [];
  private takenMs = 0;

  started(nowMs: number): void {
    this.inFlight += 1;
    if (this.inFlight <= crowd) this.reachedMs[this.inFlight] = nowMs;
  }

  progressed(atMs: number): void {
    if (atMs <= this.progressMs) return;
    // A span, or a piece of one, that was already returned must not overlap with a later one.
    const nowMs = Math.max(atMs, this.takenMs, this.sinceMs);
    this.close(nowMs);
    if (this.held.length > 0) this.held = [];
    this.progressMs = nowMs;
    this.restart(nowMs);
  }

  ended(nowMs: number): void {
    // After a deadline passed, the span goes on with fewer requests.
    if (!this.close(nowMs) && nowMs > this.progressMs) this.cut(nowMs, this.held);
    this.inFlight -= 1;
    this.restart(nowMs);
  }

  /** The spans that have ended since the last call, and the current one up to now. */
  take(nowMs: number): Stall[] {
    this.close(nowMs);
    this.takenMs = nowMs;
    const { gaps } = this;
    this.gaps = [];
    return gaps;
  }

  /** Starts a tiny bit after the progress, so that the spans before and after it are not joined. */
  private restart(nowMs: number): void {
    this.sinceMs = Math.max(nowMs, this.progressMs + 0.001);
    this.level = Math.min(this.inFlight, crowd);
  }

  /** Returns whether the span is long enough to be kept. */
  private close(nowMs: number): boolean {
    if (nowMs - this.progressMs < shortestStallMs) return false;
    this.gaps.push(...this.held);
    this.held = [];
    this.cut(nowMs, this.gaps);
    return true;
  }

  /** One piece for each number in flight, from the beginning of the span to its end. */
  private cut(nowMs: number, into: Stall[]): void {
    const highest = Math.min(this.inFlight, crowd);
    let startMs = this.sinceMs;
    for (let inFlight = this.level; inFlight <= highest; inFlight++) {
      const endMs = inFlight === highest ? nowMs : Math.min(nowMs, this.reachedMs[inFlight + 1]!);
      if (endMs <= startMs) continue;
      into.push({ startMs, endMs, inFlight });
      startMs = endMs;
    }
  }
}
