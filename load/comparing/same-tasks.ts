/** Matches the tasks of a run with those of its baseline, by name. */
import { groupedBy } from '../platform/lists.ts';
import type { PipelineFigures } from './plain-figures.ts';

type Tasks = ReadonlyMap<string, PipelineFigures>;

interface SameTask {
  /** The task's name in the baseline. */
  readonly task: string;
  readonly was: PipelineFigures;
  readonly is: PipelineFigures;
}

interface TaskPairs {
  readonly same: readonly SameTask[];
  /** Tasks that only the baseline has. */
  readonly gone: readonly string[];
  /** Tasks that only the run has. */
  readonly added: readonly string[];
}

/**
 * `GET /orders` matches `/orders` if the other side has no methods, unless `POST /orders` could be meant
 * as well. `GET /orders` never matches `POST /orders`.
 */
export function pairTasks(baseline: Tasks, run: Tasks): TaskPairs {
  const [known, found] = [byAddress(baseline), byAddress(run)];
  const counterpart = (task: string): string | undefined => {
    if (run.has(task)) return task;
    const address = addressOf(task);
    const [one, ...others] = found.get(address) ?? [];
    const isSure = one !== undefined && others.length === 0 && known.get(address)?.length === 1;
    return isSure && (task === address || one === address) ? one : undefined;
  };
  const pairs = [...baseline].map(([task, was]) => ({ task, was, name: counterpart(task) }));
  const paired = new Set(pairs.map(({ name }) => name));
  return {
    same: pairs.flatMap(({ task, was, name }) =>
      name === undefined ? [] : [{ task, was, is: run.get(name)! }],
    ),
    gone: pairs.filter(({ name }) => name === undefined).map(({ task }) => task),
    added: [...run.keys()].filter((name) => !paired.has(name)),
  };
}

function byAddress(tasks: Tasks): ReadonlyMap<string, readonly string[]> {
  return groupedBy(tasks.keys(), addressOf);
}

/** `GET /orders` → `/orders` */
function addressOf(task: string): string {
  return task.replace(/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /, '');
}
