/**
 * Whether requests went out as they came due, or bunched, or smeared out: of windows of three lengths, the
 * sums of squares of what became ready in them and of what was started in them. A load that was smeared
 * out over time has smaller squares than the one that was asked for.
 */

/** Lengths of the windows, in ms. */
export const windowsMs = [10, 100, 1000] as const;

/** Windows looked back over; a request that starts later than this many is counted as alone in its own. */
const ringSize = 1024;

class SquareSum {
  sum = 0;
  private readonly counts = new Uint32Array(ringSize);
  private readonly windows = new Float64Array(ringSize).fill(-1);

  add(window: number): void {
    const slot = window & (ringSize - 1);
    if (this.windows[slot]! < window) {
      this.windows[slot] = window;
      this.counts[slot] = 0;
    }
    // (c + 1)² − c² = 2c + 1: the sum stays right while late ones still fill earlier windows.
    this.sum += this.windows[slot] === window ? 2 * this.counts[slot]!++ + 1 : 1;
  }
}

/** Σ of squares, a number for each length of window. */
export interface Squares {
  readonly ready: number[];
  readonly started: number[];
}

export class Bunching {
  private readonly ready = windowsMs.map(() => new SquareSum());
  private lagMs = 0;
  private readonly started = windowsMs.map(() => new SquareSum());

  add(readyAtMs: number, startedAtMs: number): void {
    this.lagMs += startedAtMs - readyAtMs;
    for (let i = 0; i < windowsMs.length; i++) {
      this.ready[i]!.add(Math.floor(readyAtMs / windowsMs[i]!));
      this.started[i]!.add(Math.floor(startedAtMs / windowsMs[i]!));
    }
  }

  /** The sums since the last call; of the lag, in ms, too. */
  take(): Squares & { readonly lagMs: number } {
    const { lagMs } = this;
    this.lagMs = 0;
    return { ready: taken(this.ready), started: taken(this.started), lagMs };
  }
}

function taken(sums: readonly SquareSum[]): number[] {
  return sums.map((one) => {
    const { sum } = one;
    one.sum = 0;
    return sum;
  });
}
