/**
 * Reads what a `/metrics` endpoint answers: Prometheus' text format 0.0.4 and OpenMetrics 1.0. Whatever
 * is not wholly understood is `unknown`: half an answer, or a page that says "please log in", must
 * never look like counters that stand at zero.
 */
export interface MetricSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** NaN and infinities are values like any other here. */
  readonly value: number;
  /** When the target took the value, in epoch milliseconds, where it says so. */
  readonly timestampMs: number | undefined;
}

export interface Exposition {
  /** By name and labels, whatever their order. Of several values of a series the last. */
  readonly series: ReadonlyMap<string, MetricSample>;
}

interface Unknown {
  /** Why nothing is known. */
  readonly unknown: string;
}

/** Parses an answer. `contentType`: of the answer; OpenMetrics must end with `# EOF`. */
export function parseExposition(text: string, contentType = ''): Exposition | Unknown {
  const refusal = refusalOf(text, contentType);
  if (refusal !== undefined) return { unknown: refusal };
  const series = new Map<string, MetricSample>();
  const isOpenMetrics = isOpenMetricsType(contentType) || hasEnd(text);
  const lines = text.split('\n');
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    try {
      const sample = readSampleLine(line, isOpenMetrics ? 1000 : 1);
      series.set(seriesKey(sample), sample);
    } catch (error) {
      return { unknown: `line ${i + 1} is not understood: ${(error as Error).message}` };
    }
  }
  if (series.size === 0) return { unknown: 'it has no series' };
  return { series };
}

/** The same for the same name and labels, in whatever order they are written. */
export function seriesKey({ name, labels }: Pick<MetricSample, 'name' | 'labels'>): string {
  const pairs = [...labels].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify([name, pairs]);
}

function refusalOf(text: string, contentType: string): string | undefined {
  if (text.trim() === '') return 'the answer is empty';
  if (/^\s*</.test(text)) return 'the answer is a page of HTML';
  // Every line ends, the last one too: one that does not was cut off, maybe within its number.
  if (!text.endsWith('\n') && !hasEnd(text)) return 'the answer breaks off within a line';
  const end = /^# EOF[ \t\r]*$/m.exec(text);
  if (end !== null && text.slice(end.index + end[0].length).trim() !== '') {
    return 'the answer goes on after # EOF';
  }
  if (isOpenMetricsType(contentType) && !hasEnd(text)) {
    return 'the answer breaks off: # EOF is missing';
  }
  return undefined;
}

function isOpenMetricsType(contentType: string): boolean {
  return contentType.toLowerCase().startsWith('application/openmetrics-text');
}

function hasEnd(text: string): boolean {
  return /(^|\n)# EOF[ \t\r]*\n?$/.test(text);
}

const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const quoted = /"((?:[^"\\]|\\.)*)"/y;
const blank = /[ \t]*/y;
const word = /[^ \t#{}",=]+/y;
const finite = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const infinite = /^([+-]?)inf(inity)?$/i;

/**
 * Reads one line, neither empty nor a comment: `name{label="value"} 1.5e3 1700000000000 # {…} 1`. `timestampUnitMs`: 1 for Prometheus (milliseconds),
 * 1000 for OpenMetrics (seconds). Throws with what is wrong.
 */
function readSampleLine(line: string, timestampUnitMs: number): MetricSample {
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
    if (at.takeIf('}')) return name;
    const quotedKey = at.takeQuoted();
    const key = quotedKey ?? at.take(labelName);
    if (key === undefined) throw new Error('a label has no name');
    if (at.takeIf('=')) {
      const value = at.takeQuoted();
      if (value === undefined) throw new Error(`the value of label ${key} is not in quotes`);
      if (labels.has(key)) throw new Error(`label ${key} stands twice`);
      labels.set(key, value);
    } else if (quotedKey !== undefined && mayHoldName && name === undefined) name = quotedKey;
    else throw new Error(`label ${key} has no value`);
    if (at.takeIf(',')) continue;
    if (at.takeIf('}')) return name;
    throw new Error('the labels are not closed');
  }
}

/** A sample request of a bucket: read, so that what is wrong shows, and forgotten. */
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

/** Reads a line from left to right; the blanks behind what was taken are taken with it. */
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

  /** The text between quotes, its escapes undone; an unknown escape stays as it is. */
  takeQuoted(): string | undefined {
    const inner = this.match(quoted)?.[1];
    return inner?.replaceAll(/\\([\\"n])/g, (_, letter: string) =>
      letter === 'n' ? '\n' : letter,
    );
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
