/** Which task of a run is which of its baseline, by their names. */
import { groupedBy } from '../platform/lists.ts';
import type { PipelineFigures } from './plain-figures.ts';

type Tasks = ReadonlyMap<string, PipelineFigures>;

interface SameTask {
  /** As the baseline names it. */
  readonly task: string;
  readonly was: PipelineFigures;
  readonly is: PipelineFigures;
}

interface TaskPairs {
  readonly same: readonly SameTask[];
  /** Only the baseline has them. */
  readonly gone: readonly string[];
  /** Only the run has them. */
  readonly added: readonly string[];
}

/**
 * `GET /orders` is `/orders` where the other side tells no methods, unless `POST /orders` may be meant as well;
 * `GET /orders` and `POST /orders` are never one.
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
