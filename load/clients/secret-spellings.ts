/**
 * Finds a secret in every encoding in which a layer may have written it: escaped in any way
 * (decoded-text.ts), in base64, in hexadecimal or as a list of bytes, which may again be encoded and
 * escaped. The time grows linearly with the length of the text.
 */
import { isUtf8 } from 'node:buffer';
import { decodedText, type DecodedText } from './decoded-text.ts';

/** A range of a text: start and end. */
type Range = readonly [from: number, to: number];

interface KnownSecret {
  /** The secret, unencoded. */
  readonly plain: string;
  /** Its forms in a decoded text, since parts that look like an escape may be decoded or not. */
  readonly forms: readonly string[];
  /** A long secret is searched by its beginning; the characters after it are removed too. */
  readonly isLong: boolean;
}

/** How many secrets are kept prepared. A load has a few, but each user may have its own token. */
const mostKept = 256;
const kept = new Map<string, KnownSecret>();
const longestKept = 1024;
const keptBeginning = 256;
/** A shorter decoded secret may occur anywhere by chance. */
const shortestDecoded = 4;
/** Encoded bytes are searched within encoded bytes, and no deeper. */
const deepest = 2;
/** How many characters of an encoded secret's beginning are needed to tell it from chance. */
const shortestFront = 3;

/**
 * An encoding of bytes. It finds runs of characters that may be bytes, and gives the bytes for each
 * possible start.
 */
interface Packing {
  readonly run: RegExp;
  /** The least number of characters per byte. */
  readonly perByte: number;
  readonly unpack: (run: string) => Buffer[];
}

const packings: readonly Packing[] = [
  {
    // Lines of 64 or 76 characters, as in mails and keys, are one run.
    run: /(?:[\w+/-]{64}(?:[\w+/-]{12})?\r?\n)+[\w+/-]*={0,2}|[\w+/-]{8,}={0,2}/g,
    perByte: 4 / 3,
    unpack: (run) => [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64')),
  },
  {
    run: /[\da-f]{12,}|(?<!\w)[\da-f]{2}(?:[ :-][\da-f]{2}(?!\w)){5,}/gi,
    perByte: 2,
    unpack: (run) => {
      const digits = run.replaceAll(/[ :-]/g, '');
      return [0, 1].map((from) => Buffer.from(digits.slice(from), 'hex'));
    },
  },
  {
    run: /\d{1,3}(?:,[ \n]{0,9}\d{1,3}){5,}/g,
    perByte: 2,
    unpack: (run) => [Buffer.from(run.split(',').map(Number))],
  },
];

/** Replaces each secret in the text by `***`. `isCut`: also the first part of one at the end. */
export function withoutSecrets(text: string, secrets: readonly string[], isCut = false): string {
  if (secrets.length === 0) return text;
  return withoutRanges(text, rangesIn(text, secrets.map(known), { isCut, depth: 0 }));
}

/** The text with `***` in place of each range. */
export function withoutRanges(text: string, ranges: readonly Range[]): string {
  let [clean, at] = ['', 0];
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    if (from >= at) clean += `${text.slice(at, from)}***`;
    at = Math.max(at, to);
  }
  return clean + text.slice(at);
}

interface Search {
  readonly isCut: boolean;
  readonly depth: number;
  readonly areBytes?: boolean;
}

function rangesIn(text: string, secrets: readonly KnownSecret[], search: Search): Range[] {
  const ranges = secrets.flatMap((one) => placesOf(text, one.plain, one.isLong));
  const decoded = decodedText(text, search);
  const level = levelled(decoded.text);
  const found = [
    ...secrets.flatMap(({ forms, isLong }) => forms.flatMap((one) => placesOf(level, one, isLong))),
    ...(search.depth < deepest ? packedIn(decoded.text, secrets, search) : []),
    ...(search.isCut ? frontsIn(level.slice(0, decoded.whole), secrets, search.depth) : []),
    ...(search.isCut && search.depth === 0 ? brokenEscape(decoded) : []),
  ];
  return [...ranges, ...found.map(([from, to]): Range => [decoded.at(from), decoded.at(to)])];
}

function placesOf(text: string, secret: string, isLong: boolean): Range[] {
  const places: Range[] = [];
  if (secret === '') return places;
  for (let from = text.indexOf(secret); from >= 0;) {
    const to = from + secret.length;
    const rest = isLong ? text.slice(to).search(/\s/) : 0;
    const end = rest < 0 ? text.length : to + rest;
    places.push([from, end]);
    from = text.indexOf(secret, end);
  }
  return places;
}

/** The runs of encoded bytes that contain one of the secrets. */
function packedIn(text: string, secrets: readonly KnownSecret[], search: Search): Range[] {
  const shortest = Math.min(...secrets.map(({ forms, plain }) => forms[0]?.length ?? plain.length));
  const ranges: Range[] = [];
  for (const { run, perByte, unpack } of packings) {
    const least = search.isCut ? 0 : Math.floor(shortest * perByte);
    if (text.length < least) continue;
    for (const { 0: match, index } of text.matchAll(run)) {
      const to = index + match.length;
      const inner = { isCut: search.isCut && to === text.length, depth: search.depth + 1 };
      const isShort = match.length < Math.floor(shortest * perByte);
      if (isShort && !inner.isCut) continue;
      if (unpack(match).some((bytes) => isInBytes(bytes, secrets, inner))) ranges.push([index, to]);
    }
  }
  return ranges;
}

function isInBytes(bytes: Buffer, secrets: readonly KnownSecret[], search: Search): boolean {
  if (secrets.some((one) => bytes.includes(one.plain))) return true;
  // Decoded from the wrong byte, the result is noise.
  if (!isText(bytes)) return false;
  return rangesIn(bytes.toString('latin1'), secrets, { ...search, areBytes: true }).length > 0;
}

/** Whether bytes are text, whose last character may be cut off. UTF-16 text has a zero in every other byte. */
function isText(bytes: Buffer): boolean {
  const isWide = bytes.length > 3 && (bytes[1] === 0 || bytes[2] === 0) && bytes[3] === bytes[1];
  return isWide || [0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, bytes.length - cut)));
}

function brokenEscape({ text, whole }: DecodedText): Range[] {
  return whole < text.length ? [[whole, text.length]] : [];
}

/** The first part of a secret at the end of a text. */
function frontsIn(text: string, secrets: readonly KnownSecret[], depth: number): Range[] {
  const shortest = depth === 0 ? 1 : shortestFront;
  for (const form of secrets.flatMap(({ forms }) => forms)) {
    for (let front = Math.min(form.length, text.length); front >= shortest; front--) {
      if (text.endsWith(form.slice(0, front))) {
        return [[text.length - front, Number.MAX_SAFE_INTEGER]];
      }
    }
  }
  return [];
}

function known(secret: string): KnownSecret {
  let one = kept.get(secret);
  if (one === undefined) {
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
    const isLong = secret.length > longestKept;
    const plain = isLong ? secret.slice(0, keptBeginning) : secret;
    // The shortest first.
    const forms = [decodedText(plain).text, plain.replaceAll('\\', '')]
      .map(levelled)
      .filter((form) => form.length >= shortestDecoded);
    one = { plain, forms: [...new Set(forms)], isLong };
    kept.set(secret, one);
  }
  return one;
}

/** In a form, a space is a plus. A backslash that made a letter a control character is gone. */
const levels: Readonly<Record<string, string>> = {
  '+': ' ',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\b': 'b',
  '\f': 'f',
};

function levelled(text: string): string {
  return text.replaceAll(/[+\n\r\t\b\f]/g, (one) => levels[one]!);
}
