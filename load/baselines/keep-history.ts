/** `LOAD_HISTORY=1`: each load leaves a line in the history of its test on this environment. */
import { captureRun } from './capture.ts';
import { appendHistory, historyPath, readHistory } from './history-file.ts';
import { historyLineOf, type HistoryLine } from './history.ts';
import { planFingerprint, planKeyOf } from './plan-key.ts';
import type { JudgedLoad } from '../budgets/judged-load.ts';
import type { Result } from '../metrics/result/result.ts';
import { settingsSchema } from '../settings/settings.ts';

export interface HistoryWhere {
  /** The folder of all baselines. */
  readonly baselines: string;
  /** Whether the load's figures were accepted as they are (`-u`): the history begins anew. */
  readonly isUpdate: boolean;
}

/** A merge reads these alone: the settings of its slices make no sense there. */
const ofHistory = settingsSchema.pick({ LOAD_HISTORY: true, LOAD_ENVIRONMENT: true });

/** What is known of the load's test on this environment, by the same plan; its own line included. */
export function knownHistory({ plan }: Result, baselines: string): HistoryLine[] {
  const { LOAD_ENVIRONMENT: environment } = ofHistory.parse(process.env);
  const own = planFingerprint(planKeyOf(plan));
  // Two loads of a test may have one id and be of two kinds: a recovery after a stress, say.
  return readHistory(historyPath(baselines, environment, plan.testId)).filter(
    (line) => line.plan === own,
  );
}

/** Whole loads that a sound instrument measured, whatever their budgets say. */
export function keepHistory(load: JudgedLoad, { baselines, isUpdate }: HistoryWhere): void {
  const { LOAD_HISTORY, LOAD_ENVIRONMENT: environment } = ofHistory.parse(process.env);
  if (!LOAD_HISTORY || load.plan.slice.count > 1) return;
  const { verdict, shortened, interrupted } = load.verdict;
  if (shortened || interrupted || (verdict !== 'pass' && verdict !== 'fail')) return;
  const isAccepted = isUpdate && verdict === 'pass';
  const line = historyLineOf(captureRun(load, { environment }), isAccepted);
  const path = historyPath(baselines, environment, load.plan.testId);
  // Slices may be merged again, when the last of them has come.
  const isKnown = readHistory(path).some(
    ({ runId, startedAt }) => runId === line.runId && startedAt === line.startedAt,
  );
  if (!isKnown) appendHistory(path, line);
}
