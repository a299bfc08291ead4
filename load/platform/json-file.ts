/** JSON in files: what others wrote is read whole or refused with its path, and figures survive it. */
import { readFileSync } from 'node:fs';

/** The text of a file. Throws with the path where there is none, or nothing in it. */
export function readTextFile(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = { ENOENT: 'no such file', EISDIR: 'is a folder' };
    throw new Error(`${path}: ${reasons[code ?? ''] ?? message}`, { cause: error });
  }
  if (text.trim() === '') throw new Error(`${path}: the file is empty`);
  return text;
}

/** Throws with the path where the file is no JSON, or has a key that would change its reader. */
export function readJsonFile(path: string): unknown {
  const text = readTextFile(path);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''), refuseProto) as unknown;
  } catch (error) {
    const hint = /\b(NaN|-?Infinity)\b(?=\s*[,}\]])/.exec(text)?.[1];
    const known = hint === undefined ? '' : `; ${hint} is no JSON: leave the figure out, or null`;
    throw new Error(`${path}: ${(error as Error).message}${known}`, { cause: error });
  }
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

/** What a text says as JSON; undefined where it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
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
