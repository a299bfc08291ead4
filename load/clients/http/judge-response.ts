/**
 * Judges an answer: from status, headers and body to exactly one outcome. Pure functions, tested as a
 * table.
 */
import type { z } from 'zod';
import type { Answer, Judgement, RequestOptions } from './http.ts';
import { defined } from '../../platform/defined.ts';
import { fieldOf, isTooMuchJson, parsedJson } from '../../platform/json-file.ts';
import { rawText, redactUrl } from '../redaction.ts';
import { EventStream, isEventStream } from './event-stream.ts';
import { retryAfterMs } from './retry-after.ts';
import { toldError } from './told-error.ts';

/** The head of an answer. The body is a separate argument, since it may have been decoded. */
type AnswerHead = Pick<Answer, 'status' | 'header'>;

interface Policy {
  readonly toleratesDegraded: boolean;
  /** `{"success": false}` in a 2xx is a failure. */
  readonly checksSuccess: boolean;
  /** The current time, for a Retry-After with a date. */
  readonly epochMs: number;
}

export interface Judged<T> extends Judgement<T> {
  readonly retryAfterMs?: number;
}

const ok = { outcome: 'ok' } as const;
const successField = Buffer.from('"success"');

/** `wanted`: what the task asked for. */
export function judgeResponse<T>(
  answer: AnswerHead,
  bytes: Buffer,
  wanted: Pick<RequestOptions<T>, 'status' | 'expect'>,
  { toleratesDegraded, checksSuccess, epochMs }: Policy,
): Judged<T> {
  const { status } = answer;
  if (isExpected(status, wanted.status)) {
    // A rejection that the task expects may well say that it is not a success.
    const isChecked = checksSuccess && status >= 200 && status < 300;
    return wanted.expect === undefined
      ? judgePlain(answer, bytes, isChecked)
      : judgeBody(answer, bytes, wanted.expect, isChecked);
  }
  const detail = whereTo(answer) + rawText(bytes);
  if (status === 429) {
    const waitMs = retryAfterMs(answer, epochMs);
    return defined({ outcome: 'throttled', kind: 'throttled', detail, retryAfterMs: waitMs });
  }
  const isDegraded = status === 503 && toleratesDegraded;
  if (isDegraded) return { outcome: 'degraded', kind: 'degraded', detail };
  return { outcome: 'failed', kind: `status ${status}`, detail };
}

/** Whether the task expects the status. Default: any 2xx. */
export function isExpected(
  status: number,
  expected: number | readonly number[] | undefined,
): boolean {
  if (expected === undefined) return status >= 200 && status < 300;
  return typeof expected === 'number' ? status === expected : expected.includes(status);
}

/** The target of a redirect that was not to be followed. */
function whereTo(answer: AnswerHead): string {
  const isRedirect = answer.status >= 300 && answer.status < 400;
  const location = isRedirect ? answer.header('location') : undefined;
  return location === undefined ? '' : `redirects to ${redactUrl(location, [])} `;
}

/**
 * For a schema that accepts the shape of a body but finds an error message in it: adds an issue with the
 * server's words. The request then ends `failed` instead of `invalid`.
 */
export function toldFailure(words: string) {
  return { code: 'custom', message: words, params: { isTold: true } } as const;
}

/** Without a schema the status decides, unless a body with status 200 reports an error. */
function judgePlain<T>(answer: AnswerHead, bytes: Buffer, checksSuccess: boolean): Judged<T> {
  // A cheap check before a costly one: most answers do not contain the word.
  if (checksSuccess && bytes.includes(successField) && isJson(answer.header('content-type'))) {
    if (isApplicationError(parsedJson(bytes.toString()))) return applicationError(rawText(bytes));
  }
  return ok;
}

function judgeBody<T>(
  answer: AnswerHead,
  bytes: Buffer,
  schema: z.ZodType<T>,
  checksSuccess: boolean,
): Judged<T> {
  if (bytes.length === 0) {
    return { outcome: 'invalid', kind: 'emptyBody', detail: 'the body is empty' };
  }
  const contentType = answer.header('content-type');
  if (!isJson(contentType)) {
    const told = checksSuccess ? errorIn(bytes, contentType) : undefined;
    if (told !== undefined) return applicationError(told);
    const detail = `content type ${contentType ?? 'missing'}: ${rawText(bytes)}`;
    return { outcome: 'invalid', kind: 'contentType', detail };
  }
  const value = parsedJson(bytes.toString());
  if (value === undefined) return unread(bytes);
  if (checksSuccess && isApplicationError(value)) return applicationError(rawText(bytes));
  const checked = schema.safeParse(value);
  if (checked.success) return { outcome: 'ok', body: checked.data };
  // The body is not what was expected but says why, so this is a reported failure, not an invalid body.
  const { issues } = checked.error;
  const told = issues.find((issue) => issue.code === 'custom' && issue.params?.['isTold'] === true);
  if (told !== undefined) return applicationError(told.message);
  if (checksSuccess && toldError(value) !== undefined) return applicationError(rawText(bytes));
  const [issue] = issues;
  const detail = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''} in ${rawText(bytes)}`;
  return { outcome: 'invalid', kind: 'schema', detail };
}

/** Why a body that should be JSON could not be parsed. */
export function unread(bytes: Uint8Array) {
  if (isTooMuchJson(Buffer.from(bytes).toString())) {
    return {
      outcome: 'invalid',
      kind: 'tooLarge',
      detail: 'more JSON values than the limit',
    } as const;
  }
  const detail = `no JSON: ${rawText(bytes)}`;
  return { outcome: 'invalid', kind: 'truncated', detail } as const;
}

export function applicationError(detail: string) {
  return { outcome: 'failed', kind: 'application', detail } as const;
}

function isApplicationError(value: unknown): boolean {
  return fieldOf(value, 'success') === false;
}

/**
 * Finds an error in a body of the wrong type: JSON with another content type, or an unrequested event
 * stream.
 */
function errorIn(bytes: Buffer, contentType: string | undefined): string | undefined {
  if (toldError(parsedJson(bytes.toString())) !== undefined) return rawText(bytes);
  if (!isEventStream(contentType)) return undefined;
  let told: string | undefined;
  const stream = new EventStream(
    (data, _, name) => {
      if (name === 'error' || toldError(parsedJson(data)) !== undefined) told ??= data;
    },
    (line) => {
      if (line.startsWith('error:')) told ??= line;
    },
  );
  stream.chunk(bytes);
  stream.end();
  return told;
}

function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType);
}

/**
 * Rejects a web page in place of an answer: proxies and login pages send one with a 200. Used for
 * requests without a schema, which accept any text. It looks at the body, since some frameworks label any
 * text as `text/html`. `undefined` if it is not a page.
 */
export function judgePage({ status, bytes }: Answer): Judgement<undefined> | undefined {
  if (status >= 300) return undefined;
  const shown = rawText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (!/^\s*<(!doctype|html)/i.test(shown)) return undefined;
  return { outcome: 'invalid', kind: 'contentType', detail: `a web page: ${shown}` };
}
