/** The running draws of one virtual user's code: `random()` and the rows of its dataset. */
import { uniform, type DrawKey, type Purpose } from '../platform/random.ts';
import type { DatasetReader } from './dataset.ts';

export class Draws {
  private readonly key: DrawKey;
  private readonly rows: DatasetReader<unknown> | undefined;
  private index = 0;
  private what: Purpose = 0;
  private n = 0;

  constructor(key: DrawKey, rows: DatasetReader<unknown> | undefined) {
    this.key = key;
    this.rows = rows;
  }

  /** What is drawn from here on is keyed by these: the user or arrival, the purpose, the first number. */
  restart(index: number, what: Purpose, n: number): void {
    this.index = index;
    this.what = what;
    this.n = n;
  }

  /** In [0, 1). */
  readonly random = (): number => uniform(this.key, this.index, this.what, this.n++);

  readonly nextRow = (): unknown => {
    if (this.rows === undefined) throw new Error('this user has no dataset ("data")');
    this.n += 1;
    return this.rows.next(this.index, this.n);
  };
}
