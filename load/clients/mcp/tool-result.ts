/** Parses the answer to a tool call. Pure functions. */
import { z } from 'zod';
import { fieldOf, isObject } from '../../platform/json-file.ts';
import { defined } from '../../platform/defined.ts';
import type { McpAnswer, McpContent } from './mcp.ts';
import type { RpcAnswer, RpcResult } from './message.ts';
import { rawText } from '../redaction.ts';
import type { Verdict } from '../scope.ts';

/** A block without text may have null in its place. */
const noText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);
const toolResult = z.object({
  content: z.array(z.looseObject({ type: z.string(), text: noText })).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
  // A server may ask for input of the user before it goes on. This client has no user to ask.
  resultType: z.literal('complete').optional(),
});

/** Reads a tool's result. A result that says it is an error differs from a JSON-RPC error. */
export function toolAnswerOf(answer: RpcAnswer): McpAnswer | Verdict {
  if (answer.kind === 'unreadable') return answer.verdict;
  if (answer.kind === 'rpcError') {
    return { kind: 'rpcError', content: [], text: answer.text, code: answer.code };
  }
  const plain = plainText(answer.result);
  if (plain !== undefined) return plain;
  const checked = toolResult.safeParse(answer.result);
  if (!checked.success) {
    return { outcome: 'invalid', kind: 'schema', detail: z.prettifyError(checked.error) };
  }
  const { content, structuredContent, isError } = checked.data;
  const binaryBytes = content.reduce((sum, item) => sum + binaryBytesOf(item), 0);
  return defined({
    kind: isError ? 'toolError' : 'success',
    content,
    text: content.map(textOf).join('') || textOfStructured(structuredContent),
    structured: structuredContent ?? undefined,
    binaryBytes: binaryBytes === 0 ? undefined : binaryBytes,
  } as const);
}

/**
 * Most tools answer one text and nothing else. This case is read without a schema, since it runs for each
 * call.
 */
function plainText(result: RpcResult): McpAnswer | undefined {
  const { content, isError = false } = result;
  if (!Array.isArray(content) || content.length !== 1 || isError !== false) return undefined;
  if (result['resultType'] !== undefined || result['structuredContent'] !== undefined)
    return undefined;
  const [item] = content as readonly unknown[];
  if (!isObject(item) || item['type'] !== 'text' || typeof item['text'] !== 'string')
    return undefined;
  const { text } = item;
  return { kind: 'success', content: content as readonly McpContent[], text };
}

/** The verdict on an answer if only a success is accepted. */
export function verdictOn({ kind, text, code }: McpAnswer): Verdict {
  if (kind === 'success') return { outcome: 'ok' };
  if (kind === 'toolError') return { outcome: 'failed', kind, detail: rawText(text) };
  return { outcome: 'failed', kind: 'rpcError', detail: rawText(`${code ?? 0}: ${text}`) };
}

export function isVerdict(one: McpAnswer | Verdict): one is Verdict {
  return 'outcome' in one;
}

/** Its own text, or that of its embedded resource. */
function textOf(item: McpContent & Readonly<Record<string, unknown>>): string {
  if (item.text !== undefined) return item.text;
  const embedded = fieldOf(item['resource'], 'text');
  return typeof embedded === 'string' ? embedded : '';
}

function textOfStructured(value: unknown): string {
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** The decoded size of images, audio and files, which come as base64. */
function binaryBytesOf(item: Readonly<Record<string, unknown>>): number {
  const packed = item['data'] ?? fieldOf(item['resource'], 'blob');
  return typeof packed === 'string' ? Buffer.byteLength(packed, 'base64') : 0;
}
