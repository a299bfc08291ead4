/**
 * Compares a load with its baseline and its history, and writes the findings to the run's folder. This
 * folder holds the suite's own runs and how a new one is compared with them. Start reading here:
 * `capture.ts` makes a run of a load, `compare.ts` judges it, `snapshot.ts` decides what is written.
 */
import { baselinePath } from './baseline-file.ts';
import { captureRun } from './capture.ts';
import { cleanTimes } from './clean-times.ts';
import { compareRuns } from './compare.ts';
import type { MetricComparison } from './comparison.ts';
import {
  amongThoseOfRun,
  comparisonSchema,
  leaveComparison,
  type RunComparison,
} from './comparison-file.ts';
import { historyPath, readHistory } from './history-file.ts';
import { compareWithHistory, historyLineOf, historyLineWithoutLag } from './history.ts';
import {
  isUpdate,
  steeredSnapshot,
  takeSnapshot,
  type Snapshot,
  type SnapshotMode,
} from './snapshot.ts';
import { tolerancesOf, type ComparisonOptions } from './tolerances.ts';
import type { JudgedLoad } from '../budgets/judged-load.ts';
import { certainErrors } from '../budgets/standing/errors.ts';
import { instrumentOf } from '../budgets/standing/instrument.ts';
import { mostLost } from '../budgets/standing/standing.ts';
import { errorOutcomes, errorsOf } from '../metrics/outcome.ts';
import { outcomesOf, selectSeries } from '../metrics/result/select.ts';
import { defined } from '../platform/defined.ts';

/** A comparison is asked for with the options of the test and the environment in which it ran. */
export interface BaselineAsk {
  readonly options: ComparisonOptions;
  readonly environment: string;
  readonly mode: SnapshotMode;
  /** Whether the test must have a baseline, as those of the project `baseline` must. */
  readonly isRequired: boolean;
}

interface BaselineRequest extends BaselineAsk {
  /** The folder of all baselines. */
  readonly baselines: string;
  readonly runFolder: string;
}

/** `found`: the comparison's findings, if there was one. Writes the baseline if that was asked for. */
export function compareWithBaseline(
  load: JudgedLoad,
  { options, environment, mode, isRequired, baselines, runFolder }: BaselineRequest,
): { readonly snapshot: Snapshot; readonly found: RunComparison | undefined } {
  const { plan, stages } = load;
  const path = baselinePath(baselines, { environment, ...plan });
  if (stages.length > 0 && !isUpdate(mode)) return { snapshot: steeredSnapshot, found: undefined };
  const snapshot = takeSnapshot({
    path,
    mode,
    isRequired,
    unfit: unfitness(load),
    tolerances: tolerancesOf(plan.system, options),
    capture: () => captureRun(load, { environment }),
    compare: (run, baseline) => {
      const found = compareRuns(run, baseline, options, cleanTimes(load));
      // The history starts again at a run that was accepted as a baseline.
      const since = baseline.map(({ startedAt }) => startedAt).sort()[0] ?? '';
      const lines = readHistory(historyPath(baselines, environment, plan.testId));
      const now = historyLineOf(run);
      const withoutLag = historyLineWithoutLag(run);
      const history = compareWithHistory(lines, now, plan.system, options, since, withoutLag);
      const all = [...found.comparisons, ...history.comparisons];
      return {
        ...found,
        comparisons: amongThoseOfRun(runFolder, all.map(trustedIn(load))),
        notes: [...found.notes, ...history.notes],
      };
    },
  });
  if (snapshot.comparisons.length === 0) return { snapshot, found: undefined };
  const found = foundIn(load, snapshot, { path, environment, ...options });
  leaveComparison(runFolder, plan.testId, found);
  return { snapshot, found };
}

const good: ReadonlySet<MetricComparison['verdict']> = new Set(['pass', 'improved']);
/** Their comparison already leaves out the effects of this machine's lateness. */
const errorMetrics: ReadonlySet<string> = new Set(['errorRate', 'errorBurst']);
const latencies: ReadonlySet<string> = new Set(['p50', 'p95', 'p99', 'avg']);
/**
 * A run that is invalid as a whole says nothing about the target. In a run that was only late, findings
 * are valid if lateness cannot explain them: it makes a system look slower, never faster, and sends less.
 */
function trustedIn(load: JudgedLoad): (one: MetricComparison) => MetricComparison {
  const { invalid, lateness } = load.verdict;
  const doubtful = areErrorsDoubtful(load);
  const spoiled = invalid[0]?.text;
  const { lostShare, smeared } = lateness;
  return (one) => {
    if (spoiled !== undefined) return untrusted(one, `the instrument is invalid: ${spoiled}`);
    const isLatency = latencies.has(one.metric);
    const isOffered =
      smeared === undefined && lostShare <= (isLatency ? mostLost.latency : mostLost.others);
    const isOfErrors = errorMetrics.has(one.metric) || one.observed === Infinity;
    if (doubtful && isOfErrors && !good.has(one.verdict)) {
      return untrusted(one, 'this machine was late, and may have caused many of the errors');
    }
    if (isOffered || (isLatency && !good.has(one.verdict))) return one;
    return untrusted(one, 'this machine did not send the whole load, or not in time');
  };
}

/** Whether this machine may have caused more than a tenth of the errors. */
function areErrorsDoubtful(load: JudgedLoad): boolean {
  const series = selectSeries(load);
  const errors = errorsOf(outcomesOf(series));
  return certainErrors(instrumentOf(load), series, errorOutcomes) < 0.9 * errors;
}

/** Removes the p value, so that the finding is no evidence among others. */
function untrusted(one: MetricComparison, evidence: string): MetricComparison {
  const { test, task, metric, unit, baseline, observed, tolerance } = one;
  const head = { test, metric, unit, baseline, observed, tolerance };
  return { ...head, evidence, verdict: 'inconclusive', ...defined({ task }) };
}

interface FoundWhere extends ComparisonOptions {
  readonly path: string;
  readonly environment: string;
}

function foundIn(
  { plan }: JudgedLoad,
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

const steered =
  'the load was steered while it ran, so no other run is comparable; only a load as planned becomes a baseline';

/** Only a run that passed at full length may become a baseline. */
function unfitness({ stages, verdict: { verdict, shortened } }: JudgedLoad): string | undefined {
  if (stages.length > 0) return steered;
  if (verdict !== 'pass') return `the run's verdict is ${verdict}; only a pass becomes a baseline`;
  return shortened ? 'the run is shortened; only a full length becomes a baseline' : undefined;
}
