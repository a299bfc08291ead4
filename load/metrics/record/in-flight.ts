/**
 * How many requests are in flight: now, at most, and on average. The average is over one sample in each
 * millisecond. A timer cannot take these samples: it fires together with the timers of arrivals, just
 * before they send, and would see a server that answers within a few milliseconds half idle (Little's law
 * would seem to be off by 20–60 %). So the sampling moments are fixed beforehand, and the number at each
 * of them is looked up when the number changes.
 */

/** Irrational, so that the moments do not beat with the clock's resolution (Weyl, 1916). */
const goldenShare = (Math.sqrt(5) - 1) / 2;

export class InFlightGauge {
  now = 0;
  private peak = 0;
  /** Total time in flight of the requests that have ended. */
  private busyMs = 0;
  /** How many samples were taken in this interval, and the sum of their values. */
  private samples = 0;
  private sum = 0;
  /** The millisecond of the next sampling moment, which is at `nextMs`. */
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

  /** Closes the interval at `nowMs` and returns its figures. */
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

/** The same without the average, for one load stream. */
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
