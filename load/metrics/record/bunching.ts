/**
 * Measures whether requests were sent when they became ready, or bunched, or spread out. For windows of
 * three lengths it sums the squares of how many requests became ready in each and how many were started
 * in each. A load that was spread out over time has smaller squares than the planned one.
 */

/** Lengths of the windows, in ms. */
export const windowsMs = [10, 100, 1000] as const;

/** How many past windows are kept. A request that starts later counts as alone in its window. */
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
    // (c + 1)² − c² = 2c + 1, so the sum stays right while late requests still fill earlier windows.
    this.sum += this.windows[slot] === window ? 2 * this.counts[slot]!++ + 1 : 1;
  }
}

/** Sums of squares, one for each window length. */
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

  /** The sums since the last call, and the sum of the lag in ms. */
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
