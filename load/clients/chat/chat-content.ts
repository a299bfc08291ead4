/**
 * What a message, or a piece of one, carries: an answer, or thoughts on the way to one. Servers name both in
 * many ways, and send them as text or as lists of blocks. A stream is read by this once per token: as bits,
 * by hand, without an object made for it.
 */

import { isObject } from '../../platform/json-file.ts';

/** Text, a refusal or a call of a tool: what the user was waiting for. */
export const answers = 1;
/** Reasoning, however it is called. */
export const thinks = 2;
/** The content is of no type that a message may have. */
export const unreadable = 4;

const none = 0;
/** The fields of a message that carry something, besides `content`. */
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
/** Blocks whose text is an answer; a block of any other type is one by being there. */
const textTypes = /^(output_)?text$/;
const thinkingTypes = /think|reason/i;
/** Where blocks of thoughts keep them. */
const thoughtFields = ['thinking', 'reasoning', 'text', 'summary', 'content', 'data'];
/** A list in a block of a list goes no deeper in any protocol. */
const deepest = 4;

export type Message = Readonly<Record<string, unknown>>;

/** The bits of a message's fields but for its `content`. */
export function besideContent(message: Message): number {
  let bits = none;
  for (const name in message) {
    const kind = fields.get(name);
    if (kind !== undefined && isFilled(message[name])) bits |= kind;
  }
  return bits;
}

/** The text of an answer, without thoughts, calls and pictures. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  return blocks.map((block) => (typeof block === 'string' ? block : textOfBlock(block))).join('');
}

/** The bits of a `content`, be it text or blocks. */
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

/** Whether there is anything in a field: a text, a call, blocks of which one has something in it. */
function isFilled(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return value !== '';
  if (Array.isArray(value)) return depth < deepest && value.some((one) => isOne(one, depth));
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** A block of text counts by its text, anything else by being there. */
function isOne(value: unknown, depth: number): boolean {
  if (!isObject(value) || typeof value['text'] !== 'string') return isFilled(value, depth + 1);
  return value['text'] !== '';
}
