/**
 * How many requests are in flight: now, at most, and on average. The average is over samples taken once in
 * each millisecond. A timer can't do that: it fires where the arrivals' own timers fire, just before they
 * send, and sees a server that answers within a few milliseconds half idle (Little's law then seems to be
 * off by 20–60 %). So the moments are laid down beforehand and looked up when the number changes: until
 * then it was what it is now.
 */

/** Irrational, so that the moments have no grain in common with the clock's (Weyl, 1916). */
const goldenShare = (Math.sqrt(5) - 1) / 2;

export class InFlightGauge {
  now = 0;
  private peak = 0;
  /** Time that requests were in flight which have ended, added up. */
  private busyMs = 0;
  /** How many samples were taken in this interval, and the sum of what they saw. */
  private samples = 0;
  private sum = 0;
  /** The next moment lies within this millisecond of the clock, at `nextMs`. */
  private millisecond = 0;
  private nextMs = 0;

  started(nowMs: number): void {
    this.takeSamplesUntil(nowMs);
    this.now += 1;
    if (this.now > this.peak) this.peak = this.now;
  }

  ended(nowMs: number, startedAtMs: number): void {
    this.takeSamplesUntil(nowMs);
    this.now -= 1;
    this.busyMs += nowMs - startedAtMs;
  }

  /** Closes the interval at `nowMs` and gives what was seen in it. */
  cut(nowMs: number): InFlightCut {
    this.takeSamplesUntil(nowMs);
    const { now: inFlight, peak: inFlightPeak, samples: count, sum, busyMs } = this;
    this.samples = 0;
    this.sum = 0;
    this.busyMs = 0;
    this.peak = inFlight;
    return { inFlight, inFlightPeak, inFlightSamples: { count, sum }, busyMs };
  }

  private takeSamplesUntil(nowMs: number): void {
    while (this.nextMs < nowMs) {
      this.samples += 1;
      this.sum += this.now;
      this.millisecond += 1;
      this.nextMs = this.millisecond + ((this.millisecond * goldenShare) % 1);
    }
  }
}

/** The same without the average, for the requests of one load stream. */
export class PeakGauge {
  private now = 0;
  private peak = 0;

  started(): void {
    this.now += 1;
    if (this.now > this.peak) this.peak = this.now;
  }

  ended(): void {
    this.now -= 1;
  }

  cut(): Pick<InFlightCut, 'inFlight' | 'inFlightPeak'> {
    const { now: inFlight, peak: inFlightPeak } = this;
    this.peak = inFlight;
    return { inFlight, inFlightPeak };
  }
}

export interface InFlightCut {
  readonly inFlight: number;
  readonly inFlightPeak: number;
  readonly inFlightSamples: { count: number; sum: number };
  readonly busyMs: number;
}
