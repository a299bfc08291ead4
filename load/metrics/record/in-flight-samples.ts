/**
 * Samples how many requests are in flight, once in each millisecond. A timer can't do that: it fires
 * where the arrivals' own timers fire, just before they send, and sees a server that answers within a
 * few milliseconds half idle (Little's law then seems to be off by 20–60 %). So the moments are laid
 * down beforehand and looked up when the number changes: until then it was what it is now.
 */

/** Irrational, so that the moments have no grain in common with the clock's (Weyl, 1916). */
const goldenShare = (Math.sqrt(5) - 1) / 2;

export class InFlightSamples {
  private count = 0;
  private sum = 0;
  /** The next moment lies within this millisecond of the clock, at `nextMs`. */
  private millisecond = 0;
  private nextMs = 0;

  /** Takes the samples due before `nowMs`, all the while of which `inFlight` were in flight. */
  takeUntil(nowMs: number, inFlight: number): void {
    while (this.nextMs < nowMs) {
      this.count += 1;
      this.sum += inFlight;
      this.millisecond += 1;
      this.nextMs = this.millisecond + ((this.millisecond * goldenShare) % 1);
    }
  }

  /** What was taken since the last call: how many samples, and the sum of what they saw. */
  cut(): { count: number; sum: number } {
    const { count, sum } = this;
    this.count = 0;
    this.sum = 0;
    return { count, sum };
  }
}
