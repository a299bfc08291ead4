/** JSON files: input of others is read as a whole or refused with its path, and figures such as ∞ survive. */
import { readFileSync } from 'node:fs';

/**
 * The text of a file, without its byte order mark. Throws with the path if the file is missing, empty or
 * not UTF-8, since names in another encoding would not match anything.
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
  // UTF-16 has a byte order mark or, in ASCII text, zero bytes.
  const isWide = /^(fffe|feff)/.test(bytes.toString('hex', 0, 2)) || bytes.includes(0);
  if (isWide) refuse('UTF-16, or not text');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('of another encoding');
  }
}

/** Throws with the path if the file is not JSON, or has a key twice or a dangerous key such as `__proto__`. */
export function readJsonFile(path: string): unknown {
  return jsonOf(readTextFile(path), path);
}

/** Parses a file's text with the same checks. */
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
  throw new Error(`${path}: ${twice} occurs twice in one object; accepted is each key once`);
}

const keysAndBrackets = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g;

/** A key that occurs twice in one object of the JSON; a parser would silently take the last one. */
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

/** Throws if a file has a later schema than this reader knows. A file without a schema is accepted. */
export function refuseNewer(schema: unknown, known: number, path: string): void {
  const versions = Array.from({ length: known }, (_, i) => i + 1);
  if (schema === undefined || versions.some((version) => version === schema)) return;
  const isNewer = typeof schema === 'number' && schema > known;
  throw new Error(
    `${path}: schema ${JSON.stringify(schema)}${isNewer ? ' is newer than this version' : ''}; ` +
      `accepted is ${versions.join(' or ')}`,
  );
}

/** JSON has no ∞, so it is written as the text `Infinity`, which `Number()` reads. NaN becomes `null`. */
export function figuresJson(value: unknown): string {
  const replaced = (_: string, member: unknown): unknown =>
    typeof member === 'number' && Math.abs(member) === Infinity ? String(member) : member;
  return `${JSON.stringify(value, replaced, 2)}\n`;
}

const byteOrderMark = 0xfeff;

/**
 * Parses a text from outside as JSON; undefined if it is not JSON or too large. A byte order mark is
 * ignored, as RFC 8259 allows.
 */
export function parsedJson(text: string): unknown {
  if (isTooMuchJson(text)) return undefined;
  try {
    return JSON.parse(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * A value of two characters of text takes many times that in memory, so a limit on the body's size is not
 * enough.
 */
const mostValues = 1_000_000;
/** A deeper value cannot be serialised again, since that is recursive. */
const deepest = 1000;
/** A shorter text cannot have that many values, so it is not checked, which would cost as much as parsing. */
const shortestSuspect = 256 * 1024;
const [quote, comma, openList, closeList, openObject, closeObject] = [34, 44, 91, 93, 123, 125];

/** Whether a text has more than a million values, or values nested more than a thousand deep. */
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

/** The index of the quote that ends the string which begins at `start`. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/** Whether a value is a JSON object and not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own property of an object; undefined if it has none or the value is not an object. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

const longestLine = 100;

/**
 * JSON for git, so that a changed figure changes only its own line: one member per line, except for what
 * fits on a line and lists of numbers (a histogram's buckets). Ends with a line break.
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
