/** One comparison out of several files: a run that was spread over machines leaves one on each. */
import type { RunComparison } from './comparison-file.ts';

export interface ComparisonOfFile {
  readonly path: string;
  readonly comparison: RunComparison;
}

/** The rule of a run whose tests were compared by different ones. */
export const severalRules = 'by test';

/** Throws where the files are not of one run against the same baselines. */
export function joinRuns(files: readonly ComparisonOfFile[]): RunComparison {
  const [first, ...others] = files;
  if (first === undefined) throw new Error('no comparison to join');
  for (const { path, comparison } of others) {
    refuseOther(path, comparison, first, ['runId', 'environment']);
  }
  const rules = new Set(files.map(({ comparison }) => comparison.significance));
  return {
    ...first.comparison,
    significance: rules.size === 1 ? first.comparison.significance : severalRules,
    tests: files.flatMap(({ comparison }) => comparison.tests),
    comparisons: files.flatMap(({ comparison }) => comparison.comparisons),
    notes: [...new Set(files.flatMap(({ comparison }) => comparison.notes))],
  };
}

/** Throws where it confirms nothing: the same run again, or one against other baselines. */
export function refuseNoRerun(rerun: ComparisonOfFile, run: ComparisonOfFile): void {
  refuseOther(rerun.path, rerun.comparison, run, ['environment']);
  if (rerun.comparison.runId !== run.comparison.runId) return;
  throw new Error(
    `${rerun.path}: is of the same run as ${run.path} (${run.comparison.runId}); ` +
      'accepted is the comparison of another run of the same tests',
  );
}

type Key = 'runId' | 'environment';

function refuseOther(
  path: string,
  comparison: RunComparison,
  known: ComparisonOfFile,
  keys: readonly Key[],
): void {
  for (const key of keys) {
    if (comparison[key] === known.comparison[key]) continue;
    throw new Error(
      `${path}: ${key} is ${JSON.stringify(comparison[key])}, and ` +
        `${JSON.stringify(known.comparison[key])} in ${known.path}; accepted is the same`,
    );
  }
}
