/** Which load may be measured again without hiding anything. */
import type { Result } from '../metrics/result.ts';
import { judge } from './judge.ts';
import { checkGenerator } from './validity.ts';

/**
 * Whether nothing but this machine spoilt the load: its event loop or its starts were late, and yet every
 * budget that could be judged held. Where one broke, or the system failed, that stands. May be asked
 * before the log has its end.
 */
export function wasOnlyDisturbed(result: Result): boolean {
  const { judgements, reasons } = judge(result);
  if (reasons.length > 0 || judgements.some(({ status }) => status === 'fail')) return false;
  return checkGenerator(result).invalid.length > 0;
}
