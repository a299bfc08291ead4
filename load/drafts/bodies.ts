/** The body of a recorded request, as options of the request in the draft. */
import { parsedJson } from '../platform/json-file.ts';
import { keyCode, listCode, quoted, textCode, valueCode, type Piece } from './code.ts';
import type { HarEntry } from './har-file.ts';

type PostData = HarEntry['request']['postData'];
/** Returns the code that replaces a recorded value, by the name under which it is sent. */
type Pieces = (value: string | number, member: string) => readonly Piece[];
type Options = readonly (readonly [name: string, code: string])[];

export function bodyOptions(postData: PostData, pieces: Pieces): Options {
  if (postData === undefined) return [];
  const { mimeType = '', text = '', params = [] } = postData;
  const json = /json/i.test(mimeType) ? parsedJson(text) : undefined;
  if (json !== undefined) return [['json', jsonCode(json, pieces)]];
  if (/x-www-form-urlencoded/i.test(mimeType)) return formOptions(text, params, pieces);
  if (/^multipart\/form-data/i.test(mimeType))
    return multipartOptions(mimeType, text, params, pieces);
  if (text === '') return [];
  const type = mimeType === '' ? [] : [['type', quoted(mimeType)] as const];
  return [['body', textCode(pieces(text, ''))], ...type];
}

/** A number that came from an answer is sent as its current value; others stay as recorded. */
function jsonCode(json: unknown, pieces: Pieces): string {
  return valueCode(json, (leaf, member) => {
    const found = pieces(leaf, member);
    return found.some((piece) => typeof piece !== 'string') ? found : undefined;
  });
}

function formOptions(text: string, params: readonly Param[], pieces: Pieces): Options {
  const told = params.map(({ name, value = '' }) => [name, value] as const);
  const fields = text === '' ? told : [...new URLSearchParams(text)];
  const names = fields.map(([name]) => name);
  if (new Set(names).size === names.length) return [['form', tableCode(fields, pieces)]];
  // Several values under one name cannot be written as an object.
  const type = quoted('application/x-www-form-urlencoded');
  return [
    ['body', textCode(pieces(text, ''))],
    ['type', type],
  ];
}

interface Param {
  readonly name: string;
  readonly value?: string | undefined;
  readonly fileName?: string | undefined;
}

function multipartOptions(
  mimeType: string,
  text: string,
  params: readonly Param[],
  pieces: Pieces,
): Options {
  const parts = params.length > 0 ? params : partsOf(mimeType, text);
  const members = parts.map(({ name, value = '', fileName }) => {
    const content = textCode(pieces(value, name));
    if (fileName === undefined) return `${keyCode(name)}: ${content}`;
    const file = [`bytes: new TextEncoder().encode(${content})`, `filename: ${quoted(fileName)}`];
    return `${keyCode(name)}: ${listCode('{', file, '}')}`;
  });
  return [['multipart', listCode('{', members, '}')]];
}

/** Some recorders keep only the text. */
function partsOf(mimeType: string, text: string): Param[] {
  const [, quotedOne, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(mimeType) ?? [];
  const boundary = quotedOne ?? plain;
  if (boundary === undefined) return [];
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const at = part.indexOf('\r\n\r\n');
      const head = part.slice(0, at);
      return {
        name: /[;\s]name="([^"]*)"/i.exec(head)?.[1] ?? '',
        value: part.slice(at + 4).replace(/\r\n$/, ''),
        fileName: /filename="([^"]*)"/i.exec(head)?.[1],
      };
    })
    .filter(({ name }) => name !== '');
}

function tableCode(fields: readonly (readonly [string, string])[], pieces: Pieces): string {
  const members = fields.map(
    ([name, value]) => `${keyCode(name)}: ${textCode(pieces(value, name))}`,
  );
  return listCode('{', members, '}');
}
