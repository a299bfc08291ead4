/** Groups loads into levels: loads of one system that differ only in their size. */
import type { Plan } from '../../metrics/result/result.ts';
import { groupedBy } from '../../platform/lists.ts';
import { baselineOf, isOfOneUser, mixOf, type BaselineLoad } from './baseline-load.ts';
import type { LoadLevel } from './load-level.ts';

/** How much larger a level must be to be above another. */
export const apart = 1.1;

export interface Ladder {
  /** Ascending. */
  readonly steps: readonly LoadLevel[];
  /** The system's baseline, if there is one: of this run, else a committed one with the same tasks. */
  readonly baseline: BaselineLoad | undefined;
  /** A baseline with a single user. */
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

/** A second load of a test (a recovery), a single slice and a steered load are not levels. */
function isWhole({ plan, scheduled, stages }: LoadLevel): boolean {
  const isPlanned = plan.part === undefined && stages.length === 0;
  return isPlanned && plan.slice.count === 1 && scheduled > 0;
}

/** The key of a load without its size. Loads with different keys cannot be compared. */
function comparableBy({ streams, target }: Plan): string {
  const [{ workload, thinkTime, connections, tasks } = {} as (typeof streams)[number]] = streams;
  const mix = tasks.map(({ name, weight }) => [name, weight]);
  // A reference service is restarted for each test, on any port.
  const at = target.kind === 'reference' ? target.kind : target.url;
  return JSON.stringify([workload['model'], thinkTime, connections, mix, at]);
}
