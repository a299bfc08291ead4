/**
 * One request on its way, from when it was due to how it ended. Mutable and short-lived: a client
 * fills it in, the recorder counts it, and a few are kept until the interval is told (exemplars.ts).
 */
import type { ErrorKind, Outcome } from '../outcome.ts';
import type { TrendName } from '../definitions.ts';

/** The series in which the samples of one named request are counted: interned, one object per name. */
export interface SeriesRef {
  /** Running number over all series of the run: the hot path finds its buffers by it and builds no key. */
  readonly index: number;
  readonly stream: number;
  readonly task: string;
  readonly request: string;
}

/** A moment that has not come. A number, so that the fields of a sample stay plain numbers. */
const notYet = -Infinity;

export class Sample {
  readonly series: SeriesRef;
  /** When it was due, ms on the run's clock. */
  readonly scheduledAtMs: number;
  /** When a machine that is never late would have sent it: it was due, and a virtual user was free. */
  readonly readyAtMs: number;
  /** When it was handed to the socket layer; means something once `isSent`. */
  startedAtMs = notYet;
  /** When its last byte came or it was given up; means something once `hasEnded`. */
  endedAtMs = notYet;
  /** Its class of lateness (lateness.ts): the first step at which it is clean. */
  late = 0;
  outcome: Outcome = 'interrupted';
  /** A kind of the list, or `status 500`. */
  errorKind: ErrorKind | `status ${number}` | undefined;
  errorDetail = '';
  /** Method and address, for whoever has to look; set where the request did not end ok. */
  url = '';
  bytesSent = 0;
  bytesReceived = 0;
  /** Values of other trends than the three of every request: the opening of its connection, its tokens. */
  values: [TrendName, number][] | undefined;
  /** The same for trends of which a request has many: the gaps of a stream. */
  lists: [TrendName, readonly number[]][] | undefined;
  /** Its parts by the answer's own account: metric and ms (clients/http/server-timing.ts). */
  hops: [string, number][] | undefined;
  labels: Readonly<Record<string, string>> | undefined;
  /** Number of the virtual user that sends it; −1: none. */
  user = -1;
  /** The trace id that is sent with it, or that its answer tells. */
  trace: string | undefined;
  /** Output tokens, of a stream. */
  tokens: number | undefined;
  /** Its place among the open samples, which is theirs to keep. */
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

  /** Adds many values of a trend, which stay as they are from here on. */
  addAll(trend: TrendName, values: readonly number[]): void {
    if (values.length > 0) (this.lists ??= []).push([trend, values]);
  }

  addHop(metric: string, ms: number): void {
    (this.hops ??= []).push([metric, ms]);
  }

  /** The first value of a trend, if it has one. */
  valueOf(trend: TrendName): number | undefined {
    return this.values?.find(([name]) => name === trend)?.[1];
  }

  /** States how it ended. The first 200 characters of `detail` are kept as the kind's sample. */
  judge(outcome: Outcome, kind?: ErrorKind | `status ${number}`, detail = ''): void {
    this.outcome = outcome;
    this.errorKind = kind;
    this.errorDetail = detail;
  }
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
 * The samples that were sent and not counted yet, in the order in which they were sent. A linked list
 * through the samples themselves: adding and removing allocate nothing and hash nothing.
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

  /** The one that is looked at may be removed meanwhile. */
  *[Symbol.iterator](): Generator<Sample> {
    for (let sample = this.first; sample !== undefined;) {
      const { after } = sample;
      yield sample;
      sample = after;
    }
  }
}
