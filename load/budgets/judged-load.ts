/** A load that is over, with its verdict: it is judged once in a process, and whoever shows it is handed both. */
import { readLines, readResult } from '../metrics/log/reader.ts';
import type { LogLine } from '../metrics/log/schema.ts';
import type { Result } from '../metrics/result/result.ts';
import { judge, type Verdict } from './judge.ts';
import { planOfSchema1 } from './schema-1.ts';

export interface JudgedLoad extends Result {
  readonly verdict: Verdict;
  /** Missing where the result is only kept in memory. */
  readonly logPath: string | undefined;
}

export function judgedLoad(result: Result, logPath?: string): JudgedLoad {
  return { ...result, verdict: judge(result), logPath };
}

/**
 * Reads, folds and judges the interval log at `path`. Throws where it can't be read. `onLine` sees each of its
 * lines, for what folds more of them.
 */
export async function readJudgedLoad(
  path: string,
  onLine?: (line: LogLine) => void,
): Promise<JudgedLoad> {
  return judgedLoad(await readResult(path, planOfSchema1, onLine), path);
}

/** Hands out the lines of a load's log, for what folds more of them. Throws where it can't be read. */
export async function readLoadLines(path: string, onLine: (line: LogLine) => void): Promise<void> {
  await readLines(path, planOfSchema1, onLine);
}

/** The load as one whose verdict nobody asked for: it decided nothing. */
export function unaskedLoad(load: JudgedLoad): JudgedLoad {
  return { ...load, verdict: { ...load.verdict, isUnasked: true } };
}
