/** Reads `finish_reason`: whether a choice has ended, and whether it ended badly. */
import { isObject } from '../../platform/json-file.ts';
import { saysSomething } from '../http/told-error.ts';

/** Values that servers put into the field while a choice is still being generated. */
const goesOn = /unspecified$|^(in[_ -]?progress|not[_ -]?finished|unfinished)$/i;
/** Values that mean that the server gave the generation up. */
const givenUp = new RegExp(
  [
    'error|abort|cancel|fail|exception|crash|killed',
    'time[_ -]?d?[_ -]?out|interrupt|insufficient|unavailable|overload',
    'disconnect|connection|shut[_ -]?down|preempt|evict',
    'rate[_ -]?limit|throttl|quota|exhausted|malformed|out[_ -]?of[_ -]?memory|^oom',
  ].join('|'),
  'i',
);

/**
 * The value of a `finish_reason`; `undefined` if the choice has not ended, because the field is missing,
 * empty, or one of the values that mean "not yet".
 */
export function endReason(value: unknown): string | undefined {
  // The usual case, for each token.
  if (value === null || value === undefined) return undefined;
  // Some engines send an object with the reason inside.
  const word = isObject(value) ? value['type'] : value;
  if (typeof word !== 'string' || !saysSomething(word) || goesOn.test(word)) return undefined;
  return word;
}

/** Whether the value means that the server gave up. Unknown values do not. */
export function isGivenUp(reason: string): boolean {
  return givenUp.test(reason);
}
