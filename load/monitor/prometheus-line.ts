/**
 * Parses one line of the Prometheus text format: name, labels, value. It reads from left to right in one
 * pass.
 */

export interface MetricSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** NaN and infinities are values like any other here. */
  readonly value: number;
  /** The timestamp as written on the line; its unit depends on the format. */
  readonly stamp: number | undefined;
}

const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const blank = /[ \t]*/y;
const word = /[^ \t#{}",=]+/y;
const finite = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const infinite = /^([+-]?)inf(inity)?$/i;

/**
 * Parses a line that is neither empty nor a comment: `name{label="value"} 1.5e3 1700000000000 # {…} 1`.
 * Throws with what is wrong.
 */
export function readSampleLine(line: string): MetricSample {
  const at = new Cursor(line);
  let name = at.take(metricName);
  const labels = new Map<string, string>();
  if (at.takeIf('{')) {
    const quotedName = readLabels(at, labels, name === undefined);
    name ??= quotedName;
  }
  if (name === undefined) throw new Error('it has no name');
  const value = numberOf(at.take(word));
  const stamp = at.take(word);
  if (at.takeIf('#')) readExemplar(at);
  if (!at.isAtEnd) throw new Error(`"${at.rest}" stands after the value`);
  return { name, labels, value, stamp: stamp === undefined ? undefined : numberOf(stamp) };
}

/** The name at the start of a line that cannot be parsed, if there is one. */
export function nameAtStart(line: string): string | undefined {
  return new Cursor(line).take(metricName);
}

/** Reads up to the closing brace. Returns the metric's name if it is quoted among the labels. */
function readLabels(
  at: Cursor,
  labels: Map<string, string>,
  mayHoldName: boolean,
): string | undefined {
  let name: string | undefined;
  for (;;) {
    if (at.takeIf('}')) return name;
    const quotedKey = at.takeQuoted();
    const key = quotedKey ?? at.take(labelName);
    if (key === undefined) throw new Error('a label has no name');
    if (at.takeIf('=')) {
      const value = at.takeQuoted();
      if (value === undefined) throw new Error(`the value of label ${key} is not in quotes`);
      if (labels.has(key)) throw new Error(`label ${key} is there twice`);
      labels.set(key, value);
    } else if (quotedKey !== undefined && mayHoldName && name === undefined) name = quotedKey;
    else throw new Error(`label ${key} has no value`);
    if (at.takeIf(',')) continue;
    if (at.takeIf('}')) return name;
    throw new Error('the labels are not closed');
  }
}

/** An exemplar of a bucket. It is checked for errors and not used. */
function readExemplar(at: Cursor): void {
  if (!at.takeIf('{')) throw new Error('an exemplar has no labels');
  readLabels(at, new Map(), false);
  numberOf(at.take(word));
  const stamp = at.take(word);
  if (stamp !== undefined) numberOf(stamp);
}

function numberOf(text: string | undefined): number {
  if (text === undefined) throw new Error('it has no value');
  if (finite.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return NaN;
  const infinity = infinite.exec(text);
  if (infinity === null) throw new Error(`"${text}" is no number`);
  return infinity[1] === '-' ? -Infinity : Infinity;
}

/** Reads a line from left to right. Blanks after each part are skipped. */
class Cursor {
  private readonly line: string;
  private position = 0;

  constructor(line: string) {
    this.line = line;
  }

  get isAtEnd(): boolean {
    return this.position >= this.line.length;
  }

  get rest(): string {
    return this.line.slice(this.position, this.position + 40);
  }

  take(pattern: RegExp): string | undefined {
    return this.match(pattern)?.[0];
  }

  /** Quoted text with its escapes resolved; unknown escapes stay as they are. */
  takeQuoted(): string | undefined {
    if (this.line[this.position] !== '"') return undefined;
    const begin = this.position + 1;
    let end = begin;
    // A loop instead of a regular expression, since one with escapes would keep a backtracking step for
    // each character.
    while (end < this.line.length && this.line[end] !== '"') end += this.line[end] === '\\' ? 2 : 1;
    if (end >= this.line.length) return undefined;
    this.moveTo(end + 1);
    const inner = this.line.slice(begin, end);
    if (!inner.includes('\\')) return inner;
    return inner.replaceAll(/\\([\\"n])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
  }

  takeIf(character: string): boolean {
    if (this.line[this.position] !== character) return false;
    this.moveTo(this.position + 1);
    return true;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.line);
    if (match !== null) this.moveTo(pattern.lastIndex);
    return match;
  }

  private moveTo(position: number): void {
    blank.lastIndex = position;
    blank.exec(this.line);
    this.position = blank.lastIndex;
  }
}
