/** A load that is over, with its verdict: it is judged once in a process, and whoever shows it is handed both. */
import { readResult } from '../metrics/log/reader.ts';
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

/** Reads, folds and judges the interval log at `path`. Throws where it can't be read. */
export async function readJudgedLoad(path: string): Promise<JudgedLoad> {
  return judgedLoad(await readResult(path, planOfSchema1), path);
}

/** The load as one whose verdict nobody asked for: it decided nothing. */
export function unaskedLoad(load: JudgedLoad): JudgedLoad {
  return { ...load, verdict: { ...load.verdict, isUnasked: true } };
}
