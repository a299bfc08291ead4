/** From status, headers and body to exactly one outcome: pure functions, tested as a table. */
import type { z } from 'zod';
import type { ErrorKind, Outcome } from '../metrics/outcome.ts';
import { rawCharacters } from './redaction.ts';

export interface ReceivedResponse {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly retryAfter: string | undefined;
  readonly bytes: Buffer;
}

export interface Expectation<T> {
  readonly status: number | readonly number[] | undefined;
  readonly schema: z.ZodType<T> | undefined;
  readonly toleratesDegraded: boolean;
  /** `{"success": false}` in a 2xx is a failure. Default true. */
  readonly checksSuccess?: boolean;
}

export interface Judged<T> {
  readonly outcome: Outcome;
  readonly kind?: ErrorKind | `status ${number}`;
  readonly detail?: string;
  readonly retryAfterMs?: number;
  readonly body?: T;
}

const successField = Buffer.from('"success"');

/** `epochMs` is for a Retry-After that names a date. */
export function judgeResponse<T>(
  response: ReceivedResponse,
  expected: Expectation<T>,
  epochMs: number,
): Judged<T> {
  const { status } = response;
  if (isExpected(status, expected.status)) {
    // A rejection that the task wants may well say that it is none of a success.
    const checksSuccess = expected.checksSuccess !== false && status >= 200 && status < 300;
    return expected.schema === undefined
      ? judgePlain(response, checksSuccess)
      : judgeBody(response, expected.schema, checksSuccess);
  }
  const detail = shownBody(response.bytes);
  if (status === 429) {
    const retryAfterMs = parseRetryAfterMs(response.retryAfter, epochMs);
    const throttled = { outcome: 'throttled', kind: 'throttled', detail } as const;
    return retryAfterMs === undefined ? throttled : { ...throttled, retryAfterMs };
  }
  if (status === 503 && expected.toleratesDegraded) {
    return { outcome: 'degraded', kind: 'degraded', detail };
  }
  return { outcome: 'failed', kind: `status ${status}`, detail };
}

/** Whether a task wants the status: any 2xx where it states none. */
export function isExpected(
  status: number,
  expected: number | readonly number[] | undefined,
): boolean {
  if (expected === undefined) return status >= 200 && status < 300;
  return typeof expected === 'number' ? status === expected : expected.includes(status);
}

/** Without a schema the status decides, but for an error that says so inside a 200. */
function judgePlain<T>(
  { contentType, bytes }: ReceivedResponse,
  checksSuccess: boolean,
): Judged<T> {
  // A cheap look before a costly one: most answers do not hold the word.
  if (checksSuccess && isJson(contentType) && bytes.includes(successField)) {
    const parsed = parseJson(bytes);
    if (parsed.ok && isApplicationError(parsed.value)) return applicationError(bytes);
  }
  return { outcome: 'ok' };
}

function judgeBody<T>(
  { contentType, bytes }: ReceivedResponse,
  schema: z.ZodType<T>,
  checksSuccess: boolean,
): Judged<T> {
  if (bytes.length === 0) {
    return { outcome: 'invalid', kind: 'emptyBody', detail: 'the body is empty' };
  }
  if (!isJson(contentType)) {
    const detail = `content type ${contentType ?? 'missing'}: ${shownBody(bytes)}`;
    return { outcome: 'invalid', kind: 'contentType', detail };
  }
  const parsed = parseJson(bytes);
  if (!parsed.ok) {
    return { outcome: 'invalid', kind: 'truncated', detail: `no JSON: ${shownBody(bytes)}` };
  }
  if (checksSuccess && isApplicationError(parsed.value)) return applicationError(bytes);
  const checked = schema.safeParse(parsed.value);
  if (checked.success) return { outcome: 'ok', body: checked.data };
  const [issue] = checked.error.issues;
  const detail = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''} in ${shownBody(bytes)}`;
  return { outcome: 'invalid', kind: 'schema', detail };
}

function applicationError(bytes: Buffer): {
  outcome: 'failed';
  kind: 'application';
  detail: string;
} {
  return { outcome: 'failed', kind: 'application', detail: shownBody(bytes) };
}

function isApplicationError(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'success' in value && value.success === false
  );
}

function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType);
}

function parseJson(bytes: Buffer): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(bytes.toString()) };
  } catch {
    return { ok: false };
  }
}

function shownBody(bytes: Buffer): string {
  return bytes.subarray(0, rawCharacters).toString();
}

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from now. */
export function parseRetryAfterMs(text: string | undefined, epochMs: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - epochMs);
}
