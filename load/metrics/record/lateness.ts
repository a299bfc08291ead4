/**
 * Which requests may have been affected by this machine's own lateness. Delays of the event loop are
 * sorted into steps. A request is *clean* at a step if no time in its life was late at that step. Only
 * the moment since which each step is clean is kept, so a request is classified with a few comparisons.
 * A time is late at a step while the loop is held up for longer than the step, for as long again after
 * that, and until the requests in flight are back to the number before (or to the usual number, if that
 * is less): requests that are released at once queue behind one another. This lasts at most ten times the
 * delay. A system that has not recovered by then is judged.
 */
import { Histogram } from '../histogram.ts';

/** Delays in ms. A longer delay is above every step. */
export const latenessStepsMs = [1, 4, 16, 64, 256] as const;

/** Class of a request that is clean at no step. Otherwise the class is the index of the first clean step. */
export const neverClean = latenessStepsMs.length;

const longestTailFactor = 10;

/** A time that is late at a step. */
interface LateSpan {
  readonly sinceMs: number;
  /** Its earliest end. */
  leastMs: number;
  /** Its latest end, however many requests are in flight. */
  mostMs: number;
  /** Between the two it ends when only this many requests are in flight. */
  readonly inFlight: number;
}

export class Lateness {
  private readonly cleanSinceMs = latenessStepsMs.map(() => -Infinity);
  private readonly spans: (LateSpan | undefined)[] = latenessStepsMs.map(() => undefined);
  /** Time that was late at each step since the last call, in ms. */
  private lateMs = latenessStepsMs.map(() => 0);
  private countedToMs = 0;
  /** When the next turn of the loop is due. After this moment the loop is late. */
  private turnDueMs = Infinity;
  private readonly inFlight = new Histogram();
  private usualInFlight = Infinity;
  private inFlightBefore = 0;

  /**
   * The next turn of the loop is due at `atMs`, which includes the timer's resolution. `inFlight`
   * requests are in flight.
   */
  expectTurn(atMs: number, inFlight: number): void {
    this.turnDueMs = atMs;
    this.inFlightBefore = inFlight;
    this.inFlight.record(inFlight);
  }

  /** A turn of the loop is over; it took `delayMs` longer than it should have. */
  turned(nowMs: number, delayMs: number, inFlight: number): void {
    this.turnDueMs = Infinity;
    for (let step = 0; step < latenessStepsMs.length; step++) {
      if (delayMs > latenessStepsMs[step]!) this.extend(step, nowMs, delayMs);
      const span = this.spans[step];
      if (span === undefined) continue;
      const isRecovered = nowMs >= span.leastMs && inFlight <= span.inFlight;
      if (isRecovered || nowMs >= span.mostMs) this.end(step, span, nowMs);
    }
  }

  /**
   * The class of a request that was due at `scheduledAtMs`, was sent `lagMs` after it was ready, and has
   * ended now: the first step at which it is clean.
   */
  classOf(scheduledAtMs: number, lagMs: number, nowMs: number): number {
    const delayMs = Math.max(lagMs, nowMs - this.turnDueMs);
    for (let step = 0; step < neverClean; step++) {
      if (delayMs <= latenessStepsMs[step]! && this.cleanSinceMs[step]! <= scheduledAtMs)
        return step;
    }
    return neverClean;
  }

  /** Time since the last call that was late at each step, in ms. */
  take(nowMs: number): number[] {
    this.spans.forEach((span, step) => {
      if (span !== undefined)
        this.lateMs[step]! += nowMs - Math.max(span.sinceMs, this.countedToMs);
    });
    this.countedToMs = nowMs;
    if (this.inFlight.count > 0) {
      this.usualInFlight = this.inFlight.valueAtRank(Math.ceil(this.inFlight.count / 2));
    }
    const { lateMs } = this;
    this.lateMs = latenessStepsMs.map(() => 0);
    return lateMs;
  }

  private extend(step: number, nowMs: number, delayMs: number): void {
    const leastMs = nowMs + delayMs;
    const mostMs = nowMs + longestTailFactor * delayMs;
    const known = this.spans[step];
    if (known !== undefined) {
      known.leastMs = Math.max(known.leastMs, leastMs);
      known.mostMs = Math.max(known.mostMs, mostMs);
      return;
    }
    const inFlight = Math.min(this.inFlightBefore, this.usualInFlight);
    this.spans[step] = { sinceMs: nowMs - delayMs, leastMs, mostMs, inFlight };
    this.cleanSinceMs[step] = Infinity;
  }

  private end(step: number, { sinceMs }: LateSpan, nowMs: number): void {
    this.lateMs[step]! += nowMs - Math.max(sinceMs, this.countedToMs);
    this.spans[step] = undefined;
    this.cleanSinceMs[step] = nowMs;
  }
}
