/**
 * Random draws for virtual users: which task comes next, and what their own code draws. The same key
 * always draws the same number, in any process and whatever else runs.
 */
import { purpose, uniform, type DrawKey, type Purpose } from '../platform/random.ts';
import type { DatasetReader } from './dataset.ts';
import type { Task } from './define-user.ts';

export type AnyTask = Task<unknown, unknown, string>;

interface PickedTask {
  readonly name: string;
  readonly task: AnyTask;
}

const taskDraw = purpose('task');

/** Picks tasks by weight. */
export class TaskPicker {
  private readonly tasks: readonly PickedTask[];
  private readonly upTo: readonly number[];

  constructor(tasks: Readonly<Record<string, AnyTask>>) {
    this.tasks = Object.entries(tasks)
      .filter(([, { weight }]) => weight > 0)
      .map(([name, task]) => ({ name, task }));
    let sum = 0;
    this.upTo = this.tasks.map(({ task }) => (sum += task.weight));
  }

  /** The task of iteration `n` of user (or arrival) `index`. */
  pick(key: DrawKey, index: number, n: number): PickedTask {
    if (this.tasks.length === 1) return this.tasks[0]!;
    const drawn = uniform(key, index, taskDraw, n) * this.upTo.at(-1)!;
    return this.tasks[this.upTo.findIndex((upTo) => drawn < upTo)]!;
  }
}

/** The draws of one virtual user's code: `random()` and the rows of its dataset. */
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

  /** Keys the draws from here on by the user or arrival, the purpose and the first number. */
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
