/**
 * Which requests this machine's own lateness could have touched. Delays of the event loop are sorted into
 * steps; a request is *clean* at a step where nothing of its life was late beyond it. Only since when each
 * step is clean is kept, so a request is sorted by a few comparisons.
 *
 * A time is late beyond a step while the loop is held up for longer, for as long again after it, and until
 * the requests in flight are back to what they were before (or to their usual number, if that is less): a
 * bunch that was released at once makes its own queue. Ten times the delay is the bound; a system that has
 * not recovered by then is judged.
 */
import { Histogram } from '../histogram.ts';

/** Delays in ms; a longer one is beyond every step. */
export const latenessStepsMs = [1, 4, 16, 64, 256] as const;

/** Class of a request that is clean at no step; otherwise the class is the index of its first clean step. */
export const neverClean = latenessStepsMs.length;

const longestTailFactor = 10;

/** A time that is late beyond a step, while it lasts. */
interface LateSpan {
  readonly sinceMs: number;
  /** It ends no earlier … */
  leastMs: number;
  /** … and no later, however many are in flight. */
  mostMs: number;
  /** Between the two it ends when so few are in flight. */
  readonly inFlight: number;
}

export class Lateness {
  private readonly cleanSinceMs = latenessStepsMs.map(() => -Infinity);
  private readonly spans: (LateSpan | undefined)[] = latenessStepsMs.map(() => undefined);
  /** Time that was late beyond each step since it was last asked, in ms. */
  private lateMs = latenessStepsMs.map(() => 0);
  private countedToMs = 0;
  /** When the loop's next turn is due: past it, the loop is late already. */
  private turnDueMs = Infinity;
  private readonly inFlight = new Histogram();
  private usualInFlight = Infinity;
  private inFlightBefore = 0;

  /** The next turn of the loop is due at `atMs`, its timer's grain included; so many are in flight. */
  expectTurn(atMs: number, inFlight: number): void {
    this.turnDueMs = atMs;
    this.inFlightBefore = inFlight;
    this.inFlight.record(inFlight);
  }

  /** A turn is over that took `delayMs` longer than it should have. */
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
   * The class of a request that was due at `scheduledAtMs`, started `lagMs` late and has ended now: the
   * first step at which it is clean.
   */
  classOf(scheduledAtMs: number, lagMs: number, nowMs: number): number {
    const delayMs = Math.max(lagMs, nowMs - this.turnDueMs);
    for (let step = 0; step < neverClean; step++) {
      if (delayMs <= latenessStepsMs[step]! && this.cleanSinceMs[step]! <= scheduledAtMs)
        return step;
    }
    return neverClean;
  }

  /** Time since the last call that was late beyond each step, in ms. */
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
