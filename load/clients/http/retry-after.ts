/** How long an answer asks to wait, in the forms in which servers say it. */
import type { Answer } from './http.ts';

const number = /^\s*(\d+(\.\d*)?|\.\d+)\s*$/;
/** As of RFC 9110, 5.6.7, old forms included, and as of RFC 3339. The oldest form has no zone: it is GMT. */
const dates = /^\s*(([a-z]{3,9},?|\d{1,2}) [a-z]{3} .*|[a-z]{3,9}, .*|\d{4}-\d\d-\d\dt.*)$/i;
const withoutZone = /\d{2}:\d{2}:\d{2}( \d{4})?\s*$/;

/** Whatever asks for more, such as a point in time in place of a span, says nothing of a wait. */
const longestMs = 366 * 24 * 3_600_000;

/**
 * `retry-after-ms` in milliseconds, else `retry-after` in seconds or as a date; either may have a fraction.
 * `epochMs`: now. `undefined` where neither is there, or says anything else.
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
