/** One line of the text format: `name{label="value"} 1.5e3 1700000000000 # {exemplar="…"} 1`. */
export interface MetricSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** NaN and infinities are values like any other here. */
  readonly value: number;
  /** When the target took the value, in epoch milliseconds, where it says so. */
  readonly timestampMs: number | undefined;
}

const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const quoted = /"((?:[^"\\]|\\.)*)"/y;
const blank = /[ \t]*/y;
const word = /[^ \t#{}",=]+/y;
const finite = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const infinite = /^([+-]?)inf(inity)?$/i;

/**
 * Reads a line that is neither empty nor a comment. `timestampUnitMs`: 1 for Prometheus (milliseconds),
 * 1000 for OpenMetrics (seconds). Throws with what is wrong.
 */
export function readSampleLine(line: string, timestampUnitMs: number): MetricSample {
  const at = new Cursor(line);
  let name = at.take(metricName);
  const labels = new Map<string, string>();
  at.skipBlank();
  if (at.takeIf('{')) {
    const quotedName = readLabels(at, labels, name === undefined);
    name ??= quotedName;
  }
  if (name === undefined) throw new Error('it has no name');
  at.skipBlank();
  const value = numberOf(at.take(word));
  at.skipBlank();
  const stamp = at.take(word);
  at.skipBlank();
  if (at.takeIf('#')) readExemplar(at);
  if (!at.isAtEnd) throw new Error(`"${at.rest}" stands after the value`);
  const timestampMs = stamp === undefined ? undefined : numberOf(stamp) * timestampUnitMs;
  return { name, labels, value, timestampMs };
}

/** Up to the closing brace; returns the name of the metric where it stands, quoted, among the labels. */
function readLabels(
  at: Cursor,
  labels: Map<string, string>,
  mayHoldName: boolean,
): string | undefined {
  let name: string | undefined;
  for (;;) {
    at.skipBlank();
    if (at.takeIf('}')) return name;
    const quotedKey = at.takeQuoted();
    const key = quotedKey ?? at.take(labelName);
    if (key === undefined) throw new Error('a label has no name');
    at.skipBlank();
    if (at.takeIf('=')) {
      at.skipBlank();
      const value = at.takeQuoted();
      if (value === undefined) throw new Error(`the value of label ${key} is not in quotes`);
      if (labels.has(key)) throw new Error(`label ${key} stands twice`);
      labels.set(key, value);
    } else if (quotedKey !== undefined && mayHoldName && name === undefined) name = quotedKey;
    else throw new Error(`label ${key} has no value`);
    at.skipBlank();
    if (at.takeIf(',')) continue;
    if (at.takeIf('}')) return name;
    throw new Error('the labels are not closed');
  }
}

/** A sample request of a bucket: read, so that what is wrong shows, and forgotten. */
function readExemplar(at: Cursor): void {
  at.skipBlank();
  if (!at.takeIf('{')) throw new Error('an exemplar has no labels');
  readLabels(at, new Map(), false);
  at.skipBlank();
  numberOf(at.take(word));
  at.skipBlank();
  const stamp = at.take(word);
  if (stamp !== undefined) numberOf(stamp);
  at.skipBlank();
}

function numberOf(text: string | undefined): number {
  if (text === undefined) throw new Error('it has no value');
  if (finite.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return NaN;
  const infinity = infinite.exec(text);
  if (infinity === null) throw new Error(`"${text}" is no number`);
  return infinity[1] === '-' ? -Infinity : Infinity;
}

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
    const match = this.match(pattern);
    return match?.[0];
  }

  /** The text between quotes, its escapes undone; an unknown escape stays as it is. */
  takeQuoted(): string | undefined {
    const inner = this.match(quoted)?.[1];
    return inner?.replaceAll(/\\([\\"n])/g, (_, letter: string) =>
      letter === 'n' ? '\n' : letter,
    );
  }

  takeIf(character: string): boolean {
    if (this.line[this.position] !== character) return false;
    this.position += 1;
    return true;
  }

  skipBlank(): void {
    this.match(blank);
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.line);
    if (match !== null) this.position += match[0].length;
    return match;
  }
}
