/**
 * Virtual time on a machine that is late: timers that fall due while its loop is held up fire when the
 * loop turns again. The system under test keeps its own time, since it runs elsewhere.
 */
import type { Timer } from '../../load/platform/clock.ts';
import { VirtualClock } from '../../tests/engine/virtual-clock.ts';

/** A time in which the event loop does not turn. */
export interface Block {
  readonly startMs: number;
  readonly endMs: number;
}

export class DisturbedClock extends VirtualClock {
  private readonly blocks: readonly Block[];

  /** `blocks`: in order, without overlaps. */
  constructor(blocks: readonly Block[]) {
    super();
    this.blocks = blocks;
  }

  override at(atMs: number, callback: () => void): Timer {
    return super.at(this.released(atMs), callback);
  }

  /** A timer of the system, which is never late. */
  atTheSystem(atMs: number, callback: () => void): Timer {
    return super.at(atMs, callback);
  }

  private released(atMs: number): number {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.blocks[middle]!.endMs <= atMs) low = middle + 1;
      else high = middle;
    }
    const block = this.blocks[low];
    return block !== undefined && block.startMs <= atMs ? block.endMs : atMs;
  }
}
