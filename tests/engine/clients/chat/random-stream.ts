/**
 * Random event streams as sent by gateways, random damage on the way, and the expected result by a model
 * that is independent of the code: undamaged parts are reported as they were sent.
 */
import { Draws } from '../../instrument/fuzz/draws.ts';

/** One event, or text between two. */
export interface Part {
  readonly text: string;
  readonly token?: 'answer' | 'thought';
  readonly word?: string;
  readonly reason?: string;
  /** Tokens that its usage counts. */
  readonly counts?: number;
  readonly isDone?: boolean;
  readonly isError?: boolean;
  /** It was damaged, so nothing is expected of it. */
  readonly isBroken?: boolean;
}

/** A write, and when it arrived. */
export interface Write {
  readonly bytes: Buffer;
  readonly atMs: number;
}

/** A part whose last byte arrived. */
export interface Arrived extends Part {
  readonly atMs: number;
}

/** A part of an error. Whether it is already reported as an error is not specified. */
const brokenOff: Part = { text: '', isBroken: true };

export interface RandomStream {
  readonly what: string;
  readonly parts: readonly Part[];
  readonly writes: readonly Write[];
  readonly arrived: readonly Arrived[];
}

const frame = { id: 'chatcmpl-7', object: 'chat.completion.chunk', created: 1, model: 'm' };
const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const delta = (message: object, reason: string | null = null, more: object = {}): string =>
  data({ ...frame, ...more, choices: [{ index: 0, delta: message, finish_reason: reason }] });

const words = ['one ', 'größer ', '東京 ', '🙂', '\n\n', '"quoted" ', 'data: x\n\n', '[DONE]', ' '];
const noise = [
  ': ping\n\n',
  ':\n\n',
  '\n',
  'data:\n\n',
  'event: ping\ndata: 2026-01-01\n\n',
  'event: ping\n\n',
  'event: queue\ndata: {"choices":[{"delta":{"content":"no"},"finish_reason":"stop"}]}\n\n',
  'id: 7\nretry: 10\n\n',
  'foo: bar\n\n',
  'a line of text\n\n',
  'data: {"choices":[],"usage":null}\n\n',
  'data: {"choices":[],"usage":{"prompt_tokens":3}}\n\n',
  'data: {"choices":[],"usage":{"completion_tokens":"7"}}\n\n',
  'data: {"choices":null,"error":null,"x":[[[{}]]]}\n\n',
  'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":7}]}\n\n',
];
const errors = [
  'data: {"error":{"message":"no memory"}}\n\n',
  'event: error\ndata: no memory\n\n',
  'error: {"message":"no memory"}\n\n',
  '{"error":"no memory"}\n\n',
  'data: {"choices":[{"delta":{},"error":{"message":"no memory"}}]}\n\n',
];
const wrong: readonly unknown[] = [null, '', 'x', 0, -1, 1.5, true, [], {}, [[]], { error: '' }];

export function randomStream(seed: number): RandomStream {
  const draws = new Draws(seed, 'event stream');
  const whole = streamOf(draws);
  const { what, parts, cutAt } = mutated(whole, draws);
  const lineEnd = draws.chance(0.2) ? '\r\n' : '\n';
  const texts = parts.map(({ text }) => text.replaceAll('\n', lineEnd));
  const bytes = Buffer.from(texts.join(''));
  const end = cutAt === undefined ? bytes.length : Math.floor(cutAt * bytes.length);
  const writes = written(bytes.subarray(0, end), draws);
  const arrived: Arrived[] = [];
  let to = 0;
  for (const [i, part] of parts.entries()) {
    const from = to;
    to += Buffer.byteLength(texts[i]!);
    // The line breaks after the last event may be missing; it then ends with the body.
    const needed = end < to ? from + Buffer.byteLength(texts[i]!.trimEnd()) : to;
    if (end < needed) {
      if (part.isError === true && end > from) arrived.push({ ...brokenOff, atMs: 0 });
      break;
    }
    arrived.push({ ...part, atMs: timeOf(writes, Math.min(to, end)) });
  }
  return { what, parts, writes, arrived };
}

function streamOf(draws: Draws): Part[] {
  const parts: Part[] = [];
  const add = (part: Part): void => {
    while (draws.chance(0.15)) parts.push({ text: draws.of(noise) });
    parts.push(part);
  };
  if (draws.chance(0.8)) add({ text: delta({ role: 'assistant', content: '' }) });
  const thoughts = draws.chance(0.3) ? draws.whole(1, 5) : 0;
  for (let i = 0; i < thoughts; i++) {
    const word = draws.of(words);
    const message = draws.chance(0.5) ? { reasoning_content: word } : { reasoning: word };
    add({ text: delta(message), token: 'thought' });
  }
  const count = draws.whole(1, 12);
  for (let i = 0; i < count; i++) {
    const word = draws.chance(0.01) ? 'huge '.repeat(30_000) : draws.of(words);
    const content = draws.chance(0.1) ? [{ type: 'text', text: word }] : word;
    add({ text: delta({ content }), token: 'answer', word });
  }
  const reason = draws.of(['stop', 'length', 'tool_calls', 'eos']);
  add({ text: delta({}, reason), reason });
  if (draws.chance(0.7)) {
    const counts = draws.whole(1, 40);
    const usage = { prompt_tokens: 3, completion_tokens: counts };
    add({ text: data({ ...frame, choices: [], usage }), counts });
  }
  add({ text: 'data: [DONE]\n\n', isDone: true });
  return parts;
}

interface Mutation {
  readonly what: string;
  readonly parts: Part[];
  /** The share of the bytes that arrive. */
  readonly cutAt?: number;
}

function mutated(parts: Part[], draws: Draws): Mutation {
  const at = draws.whole(0, parts.length - 1);
  const part = parts[at]!;
  const replaced = (...others: Part[]): Part[] => parts.toSpliced(at, 1, ...others);
  const broken = (text: string): Part[] => replaced({ text, isBroken: true });
  const mutations: readonly (() => Mutation)[] = [
    () => ({ what: 'untouched', parts }),
    () => ({ what: 'cut', parts, cutAt: draws.between(0, 1) }),
    () => ({ what: 'one is missing', parts: replaced() }),
    () => ({
      what: 'one is repeated',
      parts: replaced(...Array<Part>(draws.whole(2, 5)).fill(part)),
    }),
    () => ({ what: 'an error', parts: replaced({ text: draws.of(errors), isError: true }, part) }),
    () => ({ what: 'bytes are wrong', parts: broken(garbled(part.text, draws)) }),
    () => ({ what: 'a wrong type', parts: broken(mistyped(part.text, draws)) }),
    () => ({ what: 'no end of its own', parts: broken(part.text.replace(/\n+$/, '\n')) }),
    () => ({ what: 'no line break', parts: broken(part.text.replace(/\n+$/, '')) }),
    () => ({ what: 'deep', parts: broken(`data: ${'['.repeat(20_000)}\n\n`) }),
  ];
  return draws.of(mutations)();
}

/** Some of its bytes are lost, doubled or changed. */
function garbled(text: string, draws: Draws): string {
  const at = draws.whole(0, text.length - 1);
  const to = Math.min(text.length, at + draws.whole(1, 10));
  const some = draws.of([
    '',
    text.slice(at, to).repeat(2),
    '\u0000',
    '}',
    '\r',
    '\uFFFD',
    '[DONE]',
  ]);
  return text.slice(0, at) + some + text.slice(to);
}

/** One of its values has another type. */
function mistyped(text: string, draws: Draws): string {
  const start = text.indexOf('{');
  if (start < 0) return garbled(text, draws);
  let value: unknown;
  try {
    value = JSON.parse(text.slice(start));
  } catch {
    return garbled(text, draws);
  }
  const members = membersOf(value);
  if (members.length === 0) return garbled(text, draws);
  const { of, name } = draws.of(members);
  of[name] = draws.of(wrong);
  return `${text.slice(0, start)}${JSON.stringify(value)}\n\n`;
}

interface Member {
  readonly of: Record<string, unknown>;
  readonly name: string;
}

function membersOf(value: unknown): Member[] {
  if (typeof value !== 'object' || value === null) return [];
  const of = value as Record<string, unknown>;
  return Object.keys(of).flatMap((name) => [{ of, name }, ...membersOf(of[name])]);
}

/** Cut anywhere: byte by byte, in a few pieces, or whole. */
function written(bytes: Buffer, draws: Draws): Write[] {
  const writes: Write[] = [];
  const most = draws.of([1, 7, 60, 400, Infinity]);
  let atMs = 0;
  for (let at = 0; at < bytes.length;) {
    const size =
      most === Infinity ? bytes.length : draws.whole(1, bytes.length > 50_000 ? 5000 : most);
    atMs += draws.whole(0, 9);
    writes.push({ bytes: bytes.subarray(at, at + size), atMs });
    at += size;
  }
  return writes;
}

/** When the byte before `end` arrived. */
function timeOf(writes: readonly Write[], end: number): number {
  let seen = 0;
  for (const { bytes, atMs } of writes) {
    seen += bytes.length;
    if (seen >= end) return atMs;
  }
  return 0;
}
