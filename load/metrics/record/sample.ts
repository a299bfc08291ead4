/**
 * One request, from when it was due to how it ended. It is mutable and short-lived: a client fills it in,
 * the recorder counts it, and a few are kept until the interval is written (exemplars.ts).
 */
import type { ErrorKind, Outcome } from '../outcome.ts';
import type { TrendName } from '../definitions.ts';

/** The series that counts the samples of one named request. There is one object per name and method. */
export interface SeriesRef {
  /**
   * Running number over all series of the run, with which the hot path finds its buffers without building
   * a key.
   */
  readonly index: number;
  readonly stream: number;
  readonly task: string;
  readonly request: string;
  /** The HTTP method; missing or empty for other protocols. */
  readonly method?: string;
}

/** Stands for a moment that has not come. It is a number, so that a sample's fields stay plain numbers. */
const notYet = -Infinity;

export class Sample {
  readonly series: SeriesRef;
  /** When it was due, ms on the run's clock. */
  readonly scheduledAtMs: number;
  /** When a machine that is never late would have sent it: it was due, and a virtual user was free. */
  readonly readyAtMs: number;
  /** When it was handed to the socket layer. Valid if `isSent`. */
  startedAtMs = notYet;
  /** When its last byte came or it was given up. Valid if `hasEnded`. */
  endedAtMs = notYet;
  /** Its lateness class (lateness.ts): the first step at which it is clean. */
  late = 0;
  outcome: Outcome = 'interrupted';
  /** One of the listed kinds, or `status 500`. */
  errorKind: ErrorKind | `status ${number}` | undefined;
  errorDetail = '';
  /** Method and URL, for debugging. Set if the request did not end ok. */
  url = '';
  bytesSent = 0;
  bytesReceived = 0;
  /** Values of trends other than the three of every request, such as connect times or tokens. */
  values: [TrendName, number][] | undefined;
  /** The same for trends with many values per request, such as the gaps of a stream. */
  lists: [TrendName, readonly number[]][] | undefined;
  /** Its parts, as its answer states them: metric and ms (clients/http/server-timing.ts). */
  hops: [string, number][] | undefined;
  labels: Readonly<Record<string, string>> | undefined;
  /** Number of the virtual user that sends it; −1 if none does. */
  user = -1;
  /** The trace id that is sent with it or comes with its answer. */
  trace: string | undefined;
  /** Number of output tokens of a stream. */
  tokens: number | undefined;
  /** Whether it is in the list of open samples. Only that list sets it. */
  isOpen = false;
  before: Sample | undefined;
  after: Sample | undefined;

  constructor(series: SeriesRef, scheduledAtMs: number, readyAtMs: number) {
    this.series = series;
    this.scheduledAtMs = scheduledAtMs;
    this.readyAtMs = readyAtMs;
  }

  get isSent(): boolean {
    return this.startedAtMs !== notYet;
  }

  get hasEnded(): boolean {
    return this.endedAtMs !== notYet;
  }

  /** Adds a value of a trend, in the trend's unit. */
  add(trend: TrendName, value: number): void {
    (this.values ??= []).push([trend, value]);
  }

  /** Adds many values of a trend. The caller must not change the list afterwards. */
  addAll(trend: TrendName, values: readonly number[]): void {
    if (values.length > 0) (this.lists ??= []).push([trend, values]);
  }

  addHop(metric: string, ms: number): void {
    (this.hops ??= []).push([metric, ms]);
  }

  /** The first value of a trend; undefined if it has none. */
  valueOf(trend: TrendName): number | undefined {
    return this.values?.find(([name]) => name === trend)?.[1];
  }

  /** Sets how it ended. The first 200 characters of `detail` are kept as the example of the kind. */
  judge(outcome: Outcome, kind?: ErrorKind | `status ${number}`, detail = ''): void {
    this.outcome = outcome;
    this.errorKind = kind;
    this.errorDetail = detail;
  }
}

/** The status of an answer, from the kind of its error; undefined if that is another one. */
export function statusOf(kind: Sample['errorKind']): number | undefined {
  return kind?.startsWith('status ') === true ? Number(kind.slice('status '.length)) : undefined;
}

/** `login took 900 ms (ok)`. */
export function slowText(
  { series: { task, request }, outcome }: Sample,
  responseMs: number,
): string {
  const name = task === request ? task : `${task}: ${request}`;
  return `${name} took ${Math.round(responseMs)} ms (${outcome})`;
}

/**
 * The samples that were sent and not counted, in the order of sending. The list is linked through the
 * samples themselves, so adding and removing neither allocate nor hash.
 */
export class OpenSamples {
  private first: Sample | undefined;
  private last: Sample | undefined;

  add(sample: Sample): void {
    sample.isOpen = true;
    sample.before = this.last;
    if (this.last === undefined) this.first = sample;
    else this.last.after = sample;
    this.last = sample;
  }

  /** Safe to call for a sample that was never added. */
  remove(sample: Sample): void {
    if (!sample.isOpen) return;
    const { before, after } = sample;
    if (before === undefined) this.first = after;
    else before.after = after;
    if (after === undefined) this.last = before;
    else after.before = before;
    sample.isOpen = false;
    sample.before = sample.after = undefined;
  }

  /** The current sample may be removed during the iteration. */
  *[Symbol.iterator](): Generator<Sample> {
    for (let sample = this.first; sample !== undefined;) {
      const { after } = sample;
      yield sample;
      sample = after;
    }
  }
}
