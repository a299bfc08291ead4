/** The random draws of a random load, all determined by the seed. */
import { drawKey, purpose, uniform, type DrawKey } from '../../../../load/platform/random.ts';

const what = purpose('fuzz');

export class Draws {
  private readonly key: DrawKey;
  private n = 0;

  /** `about`: draws about different things are independent of each other. */
  constructor(seed: number, about: string) {
    this.key = drawKey(seed, `fuzz ${about}`);
  }

  /** In [from, to). */
  between(from: number, to: number): number {
    return from + (to - from) * uniform(this.key, 0, what, this.n++);
  }

  /** In [from, to), on a logarithmic scale. */
  scaled(from: number, to: number): number {
    return Math.exp(this.between(Math.log(from), Math.log(to)));
  }

  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1));
  }

  chance(share: number): boolean {
    return this.between(0, 1) < share;
  }

  of<T>(list: readonly T[]): T {
    return list[this.whole(0, list.length - 1)]!;
  }

  /** The value with the given probability, else undefined. */
  maybe<T>(share: number, value: T): T | undefined {
    return this.chance(share) ? value : undefined;
  }
}
