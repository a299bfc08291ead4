/** `LOAD_HISTORY=1`: each load leaves a line in the history of its test on this environment. */
import { captureRun } from '../baselines/capture.ts';
import { appendHistory, historyPath } from '../baselines/history-file.ts';
import { historyLineOf } from '../baselines/history.ts';
import { judge } from '../budgets/judge.ts';
import type { Result } from '../metrics/result.ts';
import { settings } from '../settings.ts';

export interface HistoryWhere {
  /** The folder of all baselines. */
  readonly baselines: string;
  /** Whether the load's figures were accepted as they are (`-u`): the history begins anew. */
  readonly isUpdate: boolean;
}

/** Whole loads that a sound instrument measured, whatever their budgets say. */
export function keepHistory(result: Result, { baselines, isUpdate }: HistoryWhere): void {
  const { LOAD_HISTORY, LOAD_ENVIRONMENT: environment } = settings();
  if (!LOAD_HISTORY || result.plan.slice.count > 1) return;
  const { verdict, shortened, interrupted } = judge(result);
  if (shortened || interrupted || (verdict !== 'pass' && verdict !== 'fail')) return;
  const isAccepted = isUpdate && verdict === 'pass';
  const line = historyLineOf(captureRun(result, { environment }), isAccepted);
  appendHistory(historyPath(baselines, environment, result.plan.testId), line);
}
