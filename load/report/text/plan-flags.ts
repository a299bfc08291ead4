/** What every report tells of the way in which a load was made. */
import type { Plan } from '../../metrics/log/schema.ts';

/** Departures from the safe defaults, and tries that this machine disturbed. */
export function planFlags({ flags, replaces = [] }: Plan): string[] {
  if (replaces.length === 0) return [...flags];
  const tries = replaces.length === 1 ? 'a try' : `${replaces.length} tries`;
  return [...flags, `measured in place of ${tries} that this machine disturbed`];
}
