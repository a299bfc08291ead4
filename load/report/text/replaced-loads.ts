/** Tries of a load that this machine disturbed, and the load that was measured in their place. */
import type { Plan } from '../../metrics/log/schema.ts';
import type { LoadEntry } from '../files/results-json.ts';

/** What every report tells of the way in which the load was made. */
export function planFlags({ flags, replaces = [] }: Plan): string[] {
  if (replaces.length === 0) return [...flags];
  const tries = replaces.length === 1 ? 'a try' : `${replaces.length} tries`;
  return [...flags, `measured in place of ${tries} that this machine disturbed`];
}

type Try = Pick<LoadEntry, 'testId' | 'runId' | 'startedAt' | 'replaces'>;

/**
 * Whether another of the loads stands in a load's place. Where none came about (the run was interrupted,
 * the system failed its next check), the try is the load.
 */
export function isReplacedAmong(loads: readonly Try[]): (load: Try) => boolean {
  const keyOf = ({ runId, testId }: Try, startedAt: string): string =>
    JSON.stringify([runId, testId, startedAt]);
  const replaced = new Set(
    loads.flatMap((load) => load.replaces.map((startedAt) => keyOf(load, startedAt))),
  );
  return (load) => replaced.has(keyOf(load, load.startedAt));
}
