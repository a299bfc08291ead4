/** The key of a baseline: what must be equal for two runs to be comparable, and how two keys differ. */
import { createHash } from 'node:crypto';
import type { Plan } from '../metrics/log/schema.ts';
import type { PlanKey } from './baseline-run.ts';

/** The key leaves out budgets, which change no request, as well as addresses, seeds, slices and machines. */
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
  // The form in which it is read from a file, without undefined values.
  return JSON.parse(JSON.stringify(key)) as PlanKey;
}

/** The differences, such as `streams.0.workload.users: 50, was 100`; empty if the keys are equal. */
export function planDifferences(baseline: PlanKey, observed: PlanKey): string[] {
  const before = new Map(leavesOf(baseline, ''));
  const now = new Map(leavesOf(observed, ''));
  const paths = [...new Set([...before.keys(), ...now.keys()])];
  return paths
    .filter((path) => before.get(path) !== now.get(path))
    .map((path) => `${path}: ${now.get(path) ?? 'nothing'}, was ${before.get(path) ?? 'nothing'}`);
}

/** Equal keys have equal fingerprints, whatever the order of their fields. */
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
