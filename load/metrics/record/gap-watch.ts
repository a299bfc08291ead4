/**
 * A stall watch for a slice: it keeps every span in which its load stream made no progress, however few of
 * its requests are in flight here. Whether the whole stream stood still, with 5 or more in flight, only all
 * slices together know.
 */
import type { Stall } from '../log/schema.ts';
import { crowd, shortestStallMs, type Stalls } from './stall-watch.ts';

export class GapWatch implements Stalls {
  private progressMs = 0;
  /** Since when nothing came, or fewer are in flight for want of patience. */
  private sinceMs = 0;
  private inFlight = 0;
  /** In flight when the span began; more than `crowd` are as good as that. */
  private level = 0;
  /** When so many were in flight first, for each number above `level`. */
  private readonly reachedMs = new Float64Array(crowd + 1);
  private gaps: Stall[] = [];
  /** Pieces of a span that may yet turn out to be too short. */
  private held: Stall[] = [];
  private takenMs = 0;

  started(nowMs: number): void {
    this.inFlight += 1;
    if (this.inFlight <= crowd) this.reachedMs[this.inFlight] = nowMs;
  }

  progressed(atMs: number): void {
    if (atMs <= this.progressMs) return;
    // What has been told of a span, or of a piece of it, stands: no two may overlap.
    const nowMs = Math.max(atMs, this.takenMs, this.sinceMs);
    this.close(nowMs);
    if (this.held.length > 0) this.held = [];
    this.progressMs = nowMs;
    this.restart(nowMs);
  }

  ended(nowMs: number): void {
    // Where nothing came (a deadline passed) the span goes on, with fewer.
    if (!this.close(nowMs) && nowMs > this.progressMs) this.cut(nowMs, this.held);
    this.inFlight -= 1;
    this.restart(nowMs);
  }

  /** The spans that have ended since the last call, and the one going on as far as it has got. */
  take(nowMs: number): Stall[] {
    this.close(nowMs);
    this.takenMs = nowMs;
    const { gaps } = this;
    this.gaps = [];
    return gaps;
  }

  /** A hair after progress: what is before it and what is after are no one span. */
  private restart(nowMs: number): void {
    this.sinceMs = Math.max(nowMs, this.progressMs + 0.001);
    this.level = Math.min(this.inFlight, crowd);
  }

  /** Whether the span is long enough to be kept. */
  private close(nowMs: number): boolean {
    if (nowMs - this.progressMs < shortestStallMs) return false;
    this.gaps.push(...this.held);
    this.held = [];
    this.cut(nowMs, this.gaps);
    return true;
  }

  /** A piece for each number in flight, from the beginning of the span to its end. */
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
