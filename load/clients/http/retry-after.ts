/** How long an answer asks the client to wait, in all the formats that servers use. */
import type { Answer } from './http.ts';

const number = /^\s*(\d+(\.\d*)?|\.\d+)\s*$/;
/**
 * Dates as in RFC 9110, 5.6.7, including the obsolete formats, and in RFC 3339. The oldest format has no
 * zone and is GMT.
 */
const dates = /^\s*(([a-z]{3,9},?|\d{1,2}) [a-z]{3} .*|[a-z]{3,9}, .*|\d{4}-\d\d-\d\dt.*)$/i;
const withoutZone = /\d{2}:\d{2}:\d{2}( \d{4})?\s*$/;

/** A longer time is not a wait; it may be a point in time sent as a number. */
const longestMs = 366 * 24 * 3_600_000;

/**
 * Reads `retry-after-ms` in milliseconds, or else `retry-after` in seconds or as a date; fractions are
 * allowed. `epochMs` is the current time. `undefined` if neither is present or valid.
 */
export function retryAfterMs(answer: Pick<Answer, 'header'>, epochMs: number): number | undefined {
  const exact = answer.header('retry-after-ms');
  if (exact !== undefined && number.test(exact)) return waitMs(Number(exact));
  const text = answer.header('retry-after');
  return text === undefined ? undefined : parseRetryAfterMs(text, epochMs);
}

function parseRetryAfterMs(text: string, epochMs: number): number | undefined {
  if (number.test(text)) return waitMs(Number(text) * 1000);
  if (!dates.test(text)) return undefined;
  const atMs = Date.parse(withoutZone.test(text) ? `${text} GMT` : text);
  return Number.isNaN(atMs) ? undefined : waitMs(Math.max(0, atMs - epochMs));
}

function waitMs(ms: number): number | undefined {
  return ms <= longestMs ? ms : undefined;
}
