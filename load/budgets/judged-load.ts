/** A load that is over, with its verdict: it is judged once in a process, and whoever shows it is handed both. */
import { readResult } from '../metrics/log/reader.ts';
import type { Result } from '../metrics/result/result.ts';
import type { ValidityRule } from './finding.ts';
import { judge, type Verdict } from './judge.ts';

export interface JudgedLoad extends Result {
  readonly verdict: Verdict;
  /** Missing where the result is only kept in memory. */
  readonly logPath: string | undefined;
}

/** Throws where a budget of the plan can't be read. */
export function judgedLoad(result: Result, logPath?: string): JudgedLoad {
  return { ...result, verdict: judge(result), logPath };
}

/** Reads, folds and judges the interval log at `path`. Throws where it can't be read. */
export async function readJudgedLoad(path: string): Promise<JudgedLoad> {
  return judgedLoad(await readResult(path), path);
}

/** The load as one whose verdict nobody asked for: it decided nothing. */
export function unaskedLoad(load: JudgedLoad): JudgedLoad {
  return { ...load, verdict: { ...load.verdict, isUnasked: true } };
}

/** What other work on this machine does to a generator that is sound by itself. */
const lateness: readonly ValidityRule[] = ['loopDelay', 'loopStall', 'loopStalls', 'scheduleLag'];

/**
 * Whether a whole load that has ended is `invalid` for lateness of this machine alone, while every budget
 * that could be judged held and the system was well: then it may be measured again without hiding
 * anything. Whatever else was found stands.
 */
export function wasOnlyDisturbed({ verdict: judged, plan }: JudgedLoad): boolean {
  const { verdict, invalid, judgements, reasons } = judged;
  const isBroken = reasons.length > 0 || judgements.some(({ status }) => status === 'fail');
  if (verdict !== 'invalid' || isBroken || plan.slice.count > 1) return false;
  return invalid.every(({ rule }) => lateness.includes(rule));
}
