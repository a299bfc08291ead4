/**
 * A secret in every spelling in which layers between a server and this text may have written it: percent
 * encoding (in either case, also twice), escapes of JSON and JavaScript, entities of HTML, hexadecimal, and
 * base64 wherever in the encoded bytes it begins. One expression finds them all, also mixed.
 */
export interface Spellings {
  readonly anywhere: RegExp;
  /** One for each character, to be matched in turn where a text was cut. */
  readonly characters: readonly RegExp[];
}

/** So many secrets are kept ready; a load has a handful, but each user may have a token of its own. */
const mostKept = 256;
const kept = new Map<string, Spellings>();

const entities: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};
/**
 * A longer secret, such as a token that a server made up, is found by its beginning, and what follows that goes
 * along: each character is a hundred in the expression that is kept for it.
 */
const longestKept = 1024;
const keptBeginning = 256;
/** An encoded character is no longer than this. */
const longestCharacter = 24;
/** Fewer characters of base64 are as likely a word. */
const shortestCore = 8;

export function spellings(secret: string): Spellings {
  let known = kept.get(secret);
  if (known === undefined) {
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
    kept.set(secret, (known = newSpellings(secret)));
  }
  return known;
}

export function withoutSpellings(text: string, { anywhere }: Spellings): string {
  return text.replace(anywhere, '***');
}

/** A text that was cut, without the front part of the secret at its end. */
export function withoutBrokenEnd(text: string, { characters }: Spellings): string {
  const from = Math.max(0, text.length - longestCharacter * characters.length);
  for (let start = from; start < text.length; start++) {
    if (reachesEnd(text, start, characters)) return text.slice(0, start);
  }
  return text;
}

/** Whether from `start` on the text is the secret's beginning, as far as the text goes. */
function reachesEnd(text: string, start: number, characters: readonly RegExp[]): boolean {
  let at = start;
  for (const character of characters) {
    character.lastIndex = at;
    const match = character.exec(text);
    if (match === null) return at < text.length && isBrokenCharacter(text.slice(at));
    at += match[0].length;
    if (at === text.length) return true;
  }
  return false;
}

/** What may be the front part of an encoded character. */
function isBrokenCharacter(end: string): boolean {
  return end.length < longestCharacter && /^(?:%[%0-9a-f]*|\\+[ux]?[0-9a-f]*|&[#\w;]*)$/i.test(end);
}

function newSpellings(secret: string): Spellings {
  const isLong = secret.length > longestKept;
  const kept = Array.from(isLong ? secret.slice(0, keptBeginning) : secret);
  const characters = kept.map(spelt);
  const bytes = Buffer.from(kept.join(''));
  const others = [anyCase(bytes.toString('hex')), ...base64Cores(bytes).map(base64Spelling)];
  const rest = isLong ? '\\S*' : '';
  return {
    anywhere: new RegExp(`(?:${[characters.join(''), ...others].join('|')})${rest}`, 'g'),
    characters: characters.map((one) => new RegExp(one, 'y')),
  };
}

/** One character in all its spellings. */
function spelt(character: string): string {
  const percent = [...Buffer.from(character)].map((byte) => `%(?:25)*${hex(byte, 2)}`).join('');
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  const unicode = units.map((unit) => `\\\\+u${hex(unit, 4)}`).join('');
  const point = character.codePointAt(0)!;
  const entity = `&(?:amp;)*#(?:0*${point}|[xX]0*${hex(point, 1)});?`;
  const all = [escaped(character), `\\\\+${escaped(character)}`, percent, unicode, entity];
  if (point < 256) all.push(`\\\\+x${hex(point, 2)}`);
  const name = entities[character];
  if (name !== undefined) all.push(`&(?:amp;)*${name};`);
  if (character === ' ') all.push('\\+', '%(?:25)*2[bB]');
  return `(?:${all.join('|')})`;
}

/**
 * The characters of base64 that depend on the secret alone, for each of the three places in a group at
 * which it may begin.
 */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2]
    .map((offset) => {
      const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
      const bits = 8 * (offset + bytes.length);
      return encoded.slice(Math.ceil((8 * offset) / 6), Math.floor(bits / 6));
    })
    .filter(({ length }) => length >= shortestCore);
}

/** In base64 for addresses `-` and `_` stand for `+` and `/`; either may be encoded once more. */
function base64Spelling(core: string): string {
  return core.replaceAll(/[+/]/g, (one) => `(?:[${one === '+' ? '-' : '_'}]|${spelt(one)})`);
}

function hex(value: number, digits: number): string {
  return anyCase(value.toString(16).padStart(digits, '0'));
}

function anyCase(text: string): string {
  return text.replaceAll(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
}
