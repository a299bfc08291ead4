/** Generates code of literals. Text from outside always stays text. */

/** A part of a text: literal text, or an expression that gives text. */
export type Piece = string | Expression;

export interface Expression {
  readonly code: string;
}

/** Returns the code that replaces a value; undefined keeps it. */
export type Replace = (leaf: string | number, member: string) => readonly Piece[] | undefined;

/** `'it\'s'`; line breaks and invisible characters are escaped. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${withoutUnseen(inner)}'`;
}

/** A string or template literal, which may contain expressions. */
export function textCode(pieces: readonly Piece[]): string {
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === 'object') return only.code;
  if (pieces.every((piece) => typeof piece === 'string')) return quoted(pieces.join(''));
  const inner = pieces.map((piece) =>
    typeof piece === 'string' ? templateText(piece) : `\${${piece.code}}`,
  );
  return `\`${inner.join('')}\``;
}

function templateText(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return withoutUnseen(escaped.replaceAll('`', '\\`').replaceAll('${', '\\${'));
}

/** Line and paragraph separators and marks that change the direction of text could hide parts of it. */
function withoutUnseen(text: string): string {
  return text.replaceAll(
    /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const identifier = /^[A-Za-z_$][\w$]*$/;

/** The name of a member. The one that would set a prototype is computed. */
export function keyCode(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return identifier.test(name) ? name : quoted(name);
}

/** `.name`, `['a name']` */
export function memberCode(name: string): string {
  return identifier.test(name) ? `.${name}` : `[${quoted(name)}]`;
}

/** JSON as code, on several lines if it is long. */
export function valueCode(value: unknown, replace: Replace, member = ''): string {
  if (typeof value === 'string' || typeof value === 'number') {
    const pieces = replace(value, member);
    if (pieces !== undefined) return textCode(pieces);
    return typeof value === 'string' ? quoted(value) : String(value);
  }
  if (Array.isArray(value)) {
    return listCode(
      '[',
      value.map((one) => valueCode(one, replace, member)),
      ']',
    );
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, one]) => {
    const pieces = replace(name, '');
    const key = pieces === undefined ? keyCode(name) : `[${textCode(pieces)}]`;
    return `${key}: ${valueCode(one, replace, name)}`;
  });
  return listCode('{', members, '}');
}

const shortList = 60;

/** `{ a, b }` on one line, or one item per line. */
export function listCode(open: string, items: readonly string[], close: string): string {
  if (items.length === 0) return open + close;
  const space = open === '{' ? ' ' : '';
  const line = `${open}${space}${items.join(', ')}${space}${close}`;
  if (line.length <= shortList && !line.includes('\n')) return line;
  const lines = items.map((item) => `  ${item.replaceAll('\n', '\n  ')},`);
  return [open, ...lines, close].join('\n');
}

/** Generates variable names, each only once: `post /orders/{id}` → `postOrdersId`. */
export class Names {
  private readonly taken = new Set<string>(reserved.split(' '));

  of(text: string, end = ''): string {
    const words = text.toLowerCase().match(/[a-z\d]+/g) ?? [];
    const joined = words
      .slice(0, 6)
      .map((word, i) => (i === 0 ? word : word[0]!.toUpperCase() + word.slice(1)))
      .join('')
      .slice(0, 40);
    const stem = `${/^[a-z]/.test(joined) ? joined : `the${joined}`}${end}`;
    for (let n = 1; ; n++) {
      const name = n === 1 ? stem : `${stem}${n}`;
      if (this.taken.has(name)) continue;
      this.taken.add(name);
      return name;
    }
  }
}

/** Reserved words, and names that every draft uses. */
const reserved =
  'break case catch class const continue debugger default delete do else enum export extends false finally for ' +
  'function if import in instanceof new null return super switch this throw true try typeof var void while with ' +
  'yield let static await async of get set http target user wait state test expect between smoke secret z the ' +
  'process fieldOf pathTo result runLoad defineUser';
