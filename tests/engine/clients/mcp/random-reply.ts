/**
 * Random replies of MCP servers, random damage on the way, and the expected result by a model that is
 * independent of the code: undamaged parts are reported as they were sent.
 */
import { Draws } from '../../instrument/fuzz/draws.ts';

/** The id of the answered request. */
export const requestId = 7;

interface Part {
  /** One message, or text that is not one. */
  readonly text: string;
  readonly is: 'answer' | 'question' | 'other';
  /** It was damaged, so nothing is expected of it. */
  readonly isBroken?: boolean;
}

export interface RandomReply {
  readonly what: string;
  readonly contentType: string;
  readonly writes: readonly Buffer[];
  /** The text of the answer that was sent. */
  readonly said: string;
  /** Whether it arrived whole, and no damaged part can hide it. */
  readonly isCertain: boolean;
  /** Whether it cannot have arrived, because it was cut off or damaged. */
  readonly isImpossible: boolean;
  /** Requests of the server that arrived whole before the answer and before any damage. */
  readonly questions: number;
}

const rpc = (fields: object): string => JSON.stringify({ jsonrpc: '2.0', ...fields });
const words = ['done', 'größer', '東京 🙂', '\u2028', 'data: x\n\n', '{"id":7}', '', '\\', '"'];
const others: readonly ((draws: Draws) => string)[] = [
  () => rpc({ method: 'notifications/progress', params: { progress: 1 } }),
  (draws) => rpc({ method: 'notifications/message', params: { data: draws.of(words) } }),
  () => rpc({ id: 'not-ours', result: { content: [{ type: 'text', text: 'not ours' }] } }),
  () => rpc({ id: 'not-ours', error: { code: -1, message: 'not ours' } }),
  () => rpc({ id: null, method: 'ping' }),
  () => 'listening …',
  () => '[]',
  () => 'null',
];
const questions: readonly ((draws: Draws) => string)[] = [
  (draws) => rpc({ id: draws.whole(1000, 2000), method: 'ping' }),
  (draws) => rpc({ id: `q${draws.whole(0, 9)}`, method: 'roots/list', params: {} }),
  () => rpc({ id: requestId, method: 'ping' }),
];
const wrong: readonly unknown[] = [null, '', 'x', 0, -1, 1.5, true, [], {}, [[]]];

export function randomReply(seed: number): RandomReply {
  const draws = new Draws(seed, 'MCP reply');
  const said = draws.chance(0.02) ? 'huge '.repeat(50_000) : draws.of(words);
  const { what, parts, cutAt } = mutated(messagesOf(draws, said), draws);
  const isStream = draws.chance(0.8);
  const texts = isStream ? framed(parts, draws) : listed(parts);
  const bytes = Buffer.from(texts.join(''));
  const end = cutAt === undefined ? bytes.length : Math.floor(cutAt * bytes.length);
  // A list is valid JSON only as a whole.
  const isWhole = isStream || (end === bytes.length && parts.every(isJson));
  let to = 0;
  const arrived = parts.filter((_, i) => (to += Buffer.byteLength(texts[i]!)) <= end && isWhole);
  const at = arrived.findIndex(({ is, isBroken }) => is === 'answer' && isBroken !== true);
  const broken = arrived.findIndex(({ isBroken }) => isBroken === true);
  const before = arrived.slice(0, at < 0 ? undefined : at);
  const sure = broken < 0 ? before : before.slice(0, broken);
  return {
    what: `${what}, ${isStream ? 'streamed' : 'as a list'}`,
    contentType: isStream ? 'text/event-stream; charset=utf-8' : 'application/json',
    writes: written(bytes.subarray(0, end), draws),
    said,
    isCertain: at >= 0 && (broken < 0 || broken > at || (isStream && isOfOthers(parts))),
    isImpossible: !parts.some(({ is, isBroken }) => is === 'answer' && isBroken !== true),
    questions: isStream ? sure.filter(({ is }) => is === 'question').length : 0,
  };
}

/** A damaged part is in an event of its own, so it hides no other, unless it could be taken for the answer. */
function isOfOthers(parts: readonly Part[]): boolean {
  const broken = parts.filter(({ isBroken }) => isBroken === true);
  return broken.every(({ text }) => !text.includes(String(requestId)));
}

function messagesOf(draws: Draws, said: string): Part[] {
  const parts: Part[] = [];
  for (let i = draws.whole(0, 6); i > 0; i -= 1) {
    const isQuestion = draws.chance(0.3);
    const text = draws.of(isQuestion ? questions : others)(draws);
    parts.push({ text, is: isQuestion ? 'question' : 'other' });
  }
  const id = draws.chance(0.2) ? String(requestId) : requestId;
  const result = { content: [{ type: 'text', text: said }] };
  parts.push({ text: rpc(draws.chance(0.5) ? { id, result } : { result, id }), is: 'answer' });
  if (draws.chance(0.2)) parts.push({ text: draws.of(others)(draws), is: 'other' });
  return parts;
}

interface Mutation {
  readonly what: string;
  readonly parts: readonly Part[];
  /** The share of the bytes that arrive. */
  readonly cutAt?: number;
}

function mutated(parts: Part[], draws: Draws): Mutation {
  const at = draws.whole(0, parts.length - 1);
  const part = parts[at]!;
  const broken = (text: string): Part[] =>
    parts.toSpliced(at, 1, { text, is: part.is, isBroken: true });
  const mutations: readonly (() => Mutation)[] = [
    () => ({ what: 'untouched', parts }),
    () => ({ what: 'cut', parts, cutAt: draws.between(0, 1) }),
    () => ({ what: 'one is missing', parts: parts.toSpliced(at, 1) }),
    () => ({ what: 'one is repeated', parts: parts.toSpliced(at, 0, part, part) }),
    () => ({ what: 'split', parts: broken(split(part.text, draws)) }),
    () => ({ what: 'merged', parts: broken(part.text + (parts[at + 1] ?? part).text) }),
    () => ({ what: 'bytes are wrong', parts: broken(garbled(part.text, draws)) }),
    () => ({ what: 'a wrong type', parts: broken(mistyped(part.text, draws)) }),
    () => ({ what: 'deep', parts: broken('['.repeat(20_000)) }),
    () => ({ what: 'huge', parts: broken(`${part.text}${' '.repeat(200_000)}x`) }),
  ];
  return draws.of(mutations)();
}

function split(text: string, draws: Draws): string {
  const at = draws.whole(0, text.length);
  return `${text.slice(0, at)}\n\n${text.slice(at)}`;
}

function garbled(text: string, draws: Draws): string {
  const at = draws.whole(0, text.length - 1);
  const to = Math.min(text.length, at + draws.whole(1, 10));
  const some = draws.of(['', text.slice(at, to).repeat(2), '\u0000', '}', '\r', '\uFFFD', 'id:']);
  return text.slice(0, at) + some + text.slice(to);
}

/** One of its members has another type, at any depth. */
function mistyped(text: string, draws: Draws): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return garbled(text, draws);
  }
  const members = membersOf(value);
  if (members.length === 0) return garbled(text, draws);
  const { of, name } = draws.of(members);
  of[name] = draws.of(wrong);
  return JSON.stringify(value);
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

/** Each as an event of its own, with the text that servers put around them. */
function framed(parts: readonly Part[], draws: Draws): string[] {
  const lineEnd = draws.of(['\n', '\n', '\r\n', '\r']);
  return parts.map(({ text }) => {
    const head = draws.of([
      '',
      '',
      'event: message\n',
      ': ping\n\n',
      'id: 3\ndata:\n\n',
      'retry: 5\n',
    ]);
    // A line break in a text would end the field; only damaged JSON has one.
    const data = `${head}data: ${text}\n\n`;
    return data.replaceAll('\n', lineEnd);
  });
}

function listed(parts: readonly Part[]): string[] {
  return parts.map(({ text }, i) => {
    const isLast = i === parts.length - 1;
    return `${i === 0 ? '[' : ''}${text}${isLast ? ']' : ','}`;
  });
}

function isJson({ text }: Part): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Cut anywhere: byte by byte, in a few pieces, or in the size of socket reads. */
function written(bytes: Buffer, draws: Draws): Buffer[] {
  const writes: Buffer[] = [];
  const most = bytes.length > 20_000 ? 65_536 : draws.of([1, 7, 60, 400, 65_536]);
  for (let at = 0; at < bytes.length;) {
    const size = most === 65_536 ? most : draws.whole(1, most);
    writes.push(bytes.subarray(at, at + size));
    at += size;
  }
  return writes;
}
