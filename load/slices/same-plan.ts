/** What the plans of the slices of one load have in common: everything but whose and where they are. */
import { createHash } from 'node:crypto';
import type { Plan } from '../metrics/log/schema.ts';

/** Name of the part and its text, for each part that must be the same. */
export function commonParts(plan: Plan): Readonly<Record<string, string>> {
  const { runId, testId, load, seed, slice, timeScale, shortened, streams, budgets } = plan;
  const parts = {
    'run id': runId,
    test: testId,
    load,
    seed,
    slices: slice.count,
    'time scale': [timeScale, shortened],
    workload: streams,
    budgets,
    system: plan.target,
    'suite version': plan.versions['loadwright'],
    commit: plan.versions['commit'] ?? 'unknown',
  };
  return Object.fromEntries(Object.entries(parts).map(([name, own]) => [name, textOf(own)]));
}

/** The same for plans that may be slices of one load. */
export function commonFingerprint(plan: Plan): string {
  const text = JSON.stringify(commonParts(plan));
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function textOf(part: unknown): string {
  return typeof part === 'string' ? part : JSON.stringify(part);
}
