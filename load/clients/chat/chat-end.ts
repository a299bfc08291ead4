/** How a server says that a choice has ended, and that it ended badly: the word of its `finish_reason`. */
import { isObject } from '../../platform/json-file.ts';
import { saysSomething } from '../http/told-error.ts';

/** Words that servers put into the field as long as a choice goes on. */
const goesOn = /unspecified$|^(in[_ -]?progress|not[_ -]?finished|unfinished)$/i;
/** Words for an end that is none of a success: the server gave the generation up. */
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
 * The word of a `finish_reason`; `undefined` where the field does not say that it is finished: it is
 * missing, empty, or one of the words that mean "not yet".
 */
export function endReason(value: unknown): string | undefined {
  // The usual case, for every token.
  if (value === null || value === undefined) return undefined;
  // Some engines send it as an object with more to it.
  const word = isObject(value) ? value['type'] : value;
  if (typeof word !== 'string' || !saysSomething(word) || goesOn.test(word)) return undefined;
  return word;
}

/** Whether the word means that the server did not finish; one that is not known does not. */
export function isGivenUp(reason: string): boolean {
  return givenUp.test(reason);
}
