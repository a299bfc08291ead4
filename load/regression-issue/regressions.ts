/**
 * Chooses the regressions of a run that get an issue. There is one issue per task of a test, since its
 * percentiles and throughput change together.
 */
import { createHash } from 'node:crypto';
import type { RunComparison } from '../baselines/comparison-file.ts';
import {
  redVerdicts,
  type ComparisonVerdict,
  type MetricComparison,
} from '../baselines/comparison.ts';
import { groupedBy } from '../platform/lists.ts';
import { defined } from '../platform/defined.ts';

export type Severity = 'critical' | 'saturated';

/**
 * - `confirmed`: critical or saturated, and again in the rerun. `red`: regressed, and not confirmed.
 * - `gone`: everything in the baseline was judged, and nothing is worse.
 * - `unclear`: nothing regressed, and not everything could be judged.
 */
type SubjectState = 'confirmed' | 'red' | 'gone' | 'unclear';

interface Confirmed {
  readonly found: MetricComparison;
  /** The same metric in the rerun. */
  readonly again: MetricComparison;
}

/** A task of a test, or all its tasks together, as one run found it. */
export interface Subject {
  readonly fingerprint: string;
  readonly test: string;
  /** Absent: over all tasks. */
  readonly task?: string;
  readonly state: SubjectState;
  /** The run's comparisons, one per metric. */
  readonly comparisons: readonly MetricComparison[];
  /** Empty unless confirmed. */
  readonly confirmed: readonly Confirmed[];
}

const settledWell: ReadonlySet<ComparisonVerdict> = new Set(['pass', 'improved']);

/** `rerun`: another run of the same tests, against the same baselines. */
export function subjectsIn(run: RunComparison, rerun?: RunComparison): Subject[] {
  const groups = groupedBy(run.comparisons, ({ test, task }) => JSON.stringify([test, task]));
  return [...groups.values()].map((comparisons) => {
    const { test, task } = comparisons[0]!;
    const confirmed = comparisons.flatMap((found) => confirmationOf(found, rerun));
    return defined({
      test,
      task,
      comparisons,
      confirmed,
      fingerprint: fingerprintOf(run.environment, test, task),
      state: confirmed.length > 0 ? 'confirmed' : stateOf(comparisons),
    });
  });
}

/** The same regression has the same fingerprint in every run, since no figure and no verdict is part of it. */
export function fingerprintOf(environment: string, test: string, task?: string): string {
  const name = JSON.stringify([environment, test, task ?? null]);
  return createHash('sha256').update(name).digest('hex').slice(0, 16);
}

/** Saturation is the more severe, since latency keeps rising. */
export function severityOf(confirmed: readonly Confirmed[]): Severity {
  return confirmed.some(({ found }) => found.verdict === 'saturated') ? 'saturated' : 'critical';
}

/**
 * The subjects that get an issue. If a task regressed, its effect on all tasks together is not a
 * regression of its own.
 */
export function worthAnIssue(subjects: readonly Subject[]): Subject[] {
  const confirmed = subjects.filter(({ state }) => state === 'confirmed');
  const tasks = confirmed.filter(({ task }) => task !== undefined);
  const blamed = new Set(tasks.map(({ test }) => test));
  return confirmed.filter(({ test, task }) => task !== undefined || !blamed.has(test));
}

function confirmationOf(found: MetricComparison, rerun: RunComparison | undefined): Confirmed[] {
  if (!isGrave(found)) return [];
  const again = rerun?.comparisons.find(
    ({ test, task, metric }) =>
      test === found.test && task === found.task && metric === found.metric,
  );
  return again !== undefined && isGrave(again) ? [{ found, again }] : [];
}

function isGrave({ verdict }: MetricComparison): boolean {
  return verdict === 'critical' || verdict === 'saturated';
}

function stateOf(comparisons: readonly MetricComparison[]): SubjectState {
  if (comparisons.some(({ verdict }) => redVerdicts.has(verdict))) return 'red';
  // A metric that the baseline lacks as well does not matter.
  const known = comparisons.filter(
    ({ verdict, baseline }) => verdict !== 'no-data' || baseline !== undefined,
  );
  const isGone = known.length > 0 && known.every(({ verdict }) => settledWell.has(verdict));
  return isGone ? 'gone' : 'unclear';
}
