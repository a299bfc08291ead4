/**
 * What an answer with a good status tells of its own failure. Servers say it in different words, and many
 * fill the field for it in every answer with a value that says nothing.
 */
import { fieldOf } from '../../platform/json-file.ts';
import { cut } from '../../platform/words.ts';

/** Texts that fill a field and say nothing. */
const nothing = /^\s*(null|none|nil|undefined)?\s*$/i;
/** What is nested deeper says something without being looked at. */
const deepest = 4;
/** Beyond these the words of a server are looked for: what is kept of a text is little more. */
const shortText = 160;

/** Whether a field that is there says anything: an empty one, or the word "null", does not. */
export function saysSomething(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !nothing.test(value);
  if (typeof value !== 'object') return value !== undefined && value !== false && value !== 0;
  if (value === null || depth > deepest) return value !== null;
  return Object.values(value).some((member) => saysSomething(member, depth + 1));
}

/** The part of a JSON value that tells of an error; `undefined` where none does. */
export function toldError(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  // Some servers send their error as the only one of a list.
  if (Array.isArray(value)) return value.length === 1 ? toldError(value[0]) : undefined;
  const told = value as Readonly<Record<string, unknown>>;
  const { error, errors, success, object, type, status } = told;
  if (error !== undefined && saysSomething(error)) return error;
  if (errors !== undefined && saysSomething(errors)) return errors;
  const isOne = success === false || object === 'error' || type === 'error' || status === 'error';
  return isOne ? value : errorInOwnPart(told);
}

/** What a vendor tells in a part of its own, which is named `x_…` by custom, of why it stopped early. */
function errorInOwnPart(value: Readonly<Record<string, unknown>>): unknown {
  for (const name in value) {
    const error = name.startsWith('x_') ? fieldOf(value[name], 'error') : undefined;
    if (error !== undefined && saysSomething(error)) return error;
  }
  return undefined;
}

/** The server's own words: the whole text that tells of the error, or its message where that is too long. */
export function errorWords(error: unknown, text: string): string {
  if (text.length <= shortText || typeof error !== 'object' || error === null) {
    return typeof error === 'string' && text.length > shortText ? error : text;
  }
  const { message, code } = error as Readonly<Record<string, unknown>>;
  if (typeof message !== 'string' || message === '') return text;
  const isCode = typeof code === 'string' || typeof code === 'number';
  return isCode ? `${cut(message, shortText)} (${code})` : message;
}
