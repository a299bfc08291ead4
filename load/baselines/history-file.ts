/**
 * The file of a test's history in one environment, with one line per run. CI appends to it and commits
 * it. With `LOAD_HISTORY=1` each load appends a line.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JudgedLoad } from '../budgets/judged-load.ts';
import type { Result } from '../metrics/result/result.ts';
import { settingsSchema } from '../settings/settings.ts';
import { captureRun } from './capture.ts';
import { latenessOf } from './fitness.ts';
import { historyLineOf, historyLineSchema, historySchema, type HistoryLine } from './history.ts';
import { planFingerprint, planKeyOf } from './plan-key.ts';
import { defaultTolerances } from './tolerances.ts';

/** `<folder>/<environment>/history/<test id>.jsonl` */
export function historyPath(folder: string, environment: string, testId: string): string {
  return join(folder, environment, 'history', `${testId}.jsonl`);
}

/** Oldest first; empty if there is no file. Throws with the path and the line that cannot be read. */
export function readHistory(path: string): HistoryLine[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((text, index) => ({ text, where: `${path}:${index + 1}` }))
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, where }) => lineIn(text, where));
}

/** Appends in one write, so that two runs at once leave two complete lines. */
export function appendHistory(path: string, line: HistoryLine): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}

function lineIn(text: string, where: string): HistoryLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}; remove the line, or restore it`, {
      cause: error,
    });
  }
  const parsed = historyLineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `${where}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a line of a history'}; ` +
      `accepted are lines of schema ${historySchema}`,
  );
}

interface HistoryOptions {
  /** The folder of all baselines. */
  readonly baselines: string;
  /** Whether the load was accepted as a new baseline (`-u`), so that the history starts again. */
  readonly isUpdate: boolean;
}

/** The only settings that a merge reads, since the settings of its slices have no meaning there. */
const ofHistory = settingsSchema.pick({ LOAD_HISTORY: true, LOAD_ENVIRONMENT: true });

/** The history of the load's test in this environment with the same plan, including its own line. */
export function knownHistory({ plan }: Result, baselines: string): HistoryLine[] {
  const { LOAD_ENVIRONMENT: environment } = ofHistory.parse(process.env);
  const own = planFingerprint(planKeyOf(plan));
  // Two loads of a test may have one id and be different, such as a recovery after a stress load.
  return readHistory(historyPath(baselines, environment, plan.testId)).filter(
    (line) => line.plan === own,
  );
}

/** Only complete loads with a valid measurement are kept, whether they met their budgets or not. */
export function keepHistory(load: JudgedLoad, { baselines, isUpdate }: HistoryOptions): void {
  const { LOAD_HISTORY, LOAD_ENVIRONMENT: environment } = ofHistory.parse(process.env);
  if (!LOAD_HISTORY || load.plan.slice.count > 1 || load.stages.length > 0) return;
  const { verdict, shortened, interrupted } = load.verdict;
  if (shortened || interrupted || (verdict !== 'pass' && verdict !== 'fail')) return;
  const run = captureRun(load, { environment });
  // As for a baseline: a run that hides slowdowns must not count as normal.
  const isLate = latenessOf(run, defaultTolerances.latencyFloorMs) !== undefined;
  const line = historyLineOf(run, isUpdate && verdict === 'pass' && !isLate);
  const path = historyPath(baselines, environment, load.plan.testId);
  // Slices may be merged again when the last of them has arrived.
  const isKnown = readHistory(path).some(
    ({ runId, startedAt }) => runId === line.runId && startedAt === line.startedAt,
  );
  if (!isKnown) appendHistory(path, line);
}
