/** JSON-RPC as MCP uses it: what goes out, and what an answer's bytes say. Pure functions. */
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { clientInfo, statelessProtocol, type McpAnswer } from './mcp.ts';
import { parsedJson } from '../../platform/json-file.ts';
import { rawText } from '../redaction.ts';
import type { Verdict } from '../scope.ts';

const message = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.number(), z.string(), z.null()]).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
});

const toolResult = z.object({
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).default([]),
  isError: z.boolean().default(false),
  // A server may want the user asked before it goes on; this client has no user to ask.
  resultType: z.literal('complete').optional(),
});

const meta = 'io.modelcontextprotocol';
/** Goes with each request that stands alone. */
export const statelessEnvelope = {
  [`${meta}/protocolVersion`]: statelessProtocol,
  [`${meta}/clientInfo`]: clientInfo,
  [`${meta}/clientCapabilities`]: {},
};

export type RpcResult = Readonly<Record<string, unknown>>;

/** An answer to one request: its result or its error, or why it is neither. */
export type RpcAnswer =
  | { readonly kind: 'result'; readonly result: RpcResult }
  | { readonly kind: 'rpcError'; readonly code: number; readonly text: string }
  | { readonly kind: 'unreadable'; readonly verdict: Verdict };

/** Finds the answer to request `id` in a body, be it one message, several, or a stream of events. */
export function readAnswer(
  body: Uint8Array,
  contentType: string | undefined,
  id: number | string,
): RpcAnswer {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
  if (bytes.length === 0) return unreadable('emptyBody', 'the body is empty');
  if (type !== 'application/json' && type !== 'text/event-stream') {
    return unreadable('contentType', `content type ${contentType ?? 'missing'}: ${rawText(bytes)}`);
  }
  const texts = type === 'application/json' ? [bytes.toString()] : eventsOf(bytes);
  const [own] = texts.flatMap((text) => answerIn(text, id) ?? []);
  // Only messages about something else, or the stream broke off before its last one.
  return own ?? unreadable('truncated', `no answer to request ${id}: ${rawText(bytes)}`);
}

/** Finds it in one message, or in a list of them; `undefined` where they are about something else. */
export function answerIn(text: string, id: number | string): RpcAnswer | undefined {
  // A stream may open with an event that only names itself, so that it can be taken up again.
  if (text === '') return undefined;
  const parsed = parsedJson(text);
  if (parsed === undefined) return unreadable('truncated', `no JSON: ${rawText(text)}`);
  const values: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  const own = values.find((value) => isAnswerTo(value, id));
  return own === undefined ? undefined : answerOf(own);
}

/** What a message on its own says; the id has been looked at. */
export function answerOf(value: unknown): RpcAnswer {
  const checked = message.safeParse(value);
  if (!checked.success) return unreadable('schema', z.prettifyError(checked.error));
  const { result, error } = checked.data;
  if (error !== undefined) return { kind: 'rpcError', code: error.code, text: error.message };
  if (result !== undefined) return { kind: 'result', result };
  return unreadable('schema', 'a message with neither a result nor an error');
}

/** An answer to that request; requests and notifications of the server's own have a method. */
export function isAnswerTo(value: unknown, id: number | string): boolean {
  if (typeof value !== 'object' || value === null || 'method' in value) return false;
  return 'id' in value && value.id === id;
}

/** Reads a tool's result; one that says it is an error is another thing than an error of JSON-RPC. */
export function toolAnswerOf(answer: RpcAnswer): McpAnswer | Verdict {
  if (answer.kind === 'unreadable') return answer.verdict;
  if (answer.kind === 'rpcError') {
    return { kind: 'rpcError', content: [], text: answer.text, code: answer.code };
  }
  const checked = toolResult.safeParse(answer.result);
  if (!checked.success) {
    return { outcome: 'invalid', kind: 'schema', detail: z.prettifyError(checked.error) };
  }
  const { content, isError } = checked.data;
  const text = content.map((item) => item.text ?? '').join('');
  return { kind: isError ? 'toolError' : 'success', content, text };
}

/** What an answer counts as, where only a success is wanted. */
export function verdictOn({ kind, text, code }: McpAnswer): Verdict {
  if (kind === 'success') return { outcome: 'ok' };
  if (kind === 'toolError') return { outcome: 'failed', kind, detail: rawText(text) };
  return { outcome: 'failed', kind: 'rpcError', detail: rawText(`${code ?? 0}: ${text}`) };
}

export function isVerdict(one: McpAnswer | Verdict): one is Verdict {
  return 'outcome' in one;
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
