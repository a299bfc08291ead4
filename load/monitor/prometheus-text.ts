/**
 * Parses the answer of a `/metrics` endpoint: Prometheus' text format 0.0.4 and OpenMetrics 1.0. An
 * incomplete answer, or a login page, must not look like counters at zero, so it is `unknown`. Errors in
 * series that are not needed are ignored.
 */
import { cut } from '../platform/words.ts';
import { nameAtStart, readSampleLine, type MetricSample } from './prometheus-line.ts';

export interface TimedSample extends Omit<MetricSample, 'stamp'> {
  /** The target's timestamp in epoch milliseconds, if there is one. */
  readonly timestampMs: number | undefined;
}

export interface Exposition {
  /** By name and labels in any order. If a series has several values, the last one counts. */
  readonly series: ReadonlyMap<string, TimedSample>;
  /**
   * By the name of a metric family: its type as stated by `# TYPE`: `counter`, `gauge`, `histogram` and
   * so on.
   */
  readonly types: ReadonlyMap<string, string>;
  /** By name: the error in its first line that could not be parsed. */
  readonly unreadable: ReadonlyMap<string, string>;
}

interface Unknown {
  /** Why nothing is known. */
  readonly unknown: string;
}

interface ReaderOptions {
  /** The answer's content type. OpenMetrics must end with `# EOF`. */
  readonly contentType?: string;
  /** The names to keep. Invalid lines of other names are ignored. Default: all. */
  readonly wanted?: ReadonlySet<string>;
  /** Longer lines are skipped, which limits the work per piece. Default: any length. */
  readonly longestLine?: number;
}

/** A name with more series has no figure, since all of them are summed in one step. */
const mostSeries = 5000;
/** The reason quotes the line and is in each reading of the log. */
const longestReason = 120;
const endMark = /^# EOF[ \t\r]*$/;
const typeMark = /^# TYPE[ \t]+(\S+)[ \t]+(\S+)/;

/** Parses an answer in pieces, which may be cut anywhere. */
export class ExpositionReader {
  private readonly options: ReaderOptions;
  private readonly series = new Map<string, MetricSample>();
  /** The number of series of each name. */
  private readonly counts = new Map<string, number>();
  private readonly unreadable = new Map<string, string>();
  private readonly types = new Map<string, string>();
  private isAnythingRead = false;
  private firstFault: string | undefined;
  /** The beginning of an incomplete line. */
  private rest = '';
  /** True if that line is too long to be parsed; only its beginning is kept. */
  private isTooLong = false;
  private line = 0;
  private hasEnded = false;
  private hasMore = false;
  private isPage: boolean | undefined;

  constructor(options: ReaderOptions = {}) {
    this.options = options;
  }

  /** Parses the next piece. The cost depends on its length only, not on the length of its line. */
  feed(piece: string): void {
    let from = 0;
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', from)) {
      this.add(piece.slice(from, at));
      this.endLine();
      from = at + 1;
    }
    this.add(piece.slice(from));
  }

  /** The result of the whole answer. */
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
    // Every line ends with a line break, also the last one. A line without one was cut off, maybe within
    // its number.
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

/** The same key for the same name and labels in any order. */
export function seriesKey({ name, labels }: Pick<MetricSample, 'name' | 'labels'>): string {
  const pairs = [...labels].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify([name, pairs]);
}

function isOpenMetricsType(contentType = ''): boolean {
  return contentType.toLowerCase().startsWith('application/openmetrics-text');
}
