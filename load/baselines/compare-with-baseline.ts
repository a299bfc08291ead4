/** A load beside its baseline and its history: what was found, also left in the run's folder. */
import { baselinePath } from './baseline-file.ts';
import { captureRun } from './capture.ts';
import { compareRuns } from './compare.ts';
import type { MetricComparison } from './comparison.ts';
import {
  amongThoseOfRun,
  comparisonSchema,
  leaveComparison,
  type RunComparison,
} from './comparison-file.ts';
import { historyPath, readHistory } from './history-file.ts';
import { compareWithHistory, historyLineOf } from './history.ts';
import { takeSnapshot, type Snapshot, type SnapshotMode } from './snapshot.ts';
import type { ComparisonOptions } from './tolerances.ts';
import { judge } from '../budgets/judge.ts';
import type { Result } from '../metrics/result/result.ts';
import { defined } from '../platform/defined.ts';

/** As the test asked, in the environment that it ran in. */
export interface BaselineAsk {
  readonly options: ComparisonOptions;
  readonly environment: string;
  readonly mode: SnapshotMode;
  readonly strict: boolean;
}

interface BaselineRequest extends BaselineAsk {
  /** The folder of all baselines. */
  readonly baselines: string;
  readonly runFolder: string;
}

/** `found`: of what was compared, where anything was. Writes the baseline where that is asked for. */
export function compareWithBaseline(
  result: Result,
  { options, environment, mode, strict, baselines, runFolder }: BaselineRequest,
): { readonly snapshot: Snapshot; readonly found: RunComparison | undefined } {
  const { plan } = result;
  const path = baselinePath(baselines, { environment, ...plan });
  const snapshot = takeSnapshot({
    path,
    mode,
    strict,
    unfit: unfitness(result),
    capture: () => captureRun(result, { environment }),
    compare: (run, baseline) => {
      const found = compareRuns(run, baseline, options);
      // What was accepted as a baseline begins the history anew.
      const since = baseline.map(({ startedAt }) => startedAt).sort()[0] ?? '';
      const lines = readHistory(historyPath(baselines, environment, plan.testId));
      const history = compareWithHistory(lines, historyLineOf(run), plan.system, options, since);
      const all = [...found.comparisons, ...history.comparisons];
      return {
        ...found,
        comparisons: amongThoseOfRun(runFolder, all.map(trustedIn(result))),
        notes: [...found.notes, ...history.notes],
      };
    },
  });
  if (snapshot.comparisons.length === 0) return { snapshot, found: undefined };
  const found = foundIn(result, snapshot, { path, environment, ...options });
  leaveComparison(runFolder, plan.testId, found);
  return { snapshot, found };
}

/** What an invalid instrument measured says nothing of the target, for better or worse. */
function trustedIn(result: Result): (one: MetricComparison) => MetricComparison {
  const { verdict, invalid } = judge(result);
  if (verdict !== 'invalid') return (one) => one;
  const evidence = `the instrument is invalid in this run: ${invalid[0]?.text ?? 'see its budgets'}`;
  // Without its p value: it is no evidence among that of others, either.
  return ({ test, task, metric, unit, baseline, observed, tolerance }) => ({
    test,
    metric,
    unit,
    baseline,
    observed,
    tolerance,
    evidence,
    verdict: 'inconclusive',
    ...defined({ task }),
  });
}

interface FoundWhere extends ComparisonOptions {
  readonly path: string;
  readonly environment: string;
}

function foundIn(
  { plan }: Result,
  { comparisons, notes, runs }: Snapshot,
  { path, environment, significance = 'on' }: FoundWhere,
): RunComparison {
  const { runId, testId, scenario, system, level } = plan;
  const rerun = `npx playwright test --project=${scenario} ${system}`;
  const baseline = `${path}, ${runs} run${runs === 1 ? '' : 's'}`;
  return {
    schema: comparisonSchema,
    runId,
    environment,
    significance,
    tests: [{ test: testId, baseline, rerun: `${rerun}   # ${level}` }],
    comparisons,
    notes: notes.map((note) => `${testId}: ${note}`),
  };
}

/** Only what passed at full length is worth comparing others with. */
function unfitness(result: Result): string | undefined {
  const { verdict, shortened } = judge(result);
  if (verdict !== 'pass') return `the run's verdict is ${verdict}; only a pass becomes a baseline`;
  return shortened ? 'the run is shortened; only a full length becomes a baseline' : undefined;
}
