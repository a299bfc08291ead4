/** Loads that are levels of one another: of the same system, alike in all but how much they are. */
import type { Plan } from '../../metrics/result/result.ts';
import { groupedBy } from '../../platform/lists.ts';
import { baselineOf, isOfOneUser, mixOf, type BaselineLoad } from './baseline-load.ts';
import type { LoadLevel } from './load-level.ts';

/** What a level must have more of than another, to be above it. */
export const apart = 1.1;

export interface Ladder {
  /** Ascending. */
  readonly steps: readonly LoadLevel[];
  /** The system's baseline, where there is one: of this run, else a committed one of the same tasks. */
  readonly baseline: BaselineLoad | undefined;
  /** The same, of one user alone. */
  readonly alone: BaselineLoad | undefined;
}

/** `committed`: baselines of other runs. */
export function laddersIn(
  loads: readonly LoadLevel[],
  committed: readonly BaselineLoad[] = [],
): Ladder[] {
  const bySystem = groupedBy(loads.filter(isWhole), ({ plan }) => plan.system);
  return [...bySystem].flatMap(([system, levels]) => {
    const own = levels.flatMap((level) => baselineOf(level) ?? []);
    const ladders = groupedBy(levels, ({ plan }) => comparableBy(plan));
    return [...ladders.values()].map((ladder) => {
      const { streams, target } = ladder[0]!.plan;
      const mix = mixOf(streams[0]?.tasks ?? [], target.kind);
      const others = committed.filter((one) => one.system === system && one.comparableBy === mix);
      const known = [...own, ...others];
      const steps = ladder.sort((a, b) => a.load - b.load);
      return { steps, baseline: known[0], alone: known.find(isOfOneUser) };
    });
  });
}

/** A part beside a test's load (a recovery), a slice of one and one that was steered are no levels. */
function isWhole({ plan, scheduled, stages }: LoadLevel): boolean {
  const isPlanned = plan.part === undefined && stages.length === 0;
  return isPlanned && plan.slice.count === 1 && scheduled > 0;
}

/** Loads that differ in more than how much they are say nothing of each other. */
function comparableBy({ streams, target }: Plan): string {
  const [{ workload, thinkTime, connections, tasks } = {} as (typeof streams)[number]] = streams;
  const mix = tasks.map(({ name, weight }) => [name, weight]);
  // A reference service is started anew for each test, at any port.
  const at = target.kind === 'reference' ? target.kind : target.url;
  return JSON.stringify([workload['model'], thinkTime, connections, mix, at]);
}
