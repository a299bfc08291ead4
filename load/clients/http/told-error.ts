/**
 * Finds a failure reported in an answer with a good status. Servers use different fields for it, and many
 * send the field with an empty value in every answer.
 */
import { fieldOf } from '../../platform/json-file.ts';
import { cut } from '../../platform/words.ts';

/** Texts that mean an empty field. */
const nothing = /^\s*(null|none|nil|undefined)?\s*$/i;
/** A value nested deeper counts as a message without being looked at. */
const deepest = 4;
/** In a longer text only the server's message is shown, since little more of a text is kept. */
const shortText = 160;

/** Whether a field has a value that means something. Empty values and the word "null" do not. */
export function saysSomething(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !nothing.test(value);
  if (typeof value !== 'object') return value !== undefined && value !== false && value !== 0;
  if (value === null || depth > deepest) return value !== null;
  return Object.values(value).some((member) => saysSomething(member, depth + 1));
}

/** The part of a JSON value that reports an error; `undefined` if there is none. */
export function toldError(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  // Some servers send the error as the only item of a list.
  if (Array.isArray(value)) return value.length === 1 ? toldError(value[0]) : undefined;
  const told = value as Readonly<Record<string, unknown>>;
  const { error, errors, success, object, type, status } = told;
  if (error !== undefined && saysSomething(error)) return error;
  if (errors !== undefined && saysSomething(errors)) return errors;
  const isOne = success === false || object === 'error' || type === 'error' || status === 'error';
  return isOne ? value : errorInOwnPart(told);
}

/** An error in a vendor's own field, named `x_…` by custom, about why the answer stopped early. */
function errorInOwnPart(value: Readonly<Record<string, unknown>>): unknown {
  for (const name in value) {
    const error = name.startsWith('x_') ? fieldOf(value[name], 'error') : undefined;
    if (error !== undefined && saysSomething(error)) return error;
  }
  return undefined;
}

/** The server's own words: the whole text, or only its message if the text is too long. */
export function errorWords(error: unknown, text: string): string {
  if (text.length <= shortText || typeof error !== 'object' || error === null) {
    return typeof error === 'string' && text.length > shortText ? error : text;
  }
  const { message, code } = error as Readonly<Record<string, unknown>>;
  if (typeof message !== 'string' || message === '') return text;
  const isCode = typeof code === 'string' || typeof code === 'number';
  return isCode ? `${cut(message, shortText)} (${code})` : message;
}
