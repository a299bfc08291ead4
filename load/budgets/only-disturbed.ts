/** Which load may be measured again without hiding anything. */
import type { Result } from '../metrics/result/result.ts';
import type { ValidityRule } from './finding.ts';
import { judge } from './judge.ts';

/** What other work on this machine does to a generator that is sound by itself. */
const lateness: readonly ValidityRule[] = ['loopDelay', 'loopStall', 'loopStalls', 'scheduleLag'];

/**
 * Whether a whole load that has ended is `invalid` for lateness of this machine alone, while every budget
 * that could be judged held and the system was well. Whatever else was found stands.
 */
export function wasOnlyDisturbed(result: Result): boolean {
  const { verdict, invalid, judgements, reasons } = judge(result);
  const isBroken = reasons.length > 0 || judgements.some(({ status }) => status === 'fail');
  if (verdict !== 'invalid' || isBroken || result.plan.slice.count > 1) return false;
  return invalid.every(({ rule }) => lateness.includes(rule));
}
