/** Picks tasks by weight: the same task for the same draw, whatever else runs. */
import { purpose, uniform, type DrawKey } from '../platform/random.ts';
import type { Task } from './define-user.ts';

type AnyTask = Task<unknown, unknown, string>;

export interface PickedTask {
  readonly name: string;
  readonly task: AnyTask;
}

const taskDraw = purpose('task');

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
    const position = this.upTo.findIndex((upTo) => drawn < upTo);
    return this.tasks[position]!;
  }
}
