/** The hard key of a baseline: what must agree for two runs to be comparable, and what differs. */
import { createHash } from 'node:crypto';
import type { Plan } from '../metrics/log/schema.ts';
import type { PlanKey } from './baseline-run.ts';

/**
 * Budgets are left out: a limit changes no request. So are addresses, seeds, slices and machines.
 */
export function planKeyOf(plan: Plan): PlanKey {
  const { system, scenario, level, timeScale } = plan;
  const streams = plan.streams.map(
    ({ name, judged, workload, thinkTime, session, connections, parameters, phases, tasks }) => ({
      name,
      judged,
      workload,
      thinkTime,
      session,
      connections,
      parameters,
      phases,
      tasks,
    }),
  );
  const key = { system, scenario, level, timeScale, target: plan.target.kind, streams };
  // As it will come out of a file: without what is undefined.
  return JSON.parse(JSON.stringify(key)) as PlanKey;
}

/** What differs, as `streams.0.workload.users: 50, was 100`; empty where the keys agree. */
export function planDifferences(baseline: PlanKey, observed: PlanKey): string[] {
  const before = new Map(leavesOf(baseline, ''));
  const now = new Map(leavesOf(observed, ''));
  const paths = [...new Set([...before.keys(), ...now.keys()])];
  return paths
    .filter((path) => before.get(path) !== now.get(path))
    .map((path) => `${path}: ${now.get(path) ?? 'nothing'}, was ${before.get(path) ?? 'nothing'}`);
}

/** The same for equal keys, in whatever order they are written. */
export function planFingerprint(key: PlanKey): string {
  const leaves = leavesOf(key, '').map(([path, value]) => `${path}=${value}`);
  return createHash('sha256').update(leaves.sort().join('\n')).digest('hex').slice(0, 16);
}

function leavesOf(value: unknown, path: string): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, JSON.stringify(value)]];
  return entries.flatMap(([name, own]) => leavesOf(own, path === '' ? name : `${path}.${name}`));
}
