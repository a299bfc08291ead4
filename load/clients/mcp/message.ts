/** JSON-RPC as MCP uses it: the messages to send, and the parsing of answers. Pure functions. */
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { clientInfo, statelessProtocol } from './mcp.ts';
import { fieldOf, isObject, parsedJson } from '../../platform/json-file.ts';
import { unread } from '../http/judge-response.ts';
import { rawText } from '../redaction.ts';
import type { Verdict } from '../scope.ts';

const message = z.object({
  jsonrpc: z.literal('2.0'),
  // Servers of JSON-RPC 1.0 send both members, one of them null.
  result: z.record(z.string(), z.unknown()).nullish(),
  error: z.unknown().optional(),
});

const meta = 'io.modelcontextprotocol';
/** Sent with each stateless request. */
export const statelessEnvelope = {
  [`${meta}/protocolVersion`]: statelessProtocol,
  [`${meta}/clientInfo`]: clientInfo,
  [`${meta}/clientCapabilities`]: {},
};

export type RpcResult = Readonly<Record<string, unknown>>;
export type RpcId = number | string;

/** The answer to one request: its result, its error, or why it is neither. */
export type RpcAnswer =
  | { readonly kind: 'result'; readonly result: RpcResult }
  | { readonly kind: 'rpcError'; readonly code: number; readonly text: string }
  | { readonly kind: 'unreadable'; readonly verdict: Verdict };

/** Finds the answer to request `id` in a body, which may be one message, several, or an event stream. */
export function readAnswer(
  body: Uint8Array,
  contentType: string | undefined,
  id: RpcId,
): RpcAnswer {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
  if (bytes.length === 0) return unreadable('emptyBody', 'the body is empty');
  if (type !== 'application/json' && type !== 'text/event-stream') {
    return unreadable('contentType', `content type ${contentType ?? 'missing'}: ${rawText(bytes)}`);
  }
  const texts = type === 'application/json' ? [bytes.toString()] : eventsOf(bytes);
  const all = texts.map(messagesIn);
  const values = all.flatMap((some) => some ?? []);
  // An error without an id, in answer to this one request, belongs to this request.
  const own =
    values.find((value) => isAnswerTo(value, id)) ?? values.find((value) => isErrorOfNobody(value));
  if (own !== undefined) return answerOf(own);
  if (all.includes(undefined)) return { kind: 'unreadable', verdict: unread(bytes) };
  // The messages were about other requests, or the stream broke off before its last message.
  return unreadable('truncated', `no answer to request ${id}: ${rawText(bytes)}`);
}

/** The messages of a text, which is one message or a list; `undefined` if it is not JSON. */
export function messagesIn(text: string): readonly unknown[] | undefined {
  // A stream may open with an event that has only an id, so that it can be resumed.
  if (text === '') return [];
  const parsed = parsedJson(text);
  if (parsed === undefined) return undefined;
  return Array.isArray(parsed) ? (parsed as readonly unknown[]) : [parsed];
}

/** Parses a single message, whose id has been checked. */
export function answerOf(value: unknown): RpcAnswer {
  const plain = plainResultOf(value);
  if (plain !== undefined) return { kind: 'result', result: plain };
  const checked = message.safeParse(value);
  if (!checked.success) return unreadable('schema', z.prettifyError(checked.error));
  const { result, error } = checked.data;
  if (error !== undefined && error !== null) return rpcErrorOf(error);
  if (result !== undefined && result !== null) return { kind: 'result', result };
  return unreadable('schema', 'a message with neither a result nor an error');
}

/** The result of a message without an error. It is read without a schema, since this runs for each call. */
function plainResultOf(value: unknown): RpcResult | undefined {
  const result = fieldOf(value, 'result');
  const isPlain = fieldOf(value, 'jsonrpc') === '2.0' && fieldOf(value, 'error') === undefined;
  return isPlain && isObject(result) ? result : undefined;
}

/** An error counts in any shape: servers send texts in place of numbers and leave members out. */
function rpcErrorOf(error: unknown): RpcAnswer {
  const [code, text] = [fieldOf(error, 'code'), fieldOf(error, 'message')];
  return {
    kind: 'rpcError',
    code: typeof code === 'number' ? code : 0,
    text: typeof text === 'string' ? text : rawText(JSON.stringify(error)),
  };
}

/**
 * Whether the message is the answer to that request. Requests and notifications of the server have a
 * method; its log messages may have an unrelated `id`. Ids are compared as text, since some servers
 * return a number as text.
 */
export function isAnswerTo(value: unknown, id: RpcId): boolean {
  const own = fieldOf(value, 'id');
  if (typeof own !== 'number' && typeof own !== 'string') return false;
  if (String(own) !== String(id) || fieldOf(value, 'method') !== undefined) return false;
  return fieldOf(value, 'jsonrpc') !== undefined || fieldOf(value, 'result') !== undefined;
}

function isErrorOfNobody(value: unknown): boolean {
  const error = fieldOf(value, 'error') ?? undefined;
  return error !== undefined && (fieldOf(value, 'id') ?? null) === null;
}

/**
 * The reply to a request of the server: a `ping` is answered, anything else is refused. `undefined` if
 * the message is no request.
 */
export function replyTo(value: unknown): object | undefined {
  const [id, method] = [fieldOf(value, 'id'), fieldOf(value, 'method')];
  if (typeof method !== 'string') return undefined;
  if (typeof id !== 'number' && typeof id !== 'string') return undefined;
  if (method === 'ping') return { jsonrpc: '2.0', id, result: {} };
  return { jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } };
}

/** A header's value: text other than visible ASCII is sent as base64, marked as the protocol requires. */
export function headerValue(text: string): string {
  const isPlain = /^[!-~]([ -~]*[!-~])?$/.test(text) && !/^=\?base64\?.*\?=$/.test(text);
  return isPlain ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;
}

function eventsOf(bytes: Buffer): string[] {
  const texts: string[] = [];
  createParser({ onEvent: ({ data }) => texts.push(data) }).feed(bytes.toString());
  return texts;
}

function unreadable(
  kind: 'emptyBody' | 'contentType' | 'truncated' | 'schema',
  detail: string,
): RpcAnswer {
  return { kind: 'unreadable', verdict: { outcome: 'invalid', kind, detail } };
}
