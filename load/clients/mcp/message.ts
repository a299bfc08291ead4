/** JSON-RPC as MCP uses it: what goes out, and what an answer's bytes say. Pure functions. */
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { clientInfo, statelessProtocol } from './mcp.ts';
import { fieldOf, isObject, parsedJson } from '../../platform/json-file.ts';
import { unread } from '../http/judge-response.ts';
import { rawText } from '../redaction.ts';
import type { Verdict } from '../scope.ts';

const message = z.object({
  jsonrpc: z.literal('2.0'),
  // Servers of the first JSON-RPC send both of them, and one is null.
  result: z.record(z.string(), z.unknown()).nullish(),
  error: z.unknown().optional(),
});

const meta = 'io.modelcontextprotocol';
/** Goes with each request that stands alone. */
export const statelessEnvelope = {
  [`${meta}/protocolVersion`]: statelessProtocol,
  [`${meta}/clientInfo`]: clientInfo,
  [`${meta}/clientCapabilities`]: {},
};

export type RpcResult = Readonly<Record<string, unknown>>;
export type RpcId = number | string;

/** An answer to one request: its result or its error, or why it is neither. */
export type RpcAnswer =
  | { readonly kind: 'result'; readonly result: RpcResult }
  | { readonly kind: 'rpcError'; readonly code: number; readonly text: string }
  | { readonly kind: 'unreadable'; readonly verdict: Verdict };

/** Finds the answer to request `id` in a body, be it one message, several, or a stream of events. */
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
  // An error of nobody's, in answer to this one request, is that of this request.
  const own =
    values.find((value) => isAnswerTo(value, id)) ?? values.find((value) => isErrorOfNobody(value));
  if (own !== undefined) return answerOf(own);
  if (all.includes(undefined)) return { kind: 'unreadable', verdict: unread(bytes) };
  // Only messages about something else, or the stream broke off before its last one.
  return unreadable('truncated', `no answer to request ${id}: ${rawText(bytes)}`);
}

/** The messages of a text, which is one or a list of them; `undefined` where it is no JSON. */
export function messagesIn(text: string): readonly unknown[] | undefined {
  // A stream may open with an event that only names itself, so that it can be taken up again.
  if (text === '') return [];
  const parsed = parsedJson(text);
  if (parsed === undefined) return undefined;
  return Array.isArray(parsed) ? (parsed as readonly unknown[]) : [parsed];
}

/** What a message on its own says; the id has been looked at. */
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

/** The result of a message that has no error: read by hand, for that is what a call costs. */
function plainResultOf(value: unknown): RpcResult | undefined {
  const result = fieldOf(value, 'result');
  const isPlain = fieldOf(value, 'jsonrpc') === '2.0' && fieldOf(value, 'error') === undefined;
  return isPlain && isObject(result) ? result : undefined;
}

/** An error is one, whatever its shape: servers put texts where numbers belong, and leave words out. */
function rpcErrorOf(error: unknown): RpcAnswer {
  const [code, text] = [fieldOf(error, 'code'), fieldOf(error, 'message')];
  return {
    kind: 'rpcError',
    code: typeof code === 'number' ? code : 0,
    text: typeof text === 'string' ? text : rawText(JSON.stringify(error)),
  };
}

/**
 * An answer to that request; requests and notifications of the server's own have a method, and what it logs
 * among its messages has an `id` for something else. Ids are compared as text: there are servers that give a
 * number back as one.
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
 * What is said to a message that asks something of this client: that it is alive, or that it can do no
 * more. `undefined` where it asks nothing.
 */
export function replyTo(value: unknown): object | undefined {
  const [id, method] = [fieldOf(value, 'id'), fieldOf(value, 'method')];
  if (typeof method !== 'string') return undefined;
  if (typeof id !== 'number' && typeof id !== 'string') return undefined;
  if (method === 'ping') return { jsonrpc: '2.0', id, result: {} };
  return { jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } };
}

/** A header's value: what is no visible ASCII goes as base64, marked as the protocol says. */
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
