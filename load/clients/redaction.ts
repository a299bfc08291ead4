/**
 * Takes secrets out of texts that are kept or shown: the target's key, what a request's own headers and
 * fields carry, and what is called a secret in the text itself. A server may echo any of them in an error,
 * in whatever spelling its own layers wrote it. Control characters go, too: they would reach a terminal.
 */
import { parsedJson } from '../platform/json-file.ts';
import { decodedText } from './decoded-text.ts';
import { withoutRanges, withoutSecrets } from './secret-spellings.ts';

/** How much of a detail is kept. */
const keptCharacters = 200;
/** Details are handed in longer than kept, so that a secret across the cut is seen whole. */
export const rawCharacters = 4 * keptCharacters;

const secretName =
  /auth|key|token|secret|cookie|session|passw|passphrase|^pass$|pwd|jwt|assertion|bearer|signature|credential|^sig$/i;
// A short key ("test") is a word of its own: taking it out would garble every message.
const shortestSecret = 6;

/** Fields whose value is a secret by their name: `max_tokens` and the `key` of a cache are none. */
const telling =
  '(?:[\\w-]*[-_.])?(?:api[-_]?key|access[-_]?key|private[-_]?key|secret(?:[-_]?key)?|token|jwt|passw(?:or)?d|passphrase|pwd|' +
  'cookie|session(?:[-_]?id)?|signature|sig|credentials?|authorization)';
/** In JSON, in JSON within JSON, and in JSON within a page; a text that was cut ends a value, too. */
const quotedFields = [
  ['["\']', '\\\\.|(?!\\2)[^]'],
  ['(?<!\\\\)\\\\+["\']', '(?!(?<!\\\\)\\2)[^]'],
  ['&(?:quot|#34|#39|#x2[27]|apos);', '(?!(?<!\\\\)\\2)[^]'],
].map(
  ([quote, one]) => new RegExp(`((${quote})${telling}\\2\\s*:\\s*\\2)(?:${one})*(?:\\2|$)`, 'gi'),
);
const formField = new RegExp(`((?:^|[?&;\\s])${telling}=)[^&;\\s"'<>]+()`, 'gi');
const headerField = new RegExp(
  `((?<![\\w-])${telling}:\\s*)(?:(?:bearer|basic|token)\\s+)?[^\\s,;"'<>]+()`,
  'gi',
);
const xmlField = new RegExp(`(<(?:[\\w-]+:)?${telling}(?:\\s[^<>]*)?>)[^<]+()`, 'gi');
const fields = [...quotedFields, formField, headerField, xmlField];
/** `//user:password@`, wherever an address stands. */
const passwordInAddress = /\/\/[^\s/?#@:]*:[^\s/?#@]+@/g;
/** By what names and quotes may be hidden from the expressions above. */
const escaped = /%[\da-f]{2}|&#?\w|\\[ux\d]/i;
const controls = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** What is longer, or deeper, is a document, and is not searched each time it is refused. */
const longestBody = 64 * 1024;
const deepest = 8;

/** What a request carries that must not be seen: in its headers, its address and its body. */
export interface SecretCarrier {
  /** Names and values in turn. */
  readonly headers?: readonly string[];
  /** Path and query. */
  readonly path?: string;
  readonly body?: string | Uint8Array | undefined;
}

/** The secrets of a request, as they are; `known`: what is one wherever it stands, such as the target's key. */
export function secretsOf(
  known: string | readonly string[] | undefined,
  carrier: SecretCarrier = {},
): readonly string[] {
  const { headers = [], path = '', body } = carrier;
  const plain = [known ?? []].flat();
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (secretName.test(headers[i]!)) plain.push(...partsOf(headers[i + 1]!));
  }
  plain.push(...namedSecrets(new URLSearchParams(path.split('?', 2)[1] ?? '')));
  if (body !== undefined) plain.push(...secretsInBody(Buffer.from(body as Uint8Array).toString()));
  const long = plain.filter((secret) => secret.length >= shortestSecret);
  // The longest first: one may hold another.
  return [...new Set(long)].sort((a, b) => b.length - a.length);
}

/** Whether a header, a field or a member of that name holds a secret, as far as a name can tell. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** A text without secrets, of any length. */
export function redactText(text: string, secrets: readonly string[]): string {
  return withoutNamed(withoutSecrets(text, secrets)).replace(controls, '\ufffd');
}

/** In an outage one text comes again and again, and a request that fails must not cost more than one that doesn't. */
const mostDetails = 64;
const details = new Map<string, string>();

/** A detail without secrets, cut to what is kept. */
export function redactDetail(text: string, secrets: readonly string[]): string {
  const key = [text, ...secrets].join('\0');
  let detail = details.get(key);
  if (detail === undefined) {
    if (details.size >= mostDetails) details.delete(details.keys().next().value!);
    details.set(key, (detail = freshDetail(text, secrets)));
  }
  return detail;
}

function freshDetail(text: string, secrets: readonly string[]): string {
  // The end of a text that was cut may be the front part of a secret.
  const isCut = text.length >= rawCharacters;
  const clean = withoutNamed(withoutSecrets(text, secrets, isCut));
  return clean.replace(controls, '\ufffd').slice(0, keptCharacters);
}

/** Without the values of fields that are secrets by their names, also under escapes. */
function withoutNamed(text: string): string {
  const plain = text.replace(passwordInAddress, '//***@');
  const clean = fields.reduce((rest, field) => rest.replace(field, '$1***$2'), plain);
  if (!escaped.test(clean)) return clean;
  const decoded = decodedText(clean, { keepsBackslashes: true });
  const ranges = fields.flatMap((field) =>
    [...decoded.text.matchAll(field)].map(({ 0: whole, 1: before = '', 2: quote = '', index }) => {
      const isClosed = quote !== '' && whole.endsWith(quote) && whole.length > before.length;
      const to = index + whole.length - (isClosed ? quote.length : 0);
      return [decoded.at(index + before.length), decoded.at(to)] as const;
    }),
  );
  return withoutRanges(
    clean,
    ranges.filter(([from, to]) => clean.slice(from, to) !== '***'),
  );
}

/** An address without secrets, without credentials, and without the values of telling parameters. */
export function redactUrl(url: string, secrets: readonly string[]): string {
  return redactText(url, secrets)
    .replace(/\/\/[^/?#@]*@/, '//***@')
    .replace(/([?&])([^=?&#]*)=([^&#\s]*)/g, (whole: string, before: string, name: string) =>
      secretName.test(name) ? `${before}${name}=***` : whole,
    );
}

/** The front part of a body, long enough for `redactDetail`. */
export function rawText(body: string | Uint8Array): string {
  if (typeof body === 'string') return body.slice(0, rawCharacters);
  // A character takes four bytes at the most.
  const bytes = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 4 * rawCharacters));
  return bytes.toString().slice(0, rawCharacters);
}

/** `Bearer abc` → both; `id=abc; b=2` → each value; `Basic …` → what is in it. */
function partsOf(value: string): string[] {
  const words = value.split(/[\s;,]+/).filter((word) => !/^(?:bearer|basic|digest)$/i.test(word));
  const values = words.map((word) => word.slice(word.indexOf('=') + 1));
  const basic = /^basic\s+(\S+)$/i.exec(value)?.[1];
  const pair = basic === undefined ? '' : Buffer.from(basic, 'base64').toString();
  return [value, ...words, ...values, pair, pair.slice(pair.indexOf(':') + 1)];
}

function namedSecrets(fields: URLSearchParams): string[] {
  return [...fields].filter(([name]) => secretName.test(name)).map(([, value]) => value);
}

function secretsInBody(text: string): string[] {
  if (text.length > longestBody || !secretName.test(text)) return [];
  const json = parsedJson(text);
  return json === undefined ? namedSecrets(new URLSearchParams(text)) : namedSecretsIn(json, 0);
}

function namedSecretsIn(json: unknown, depth: number): string[] {
  if (typeof json !== 'object' || json === null || depth > deepest) return [];
  return Object.entries(json).flatMap(([name, value]) =>
    typeof value === 'string'
      ? secretName.test(name)
        ? [value]
        : []
      : namedSecretsIn(value, depth + 1),
  );
}
