/**
 * The comparisons of one run: each test leaves a file in the run's folder, beside its interval log, and
 * all of them together are the run's comparison.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../platform/whole-file.ts';
import { comparisonText, readComparisonFile, type RunComparison } from './comparison-file.ts';
import { controlFalseAlarms } from './false-alarms.ts';
import type { MetricComparison } from './comparison.ts';
import { joinRuns } from './join-comparisons.ts';

const suffix = '.comparison.json';

/** All that the run's tests have left so far; undefined where none was compared. */
export function comparisonOfRun(folder: string): RunComparison | undefined {
  const files = pathsIn(folder).map((path) => ({ path, comparison: readComparisonFile(path) }));
  return files.length === 0 ? undefined : joinRuns(files);
}

/** Leaves what was found of one test, under a name that is free: a test may be repeated. */
export function leaveComparison(folder: string, testId: string, found: RunComparison): void {
  mkdirSync(folder, { recursive: true });
  let path = join(folder, `${testId}${suffix}`);
  for (let load = 2; existsSync(path); load++) path = join(folder, `${testId}.${load}${suffix}`);
  writeWhole(path, comparisonText(found));
}

/** Removes what was left of these tests: they are compared again. */
export function removeComparisons(folder: string, testIds: ReadonlySet<string>): void {
  for (const path of pathsIn(folder)) {
    const { tests } = readComparisonFile(path);
    if (tests.some(({ test }) => testIds.has(test))) rmSync(path);
  }
}

/**
 * What remains of a test's findings beside those of the run so far: the more is compared, the stronger
 * evidence must be. (The first tests of a run are judged beside fewer than the last.)
 */
export function amongThoseOfRun(
  folder: string,
  own: readonly MetricComparison[],
): readonly MetricComparison[] {
  const earlier = comparisonOfRun(folder)?.comparisons ?? [];
  return controlFalseAlarms([...earlier, ...own]).slice(earlier.length);
}

function pathsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(folder, name));
}
