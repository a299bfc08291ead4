/**
 * A message, or a chunk of one, carries an answer, or reasoning that comes before it. Servers name both
 * in many ways, and send them as text or as lists of blocks. This code runs once per streamed token,
 * so it returns bits and allocates nothing.
 */

import { isObject } from '../../platform/json-file.ts';

/** Text, a refusal or a tool call: what the user was waiting for. */
export const answers = 1;
/** Reasoning, under any of its names. */
export const thinks = 2;
/** The content has a type that no message may have. */
export const unreadable = 4;

const none = 0;
/** The fields of a message, besides `content`, that carry something. */
const fields: ReadonlyMap<string, number> = new Map([
  ...['refusal', 'tool_calls', 'function_call', 'audio', 'images'].map(
    (name) => [name, answers] as const,
  ),
  ...[
    'reasoning_content',
    'reasoning',
    'reasoning_text',
    'reasoning_details',
    'thinking',
    'thinking_blocks',
  ].map((name) => [name, thinks] as const),
]);
/** Blocks whose text is an answer. A block of any other type counts by its presence. */
const textTypes = /^(output_)?text$/;
const thinkingTypes = /think|reason/i;
/** The fields in which blocks of reasoning keep their text. */
const thoughtFields = ['thinking', 'reasoning', 'text', 'summary', 'content', 'data'];
/** No protocol nests lists of blocks deeper than this. */
const deepest = 4;

export type Message = Readonly<Record<string, unknown>>;

/** The bits of all fields of a message except `content`. */
export function besideContent(message: Message): number {
  let bits = none;
  for (const name in message) {
    const kind = fields.get(name);
    if (kind !== undefined && isFilled(message[name])) bits |= kind;
  }
  return bits;
}

/** The text of an answer, without reasoning, tool calls and images. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  return blocks.map((block) => (typeof block === 'string' ? block : textOfBlock(block))).join('');
}

/** The bits of a `content`, which may be text or blocks. */
export function bitsOf(content: unknown): number {
  if (typeof content === 'string') return content === '' ? none : answers;
  if (content === null || content === undefined) return none;
  if (Array.isArray(content)) {
    return content.reduce((bits: number, block: unknown) => bits | bitsOfBlock(block), none);
  }
  return isObject(content) ? bitsOfBlock(content) : unreadable;
}

function bitsOfBlock(block: unknown): number {
  if (typeof block === 'string') return block === '' ? none : answers;
  if (!isObject(block)) return none;
  const { type, text } = block;
  if (typeof type === 'string' && thinkingTypes.test(type)) {
    return thoughtFields.some((name) => isFilled(block[name])) ? thinks : none;
  }
  const isText = typeof type !== 'string' || textTypes.test(type);
  return !isText || isFilled(text) ? answers : none;
}

function textOfBlock(block: unknown): string {
  return bitsOfBlock(block) === answers && isObject(block) && typeof block['text'] === 'string'
    ? block['text']
    : '';
}

/** Whether a field has any content: a non-empty text, a call, or a block that is not empty. */
function isFilled(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return value !== '';
  if (Array.isArray(value)) return depth < deepest && value.some((one) => isOne(one, depth));
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** A text block counts if its text is not empty; other blocks count by their presence. */
function isOne(value: unknown, depth: number): boolean {
  if (!isObject(value) || typeof value['text'] !== 'string') return isFilled(value, depth + 1);
  return value['text'] !== '';
}
