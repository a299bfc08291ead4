/** JSON files that others wrote: read whole, or refused with their path. */
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
