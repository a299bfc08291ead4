/** JSON in files: what others wrote is read whole or refused with its path, and figures survive it. */
import { readFileSync } from 'node:fs';

/**
 * The text of a file, without its byte order mark. Throws with the path where there is none, or nothing in it,
 * or another encoding than UTF-8: names would be read as others, and found nowhere.
 */
export function readTextFile(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = { ENOENT: 'no such file', EISDIR: 'is a folder' };
    throw new Error(`${path}: ${reasons[code ?? ''] ?? message}`, { cause: error });
  }
  const text = decoded(bytes, path);
  if (text.trim() === '') throw new Error(`${path}: the file is empty`);
  return text;
}

function decoded(bytes: Buffer, path: string): string {
  const refuse = (encoding: string): never => {
    throw new Error(
      `${path}: is ${encoding}; accepted is UTF-8, with or without a byte order mark`,
    );
  };
  // A mark of UTF-16 in either order, or the zero bytes that its ASCII has.
  const isWide = /^(fffe|feff)/.test(bytes.toString('hex', 0, 2)) || bytes.includes(0);
  if (isWide) refuse('UTF-16, or no text');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('of another encoding');
  }
}

/** Throws with the path where the file is no JSON, or has a key twice or one that would change its reader. */
export function readJsonFile(path: string): unknown {
  return jsonOf(readTextFile(path), path);
}

/** The same of a file's text. */
export function jsonOf(text: string, path: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text, refuseProto);
  } catch (error) {
    const hint = /\b(NaN|-?Infinity)\b(?=\s*[,}\]])/.exec(text)?.[1];
    const known = hint === undefined ? '' : `; ${hint} is no JSON: leave the figure out, or null`;
    throw new Error(`${path}: ${(error as Error).message}${known}`, { cause: error });
  }
  const twice = repeatedKey(text);
  if (twice === undefined) return json;
  throw new Error(`${path}: ${twice} is twice in one object; accepted is each key once`);
}

const keysAndBrackets = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g;

/** A key that an object of this JSON has twice, as it stands there: a parser takes the last without a word. */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, text, isKey] of json.matchAll(keysAndBrackets)) {
    if (text !== undefined) {
      const keys = open.at(-1);
      if (isKey === undefined || keys === undefined) continue;
      if (keys.has(text)) return text;
      keys.add(text);
    } else if (token === '{' || token === '[') open.push(new Set());
    else open.pop();
  }
  return undefined;
}

function refuseProto(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Error('the key "__proto__" is not accepted');
  return value;
}

/** Throws where a file says that it is of a later schema than this reader knows; one without is accepted. */
export function refuseNewer(schema: unknown, known: number, path: string): void {
  const versions = Array.from({ length: known }, (_, i) => i + 1);
  if (schema === undefined || versions.some((version) => version === schema)) return;
  const isNewer = typeof schema === 'number' && schema > known;
  throw new Error(
    `${path}: schema ${JSON.stringify(schema)}${isNewer ? ' is newer than this version' : ''}; ` +
      `accepted is ${versions.join(' or ')}`,
  );
}

/** JSON has no ∞: it is the text `Infinity`, which `Number()` reads. A NaN is `null`: it has no value. */
export function figuresJson(value: unknown): string {
  const replaced = (_: string, member: unknown): unknown =>
    typeof member === 'number' && Math.abs(member) === Infinity ? String(member) : member;
  return `${JSON.stringify(value, replaced, 2)}\n`;
}

const byteOrderMark = 0xfeff;

/**
 * What a text of others' says as JSON; undefined where it is none, or more than is read. A mark of the byte
 * order before it is passed over, as RFC 8259 has it.
 */
export function parsedJson(text: string): unknown {
  if (isTooMuchJson(text)) return undefined;
  try {
    return JSON.parse(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text) as unknown;
  } catch {
    return undefined;
  }
}

/** A value in a text of two characters takes many times that in memory: a body's cap alone bounds nothing. */
const mostValues = 1_000_000;
/** What goes deeper can't be written again: that is done by recursion. */
const deepest = 1000;
/** A shorter text is not looked through, which would cost as much as to parse it: it has no room for so many. */
const shortestSuspect = 256 * 1024;
const [quote, comma, openList, closeList, openObject, closeObject] = [34, 44, 91, 93, 123, 125];

/** More values than a million, or more than a thousand within each other, are read of no text. */
export function isTooMuchJson(text: string): boolean {
  if (text.length < shortestSuspect) return false;
  let [values, depth] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfText(text, at);
    else if (code === comma) values += 1;
    else if (code === openList || code === openObject) {
      values += 1;
      depth += 1;
      if (depth > deepest) return true;
    } else if (code === closeList || code === closeObject) depth -= 1;
    if (values > mostValues) return true;
  }
  return false;
}

/** Where the quote is that ends the text which begins at `start`. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/** Whether a value is a JSON object: lists are none. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an object has of its own under that name; undefined where it has nothing, or is none. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

const longestLine = 100;

/**
 * JSON for git, in which a change of one figure changes its own line: one member a line, but whole where it fits a line or where it is a list of numbers (the buckets of a
 * histogram). Ends with a line break.
 */
export function linesOfJson(value: unknown): string {
  return `${lines(value, '')}\n`;
}

function lines(value: unknown, indent: string): string {
  const whole = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || isNumbers(value)) return whole;
  if (indent.length + whole.length <= longestLine) return whole;
  const inner = `${indent}  `;
  const own = Object.entries(value).filter(([, member]) => member !== undefined);
  const members = Array.isArray(value)
    ? value.map((member) => `${inner}${lines(member, inner)}`)
    : own.map(([name, member]) => `${inner}${JSON.stringify(name)}: ${lines(member, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${members.join(',\n')}\n${indent}${close}`;
}

function isNumbers(value: object): boolean {
  return Array.isArray(value) && value.flat().every((member) => typeof member === 'number');
}
