/**
 * Hints on a request that the system refused: which field or header it complained about, as far as its
 * message shows, and the setting that changes it.
 */
import { systemVariables } from '../settings/system-variables.ts';
import { fieldOf, parsedJson } from '../platform/json-file.ts';

/** The message, and the names of the top-level fields that were sent. */
export interface Complaint {
  readonly text: string;
  readonly sent: readonly string[];
}

/** Words for a missing name, if the name is not among those sent. */
const missing = [
  /(?:missing|required)(?: required)? (?:request )?(?:parameter|field|argument|property|key)s?:? ?["'`]([\w-]+)["'`]/gi,
  /["'`]([\w-]+)["'`] is a required property/gi,
  /missing field ["'`]([\w-]+)["'`]/gi,
];
const beforeHeader = /([\w-]+)["'`:]*\s+(?:request |http )?headers?\b/gi;
const afterHeader = /\bheaders?\b[\s:(=]*(?:named |called )?["'`]?([\w-]+)/gi;
/** In quotes any text counts as a name. */
const quotedHeader = /\bheader (?:named |called )?["'`]([\w-]+)["'`]/gi;
const ownHeader = /\bx(?:-[a-z0-9]+)+\b/gi;
/** Headers whose name is one word. All others have a hyphen. */
const oneWord = /^(authorization|accept|cookie|origin|referer)$/i;
/** Words before `header` that are not names. */
const noHeader = /^(non|well|pre|re)-/i;
const mostNamed = 3;
/** Members that hold a location within the request. */
const placeMembers = /^(loc|path|field|pointer|(instance|data)Path|property)$/;
const deepest = 4;

/** One line for each hint; none if the message names nothing. */
export function refusalHints(system: string, { text, sent }: Complaint): string[] {
  const { headers, body } = systemVariables(system);
  const said = textsIn(parsedJson(text)) ?? [text];
  const fields = namedFields(text, said, sent).slice(0, mostNamed);
  const known = fields.filter((name) => sent.includes(name));
  const lacking = fields.filter((name) => !sent.includes(name));
  const asked = said.flatMap(headersIn);
  const names = [...new Set(asked.map((name) => name.toLowerCase()))].slice(0, mostNamed);
  return [
    ...known.map(
      (name) =>
        `it complains of the field "${name}": ${body} changes it, ` +
        `such as ${body}='{"${name}":null}' to leave it out`,
    ),
    ...lacking.map((name) => `it asks for the field "${name}": ${body}='{"${name}":…}' adds it`),
    ...names.map(
      (name) => `it speaks of the header "${name}": ${headers}='{"${name}":"…"}' sets it`,
    ),
  ];
}

function namedFields(text: string, said: readonly string[], sent: readonly string[]): string[] {
  const asked = said.flatMap((one) => missing.flatMap((pattern) => captured(one, pattern)));
  const quoted = sent.filter((name) => said.some((one) => isNamed(one, name)));
  const value = parsedJson(text);
  const placed = placesIn(value).filter((name) => sent.includes(name));
  return [...new Set([...locatedIn(value), ...asked, ...quoted, ...placed])];
}

/**
 * Whether the name stands in quotes, alone or with a location in it, at the beginning before a colon, or
 * as an obvious name.
 */
function isNamed(text: string, name: string): boolean {
  const own = name.replace(/[^\w]/g, '\\$&');
  const named = [
    `["'\`]${own}(?:[.[][^"'\`]*)?["'\`]`,
    `^${own}(?:[.[]\\S*)?:`,
    `(?:parameter|argument|field|property|param)s?[ :=]+(?:\\w+\\.)*${own}\\b`,
    `support ${own}=`,
    `\\[${own}\\]`,
    `body (?:->|→) ${own}\\b`,
  ];
  if (name.includes('_')) named.push(`\\b${own}\\b`);
  return named.some((pattern) => new RegExp(pattern, 'im').test(text));
}

/** `param` as in OpenAI's errors, `loc` as in FastAPI's. */
function locatedIn(value: unknown): string[] {
  const error = fieldOf(value, 'error');
  const params = [fieldOf(error, 'param'), fieldOf(value, 'param')];
  const details = [fieldOf(value, 'detail'), fieldOf(error, 'detail')].flat();
  const places = details.map((detail) => fieldOf(detail, 'loc'));
  const located = places.flatMap((place) =>
    Array.isArray(place) && place[0] === 'body' ? [place[1] as unknown] : [],
  );
  return [...params, ...located]
    .filter((name) => typeof name === 'string')
    .map((name) => /^\w+/.exec(name)?.[0] ?? '')
    .filter((name) => name !== '');
}

/**
 * Names at the beginning of locations within the request, as validators write them: a path, or a member
 * of `errors`.
 */
function placesIn(value: unknown, depth = 0): string[] {
  if (typeof value !== 'object' || value === null || depth > deepest) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const isList = name === 'errors' && typeof member === 'object' && member !== null;
    const own = placeMembers.test(name) ? firstOf(member) : isList ? Object.keys(member) : [];
    return [...own, ...placesIn(member, depth + 1)];
  });
}

function firstOf(place: unknown): string[] {
  const parts: readonly unknown[] = Array.isArray(place)
    ? place
    : typeof place === 'string'
      ? place.split(/[./[\]]/)
      : [];
  const [first] = parts.filter((part) => part !== 'body' && part !== '#' && part !== '');
  return typeof first === 'string' ? [first] : [];
}

function headersIn(text: string): string[] {
  if (!/\bheaders?\b/i.test(text)) return captured(text, ownHeader);
  const beside = [beforeHeader, afterHeader].flatMap((pattern) => captured(text, pattern));
  const named = beside.filter(
    (name) => oneWord.test(name) || (/\w-\w/.test(name) && !noHeader.test(name)),
  );
  return [...named, ...captured(text, quotedHeader), ...captured(text, ownHeader)];
}

function captured(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([whole, inner = whole]) => inner);
}

/** The texts in a JSON value, without the names of its members; `undefined` if it is not JSON. */
function textsIn(value: unknown, depth = 0): string[] | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > deepest) return [];
  return Object.values(value).flatMap((member) => textsIn(member, depth + 1) ?? []);
}
