/**
 * Reads what a `/metrics` endpoint answers: Prometheus' text format 0.0.4 and OpenMetrics 1.0. Half an
 * answer, or a page that says "please log in", must never look like counters that stand at zero: it is
 * `unknown`. What stands on a page beside the series that are wanted decides nothing over them.
 */
import { cut } from '../platform/words.ts';
import { nameAtStart, readSampleLine, type MetricSample } from './prometheus-line.ts';

export interface TimedSample extends Omit<MetricSample, 'stamp'> {
  /** When the target took the value, in epoch milliseconds, where it says so. */
  readonly timestampMs: number | undefined;
}

export interface Exposition {
  /** By name and labels, whatever their order. Of several values of a series the last. */
  readonly series: ReadonlyMap<string, TimedSample>;
  /** By the name of a family: what it says that it is (`# TYPE`): `counter`, `gauge`, `histogram` and the like. */
  readonly types: ReadonlyMap<string, string>;
  /** By name: what is wrong with the first line of it that was not understood. */
  readonly unreadable: ReadonlyMap<string, string>;
}

interface Unknown {
  /** Why nothing is known. */
  readonly unknown: string;
}

interface ReaderOptions {
  /** The answer's own; OpenMetrics must end with `# EOF`. */
  readonly contentType?: string;
  /** Which names are kept; a line of another one that is not understood is passed over. Default: all. */
  readonly wanted?: ReadonlySet<string>;
  /** A longer line is not read, so that no piece of work is larger than this. Default: any length. */
  readonly longestLine?: number;
}

/** A name with more series has no figure: all of them are added up in one go. */
const mostSeries = 5000;
/** It quotes the line, and stands in each reading of the log. */
const longestReason = 120;
const endMark = /^# EOF[ \t\r]*$/;
const typeMark = /^# TYPE[ \t]+(\S+)[ \t]+(\S+)/;

/** Takes an answer in pieces, cut wherever they were. */
export class ExpositionReader {
  private readonly options: ReaderOptions;
  private readonly series = new Map<string, MetricSample>();
  /** How many series there are of each name. */
  private readonly counts = new Map<string, number>();
  private readonly unreadable = new Map<string, string>();
  private readonly types = new Map<string, string>();
  private isAnythingRead = false;
  private firstFault: string | undefined;
  /** The beginning of a line whose end has not come. */
  private rest = '';
  /** That line is longer than any that is read: of it only the beginning is kept. */
  private isTooLong = false;
  private line = 0;
  private hasEnded = false;
  private hasMore = false;
  private isPage: boolean | undefined;

  constructor(options: ReaderOptions = {}) {
    this.options = options;
  }

  /** The next piece. Its cost is that of its own length, however long the line is in which it stands. */
  feed(piece: string): void {
    let from = 0;
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', from)) {
      this.add(piece.slice(from, at));
      this.endLine();
      from = at + 1;
    }
    this.add(piece.slice(from));
  }

  /** What the whole answer says. */
  end(): Exposition | Unknown {
    const refusal = this.refusal();
    if (refusal !== undefined) return { unknown: refusal };
    const unitMs = this.isOpenMetrics() ? 1000 : 1;
    const series = new Map<string, TimedSample>();
    for (const [key, { name, labels, value, stamp }] of this.series) {
      const timestampMs = stamp === undefined ? undefined : stamp * unitMs;
      series.set(key, { name, labels, value, timestampMs });
    }
    return { series, types: this.types, unreadable: this.unreadable };
  }

  private add(text: string): void {
    const { longestLine = Infinity } = this.options;
    if (this.isTooLong) return;
    this.rest += text;
    if (this.rest.length <= longestLine) return;
    this.isTooLong = true;
    this.rest = this.rest.slice(0, longestLine);
  }

  private endLine(): void {
    const { rest, isTooLong } = this;
    this.line += 1;
    this.rest = '';
    this.isTooLong = false;
    const line = rest.trim();
    if (endMark.test(rest) && !isTooLong) this.hasEnded = true;
    else if (line !== '') this.readLine(line, isTooLong);
  }

  private readLine(line: string, isTooLong: boolean): void {
    if (this.hasEnded) this.hasMore = true;
    this.isPage ??= line.startsWith('<');
    if (line.startsWith('#')) this.readComment(line);
    if (line.startsWith('#') || this.isPage || this.hasMore) return;
    const { wanted, longestLine = 0 } = this.options;
    try {
      if (isTooLong) throw new Error(`it is longer than ${longestLine} characters`);
      const sample = readSampleLine(line);
      this.isAnythingRead = true;
      if (wanted?.has(sample.name) !== false) this.keep(sample);
    } catch (error) {
      const why = cut((error as Error).message, longestReason);
      const fault = `line ${this.line} is not understood: ${why}`;
      this.firstFault ??= fault;
      const name = nameAtStart(line) ?? '';
      if (!this.unreadable.has(name) && wanted?.has(name) !== false) {
        this.unreadable.set(name, fault);
      }
    }
  }

  private readComment(line: string): void {
    const { wanted } = this.options;
    const [, name, type] = typeMark.exec(line) ?? [];
    if (name === undefined || type === undefined || wanted?.has(name) === false) return;
    this.types.set(name, type);
  }

  private keep(sample: MetricSample): void {
    const { name } = sample;
    const key = seriesKey(sample);
    const count = (this.counts.get(name) ?? 0) + (this.series.has(key) ? 0 : 1);
    if (this.options.wanted !== undefined && count > mostSeries) {
      this.unreadable.set(name, `it has more than ${mostSeries} series`);
      return;
    }
    this.counts.set(name, count);
    this.series.set(key, sample);
  }

  private refusal(): string | undefined {
    const { rest, isTooLong, options } = this;
    if (this.isPage === undefined && rest.trim() === '' && !this.hasEnded) {
      return 'the answer is empty';
    }
    if (this.isPage ?? rest.trimStart().startsWith('<')) return 'the answer is a page of HTML';
    // Every line ends, the last one too: one that does not was cut off, maybe within its number.
    const isEndMark = !isTooLong && endMark.test(rest);
    if (rest !== '' && !isEndMark) {
      return this.hasEnded
        ? 'the answer goes on after # EOF'
        : 'the answer breaks off within a line';
    }
    if (this.hasMore || (isEndMark && this.hasEnded)) return 'the answer goes on after # EOF';
    this.hasEnded ||= isEndMark;
    if (isOpenMetricsType(options.contentType) && !this.hasEnded) {
      return 'the answer breaks off: # EOF is missing';
    }
    const isStrict = options.wanted === undefined || !this.isAnythingRead;
    if (isStrict && this.firstFault !== undefined) return this.firstFault;
    return this.isAnythingRead ? undefined : 'it has no series';
  }

  private isOpenMetrics(): boolean {
    return this.hasEnded || isOpenMetricsType(this.options.contentType);
  }
}

/** Reads a whole answer, of which every line must be understood. */
export function parseExposition(text: string, contentType = ''): Exposition | Unknown {
  const reader = new ExpositionReader({ contentType });
  reader.feed(text);
  return reader.end();
}

/** The same for the same name and labels, in whatever order they are written. */
export function seriesKey({ name, labels }: Pick<MetricSample, 'name' | 'labels'>): string {
  const pairs = [...labels].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify([name, pairs]);
}

function isOpenMetricsType(contentType = ''): boolean {
  return contentType.toLowerCase().startsWith('application/openmetrics-text');
}
