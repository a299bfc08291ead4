/** A finished load with its verdict. It is judged once per process, and all reports receive both. */
import { readLines, readResult } from '../metrics/log/reader.ts';
import type { LogLine } from '../metrics/log/schema.ts';
import type { Result } from '../metrics/result/result.ts';
import { judge, type Verdict } from './judge.ts';
import { planOfSchema1 } from './schema-1.ts';

export interface JudgedLoad extends Result {
  readonly verdict: Verdict;
  /** Missing if the result is only kept in memory. */
  readonly logPath: string | undefined;
}

export function judgedLoad(result: Result, logPath?: string): JudgedLoad {
  return { ...result, verdict: judge(result), logPath };
}

/**
 * Reads, folds and judges the interval log at `path`. Throws if it cannot be read. `onLine` receives each
 * of its lines, for further folds.
 */
export async function readJudgedLoad(
  path: string,
  onLine?: (line: LogLine) => void,
): Promise<JudgedLoad> {
  return judgedLoad(await readResult(path, planOfSchema1, onLine), path);
}

/** Passes on the lines of a load's log, for further folds. Throws if it cannot be read. */
export async function readLoadLines(path: string, onLine: (line: LogLine) => void): Promise<void> {
  await readLines(path, planOfSchema1, onLine);
}

/** Marks the load as one whose verdict the test did not ask for, so that it decides nothing. */
export function unaskedLoad(load: JudgedLoad): JudgedLoad {
  return { ...load, verdict: { ...load.verdict, isUnasked: true } };
}
