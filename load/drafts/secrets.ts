/** Secrets of a recording. A draft reads them from environment variables and contains none of them. */
import { isSecretName } from '../clients/redaction.ts';
import { withoutSecrets } from '../clients/secret-spellings.ts';
import { parsedJson } from '../platform/json-file.ts';
import { quoted, type Expression, type Piece } from './code.ts';
import { answerText, type HarEntry } from './har-file.ts';

/**
 * A shorter secret may be an ordinary word, so it is replaced only in a field whose name says that it is
 * secret.
 */
const shortestElsewhere = 6;
const deepest = 12;

export class Secrets {
  /** Value → variable. */
  private readonly variables = new Map<string, string>();
  private readonly taken = new Set<string>();
  private readonly stem: string;
  /** Variables that the draft reads. */
  readonly used = new Set<string>();

  constructor(system: string, entries: readonly HarEntry[]) {
    this.stem = system.toUpperCase().replaceAll('-', '_');
    for (const entry of entries) {
      for (const [name, value] of namedValues(entry)) this.add(name, value);
    }
  }

  /** The expression for a value that is a secret as a whole. */
  whole(value: string): Expression | undefined {
    const variable = this.variables.get(value);
    return variable === undefined ? undefined : this.expression(variable);
  }

  /** The text with its secrets replaced by expressions. */
  pieces(text: string): Piece[] {
    for (const [value, variable] of this.longestFirst()) {
      const at = value.length < shortestElsewhere ? -1 : text.indexOf(value);
      if (at < 0) continue;
      const before = this.pieces(text.slice(0, at));
      const after = this.pieces(text.slice(at + value.length));
      const all = [...before, this.expression(variable), ...after];
      return all.filter((piece) => piece !== '');
    }
    return [text];
  }

  holds(text: string): boolean {
    return this.longestFirst().some(
      ([value]) => value.length >= shortestElsewhere && text.includes(value),
    );
  }

  /** The variable of a secret that the text still contains, in any encoding. */
  foundIn(text: string): string | undefined {
    const isIn = (value: string): boolean => withoutSecrets(text, [value]) !== text;
    const known = this.longestFirst().filter(([value]) => value.length >= shortestElsewhere);
    return known.find(([value]) => isIn(value))?.[1];
  }

  private add(name: string, value: string): void {
    if (value === '' || this.variables.has(value)) return;
    const words = name.toUpperCase().match(/[A-Z\d]+/g) ?? ['SECRET'];
    const stem = `${this.stem}_${words.join('_').slice(0, 40)}`;
    let variable = stem;
    for (let n = 2; this.taken.has(variable); n++) variable = `${stem}_${n}`;
    this.taken.add(variable);
    this.variables.set(value, variable);
  }

  private longestFirst(): [string, string][] {
    return [...this.variables].sort(([a], [b]) => b.length - a.length);
  }

  private expression(variable: string): Expression {
    this.used.add(variable);
    return { code: `secret(${quoted(variable)})` };
  }
}

/** A draft that needs secrets contains this function and calls it. */
export const secretFunction = `/** Secrets come from the environment, because no file may hold them. */
function secret(name: string): string {
  const value = process.env[name] ?? '';
  if (value === '') throw new Error(name + ' is not set');
  return value;
}`;

type Named = readonly [name: string, value: string];

function namedValues(entry: HarEntry): Named[] {
  const { request, response } = entry;
  const { postData } = request;
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
  const fields = (postData?.params ?? []).map(({ name, value = '' }) => [name, value] as const);
  const all = [
    ...(url?.searchParams ?? []),
    ...fields,
    ...bodyValues(postData?.text ?? ''),
    ...jsonValues(parsedJson(answerText(entry)), 0),
  ].filter(([name]) => isSecretName(name));
  const headers = [...request.headers, ...response.headers].flatMap(headerValues);
  return [...all, ...headers, ['password', decoded(url?.password ?? '')]];
}

/** The secrets in `Bearer …`, in `Basic …` and in cookies, without the text around them. */
function headerValues({ name, value }: { name: string; value: string }): Named[] {
  if (!isSecretName(name)) return [];
  if (/^(?:set-)?cookie$/i.test(name)) return cookieValues(name, value);
  const [, inner = value] = /^(?:bearer|basic|token)\s+(\S+)$/i.exec(value) ?? [];
  const pair = /^basic\s/i.test(value) ? Buffer.from(inner, 'base64').toString() : '';
  return [
    [name, inner],
    ['password', pair.slice(pair.indexOf(':') + 1)],
  ];
}

function cookieValues(name: string, value: string): Named[] {
  const isSent = name.toLowerCase() === 'cookie';
  const cookies = isSent ? value.split(';') : value.split('\n').map((one) => one.split(';')[0]!);
  return cookies.map((one) => ['cookie', one.slice(one.indexOf('=') + 1).trim()] as const);
}

function bodyValues(text: string): Named[] {
  const json = parsedJson(text);
  return json === undefined ? [...new URLSearchParams(text)] : jsonValues(json, 0);
}

function jsonValues(json: unknown, depth: number): Named[] {
  if (typeof json !== 'object' || json === null || depth > deepest) return [];
  return Object.entries(json).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number'
      ? [[name, String(value)] as const]
      : jsonValues(value, depth + 1),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
