/**
 * Removes secrets from texts that are kept or shown: the target's key, secrets in a request's headers and
 * fields, and values that the text itself names as secrets. A server may echo any of them in an error, in
 * any encoding. Control characters are removed too, since they would reach a terminal.
 */
import { parsedJson } from '../platform/json-file.ts';
import { decodedText } from './decoded-text.ts';
import { withoutRanges, withoutSecrets } from './secret-spellings.ts';

/** The kept length of a detail. */
const keptCharacters = 200;
/** Details are passed in longer than they are kept, so that a secret at the cut is seen whole. */
export const rawCharacters = 4 * keptCharacters;

const secretName =
  /auth|key|token|secret|cookie|session|passw|passphrase|^pass$|pwd|jwt|assertion|bearer|signature|credential|^sig$/i;
// A short key ("test") may be an ordinary word. Removing it would garble messages.
const shortestSecret = 6;

/** Names of fields whose value is a secret. `max_tokens` and the `key` of a cache are not. */
const telling =
  '(?:[\\w-]*[-_.])?(?:api[-_]?key|access[-_]?key|private[-_]?key|secret(?:[-_]?key)?|token|jwt|passw(?:or)?d|passphrase|pwd|' +
  'cookie|session(?:[-_]?id)?|signature|sig|credentials?|authorization)';
/** In JSON, in JSON within JSON, and in JSON within a page. The end of a cut text also ends a value. */
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
/** `//user:password@` in any address. */
const passwordInAddress = /\/\/[^\s/?#@:]*:[^\s/?#@]+@/g;
/** Escapes that may hide names and quotes from the expressions above. */
const escaped = /%[\da-f]{2}|&#?\w|\\[ux\d]/i;
const controls = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** A longer or deeper body is a document. It is not searched each time it is refused. */
const longestBody = 64 * 1024;
const deepest = 8;

/** A request's headers, address and body, which may contain secrets. */
export interface SecretCarrier {
  /** Names and values in turn. */
  readonly headers?: readonly string[];
  /** Path and query. */
  readonly path?: string;
  readonly body?: string | Uint8Array | undefined;
}

/**
 * The secrets of a request, unencoded. `known` are those that are secret everywhere, such as the target's
 * key.
 */
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
  // The longest first, since one may contain another.
  return [...new Set(long)].sort((a, b) => b.length - a.length);
}

/** Whether the name of a header, field or member suggests that it holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** Removes secrets from a text of any length. */
export function redactText(text: string, secrets: readonly string[]): string {
  return withoutNamed(withoutSecrets(text, secrets)).replace(controls, '\ufffd');
}

/**
 * In an outage the same text comes again and again. The results are cached, so that a failed request
 * costs no more than a good one.
 */
const mostDetails = 64;
const details = new Map<string, string>();

/** A detail without secrets, cut to the kept length. */
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
  // The end of a cut text may be the first part of a secret.
  const isCut = text.length >= rawCharacters;
  const clean = withoutNamed(withoutSecrets(text, secrets, isCut));
  return clean.replace(controls, '\ufffd').slice(0, keptCharacters);
}

/** Removes the values of fields whose names suggest a secret, also in escaped text. */
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

/** A URL without secrets, credentials and the values of parameters whose names suggest a secret. */
export function redactUrl(url: string, secrets: readonly string[]): string {
  return redactText(url, secrets)
    .replace(/\/\/[^/?#@]*@/, '//***@')
    .replace(/([?&])([^=?&#]*)=([^&#\s]*)/g, (whole: string, before: string, name: string) =>
      secretName.test(name) ? `${before}${name}=***` : whole,
    );
}

/** The first part of a body, long enough for `redactDetail`. */
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
