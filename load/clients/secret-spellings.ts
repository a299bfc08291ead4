/**
 * Finds a secret in every spelling in which layers between a server and this text may have written it: under
 * escapes of any kind (decoded-text.ts), and in base64, in hexadecimal or as a list of bytes, where these may be
 * packed and escaped once more. The time that it takes grows with the length of the text, and no faster.
 */
import { isUtf8 } from 'node:buffer';
import { decodedText, type DecodedText } from './decoded-text.ts';

/** Places of a text: from, and to where. */
type Range = readonly [from: number, to: number];

interface KnownSecret {
  /** As it is. */
  readonly plain: string;
  /** As it is found in a text that was decoded: what in it looks like an escape may be decoded, or not. */
  readonly forms: readonly string[];
  /** A long secret is looked for by its beginning, and what follows it is taken out as well. */
  readonly isLong: boolean;
}

/** So many secrets are kept ready; a load has a handful, but each user may have a token of its own. */
const mostKept = 256;
const kept = new Map<string, KnownSecret>();
const longestKept = 1024;
const keptBeginning = 256;
/** What is left of a shorter one once it is decoded may stand anywhere. */
const shortestDecoded = 4;
/** Packed bytes are looked for within packed bytes, and no deeper. */
const deepest = 2;
/** The front part of a secret, packed, is told from chance by so many characters. */
const shortestFront = 3;

/** Each finds runs of characters that may be bytes, and gives the bytes for each place where they may begin. */
interface Packing {
  readonly run: RegExp;
  /** So many characters stand for a byte, at the least. */
  readonly perByte: number;
  readonly unpack: (run: string) => Buffer[];
}

const packings: readonly Packing[] = [
  {
    // Lines of 64 or 76 characters, as mails and keys have them, are one run.
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

/** The text with `***` in place of each secret; `isCut`: the front part of one at its end goes, too. */
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

/** The runs of packed bytes in which there is one of the secrets. */
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
  // What began at another byte is noise, in which there is nothing to decode.
  if (!isText(bytes)) return false;
  return rangesIn(bytes.toString('latin1'), secrets, { ...search, areBytes: true }).length > 0;
}

/** Whether bytes are a text, whose last character may be cut; that of Windows has a zero in every other byte. */
function isText(bytes: Buffer): boolean {
  const isWide = bytes.length > 3 && (bytes[1] === 0 || bytes[2] === 0) && bytes[3] === bytes[1];
  return isWide || [0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, bytes.length - cut)));
}

function brokenEscape({ text, whole }: DecodedText): Range[] {
  return whole < text.length ? [[whole, text.length]] : [];
}

/** The front part of a secret at the end of a text. */
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

/** In a form a space is a plus; a backslash is gone that made a letter a control character. */
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
