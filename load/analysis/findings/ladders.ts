/** Loads that are levels of one another: of the same system, alike in all but how much they are. */
import type { Plan } from '../../metrics/result/result.ts';
import { groupedBy } from '../../platform/lists.ts';
import type { LoadLevel } from './load-level.ts';

/** What a level must have more of than another, to be above it. */
export const apart = 1.1;

export interface Ladder {
  /** Ascending. */
  readonly steps: readonly LoadLevel[];
  /** The load of one user alone of that system, where there is one. */
  readonly alone: LoadLevel | undefined;
}

export function laddersIn(loads: readonly LoadLevel[]): Ladder[] {
  const bySystem = groupedBy(loads.filter(isWhole), ({ plan }) => plan.system);
  return [...bySystem.values()].flatMap((levels) => {
    const alone = levels.find(isOfOneUser);
    const ladders = groupedBy(levels, ({ plan }) => comparableBy(plan));
    return [...ladders.values()].map((ladder) => {
      return { steps: ladder.sort((a, b) => a.load - b.load), alone };
    });
  });
}

/** A part beside a test's load (a recovery), a slice of one and one that was steered are no levels. */
function isWhole({ plan, scheduled, stages }: LoadLevel): boolean {
  const isPlanned = plan.part === undefined && stages.length === 0;
  return isPlanned && plan.slice.count === 1 && scheduled > 0;
}

function isOfOneUser({ plan, load }: LoadLevel): boolean {
  return plan.scenario === 'baseline' && load <= 1;
}

/** Loads that differ in more than how much they are say nothing of each other. */
function comparableBy({ streams, target }: Plan): string {
  const [{ workload, thinkTime, connections, tasks } = {} as (typeof streams)[number]] = streams;
  const mix = tasks.map(({ name, weight }) => [name, weight]);
  // A reference service is started anew for each test, at any port.
  const at = target.kind === 'reference' ? target.kind : target.url;
  return JSON.stringify([workload['model'], thinkTime, connections, mix, at]);
}
