/**
 * Decodes a text that layers between a server and a report may have escaped, several times and in any
 * order: percent encoding, HTML entities, and escapes of JSON, JavaScript and the shell. Each decoded
 * character knows where in the original it began. One pass removes all layers, since the result of one
 * escape may complete another.
 */

export interface DecodedText {
  /** The decoded text, without backslashes unless `keepsBackslashes` is set. */
  readonly text: string;
  /** How many of its characters are complete. An escape that was cut off at the end of the text is not. */
  readonly whole: number;
  /**
   * The index in the original at which a character of `text` begins. The index `text.length` gives the
   * end of the original.
   */
  readonly at: (index: number) => number;
}

/** Characters that some escape writes by name, and these names. */
const named =
  '& amp < lt > gt " quot \' apos ! excl # num $ dollar % percnt ( lpar ) rpar * ast + plus , comma - hyphen ' +
  '- dash . period / sol : colon ; semi = equals ? quest @ commat [ lsqb [ lbrack \\ bsol ] rsqb ] rbrack ' +
  '^ Hat _ lowbar ` grave { lcub { lbrace | vert | verbar } rcub } rbrace ~ tilde \u00a0 nbsp';
const entities = new Map(
  Array.from(
    named.matchAll(/(\S|\u00a0) (\w+)/g),
    ([, character = '', name = '']): [string, number] => [name, code(character)],
  ),
);
const longestEntity = 10;

const [percent, backslash, ampersand, hash, semicolon] = ['%', '\\', '&', '#', ';'].map(code);
const [open, close, smallX, bigX, smallU, bigU] = ['{', '}', 'x', 'X', 'u', 'U'].map(code);
/** Marks a decoded UTF-8 byte, until the other bytes of its character are there. */
const byteMark = 0x20_0000;
/** The lead byte's high bits, by the number of bytes of the character. */
const leads: readonly (number | undefined)[] = [undefined, undefined, 0xc0, 0xe0, 0xf0];
const longestCharacter = 4;
const mayEscape = /[%\\&\0]/;
const brokenEnd =
  /(?:\\+(?:[uU][\da-f]{0,7}|u\{[\da-f]*|x[\da-f]?|[0-3][0-7]?)?|&#?\w{0,8}|%[\da-f]?)$/i;

export interface Decoding {
  /** True if each character of the text is a byte of UTF-8. */
  readonly areBytes?: boolean;
  /** True to keep backslashes that do not belong to a character's number: `\\"`. */
  readonly keepsBackslashes?: boolean;
}

export function decodedText(text: string, decoding: Decoding = {}): DecodedText {
  const { areBytes = false, keepsBackslashes = false } = decoding;
  if (!areBytes && !mayEscape.test(text)) {
    return { text, whole: text.length, at: (index) => index };
  }
  return new Decoder(text, areBytes, keepsBackslashes).decoded();
}

class Decoder {
  private readonly original: string;
  private readonly codes: Int32Array;
  private readonly starts: Int32Array;
  /** How many escapes each character was under. */
  private readonly depths: Uint8Array;
  private readonly keepsBackslashes: boolean;
  private length = 0;

  constructor(original: string, areBytes: boolean, keepsBackslashes: boolean) {
    this.original = original;
    this.keepsBackslashes = keepsBackslashes;
    this.codes = new Int32Array(original.length + 1);
    this.starts = new Int32Array(original.length + 1);
    this.depths = new Uint8Array(original.length + 1);
    for (let i = 0; i < original.length; i++) {
      const unit = original.charCodeAt(i);
      // The zero characters of UTF-16 text are dropped.
      if (unit === 0) continue;
      if (!isHexDigit(unit) && !isPartOfEscape(unit)) this.endNumber();
      this.starts[this.length] = i;
      this.depths[this.length] = 0;
      if (areBytes && unit > 0x7f) this.putByte(this.length, unit);
      else this.codes[this.length++] = unit;
      while (this.reduce());
    }
  }

  decoded(): DecodedText {
    const { codes, starts, original } = this;
    const end = this.wholeEnd();
    const units = new Uint16Array(this.length);
    const places = new Int32Array(this.length + 1);
    let [kept, whole, from] = [0, 0, -1];
    for (let i = 0; i < this.length; i++) {
      if (i === end) whole = kept;
      if (from < 0) from = starts[i]!;
      if (codes[i] === backslash && !this.keepsBackslashes) continue;
      places[kept] = from;
      // A single byte that is not UTF-8 is Latin-1.
      units[kept++] = codes[i]! & ~byteMark;
      from = -1;
    }
    if (end === this.length) whole = kept;
    places[kept] = original.length;
    const text = Buffer.from(units.buffer, 0, 2 * kept).toString('utf16le');
    return { text, whole, at: (index) => places[index] ?? original.length };
  }

  /** Where the last characters begin that are part of an incomplete escape. */
  private wholeEnd(): number {
    const tail = this.codes.subarray(Math.max(0, this.length - 12), this.length);
    const shown = Array.from(tail, (one) => String.fromCharCode(one)).join('');
    let end = this.length - (brokenEnd.exec(shown)?.[0].length ?? 0);
    while (end > 0 && this.codes[end - 1]! >= byteMark) end--;
    return end;
  }

  /** Replaces the escape that ends here, if any, by its character. */
  private reduce(): boolean {
    const last = this.codes[this.length - 1]!;
    if (last === semicolon && this.reduceEntity()) return true;
    if (last === close && this.reduceBraces()) return true;
    if (this.codes[this.length - 2] === backslash && isQuoted(last)) return this.reduceBackslash();
    return isHexDigit(last) && (this.reducePercent() || this.reduceEscape());
  }

  /**
   * Two backslashes under the same number of escapes become one; one before a character that needs none
   * is removed.
   */
  private reduceBackslash(): boolean {
    const [before, last] = [this.length - 2, this.length - 1];
    if (this.keepsBackslashes) return false;
    if (this.codes[last] === backslash) {
      if (this.depths[before] !== this.depths[last]) return false;
      this.depths[before]! += 1;
    } else {
      this.codes[before] = this.codes[last]!;
    }
    this.length = last;
    return true;
  }

  private reducePercent(): boolean {
    const from = this.length - 3;
    if (from < 0 || this.codes[from] !== percent) return false;
    return this.putByte(from, this.number(from + 1, 2, 16));
  }

  /** `\x26`, `\046`, `\u0026`, `\U00000026`. */
  private reduceEscape(): boolean {
    const { codes, length } = this;
    if (codes[length - 4] === backslash) {
      const isHex = codes[length - 3] === smallX;
      const value = isHex ? this.number(length - 2, 2, 16) : this.number(length - 3, 3, 8);
      if (value <= 0xff) return this.putByte(length - 4, value);
    }
    for (const [letter, digits] of [
      [smallU, 4],
      [bigU, 8],
    ] as const) {
      const from = length - digits - 2;
      if (codes[from] !== backslash || codes[from + 1] !== letter) continue;
      return this.putPoint(from, this.number(from + 2, digits, 16));
    }
    return false;
  }

  /** `\u{26}`. */
  private reduceBraces(): boolean {
    for (let at = this.length - 2; at >= this.length - 8 && at >= 2; at--) {
      if (this.codes[at] !== open) continue;
      if (this.codes[at - 1] !== smallU || this.codes[at - 2] !== backslash) return false;
      return this.putPoint(at - 2, this.number(at + 1, this.length - at - 2, 16));
    }
    return false;
  }

  private reduceEntity(): boolean {
    const end = this.length - 1;
    for (let from = end - 1; from >= 0 && from >= end - longestEntity; from--) {
      if (this.codes[from] !== ampersand) continue;
      if (this.codes[from + 1] === hash) return this.putNumbered(from, end);
      const name = String.fromCharCode(...this.codes.subarray(from + 1, end));
      const point = entities.get(name);
      return point !== undefined && this.putPoint(from, point);
    }
    return false;
  }

  /** Browsers read `&#38` without a semicolon as an ampersand, if no digit follows. */
  private endNumber(): void {
    const end = this.length;
    if (!isHexDigit(this.codes[end - 1] ?? 0)) return;
    for (let at = end - 2; at >= 1 && at >= end - longestEntity; at--) {
      if (this.codes[at] !== hash) continue;
      if (this.codes[at - 1] === ampersand && this.putNumbered(at - 1, end)) {
        while (this.reduce());
      }
      return;
    }
  }

  /** `&#38` or `&#x26`, from the ampersand on. */
  private putNumbered(from: number, end: number): boolean {
    const isHex = this.codes[from + 2] === smallX || this.codes[from + 2] === bigX;
    const first = from + (isHex ? 3 : 2);
    return this.putPoint(from, this.number(first, end - first, isHex ? 16 : 10));
  }

  private putPoint(from: number, point: number): boolean {
    if (!(point <= 0x10_ffff)) return false;
    const depth = this.depths[from]! + 1;
    this.length = from;
    for (const unit of point > 0xffff ? String.fromCodePoint(point).split('').map(code) : [point]) {
      this.starts[this.length] = this.starts[from]!;
      this.depths[this.length] = depth;
      if (unit !== 0) this.codes[this.length++] = unit;
    }
    return true;
  }

  private putByte(from: number, byte: number): boolean {
    if (!(byte <= 0xff)) return false;
    if (byte < 0x80) return this.putPoint(from, byte);
    this.codes[from] = byte | byteMark;
    this.length = from + 1;
    if (byte < 0xc0) this.endCharacter();
    return true;
  }

  /** Replaces the UTF-8 bytes at the end by their character, as soon as they are complete. */
  private endCharacter(): void {
    let [point, bytes] = [0, 0];
    for (let at = this.length - 1; at >= Math.max(0, this.length - longestCharacter); at--) {
      const byte = this.codes[at]! - byteMark;
      if (byte < 0x80) return;
      bytes += 1;
      if (byte < 0xc0) {
        point += (byte & 0x3f) * 64 ** (bytes - 1);
        continue;
      }
      const lead = leads[bytes];
      if (lead === undefined || byte < lead || byte >= (leads[bytes + 1] ?? 0xf8)) return;
      this.putPoint(at, point + (byte - lead) * 64 ** (bytes - 1));
      return;
    }
  }

  /** Returns NaN if one of the characters is not a digit. */
  private number(from: number, digits: number, base: number): number {
    let value = digits > 0 ? 0 : Number.NaN;
    for (let i = from; i < from + digits; i++) {
      const digit = digitOf(this.codes[i] ?? 0);
      if (!(digit < base)) return Number.NaN;
      value = value * base + digit;
    }
    return value;
  }
}

function code(character: string): number {
  return character.charCodeAt(0);
}

/** Characters that may still become a digit. */
function isPartOfEscape(unit: number): boolean {
  return unit === semicolon || unit === percent || unit === backslash || unit === ampersand;
}

/** A character that a backslash only quotes. A percent sign may begin another escape. */
function isQuoted(unit: number): boolean {
  const isEscape = unit === percent || unit === ampersand;
  return !isEscape && unit <= 0x7f && /\W/.test(String.fromCharCode(unit));
}

function isHexDigit(unit: number): boolean {
  return digitOf(unit) < 16;
}

/** Returns NaN if the character is not a digit. */
function digitOf(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const letter = unit | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : Number.NaN;
}
