/**
 * One request on its way, from when it was due to how it ended. Mutable and short-lived: a client
 * fills it in, the recorder counts it, nothing keeps it.
 */
import type { ErrorKind, Outcome } from '../outcome.ts';
import type { TrendName } from '../definitions.ts';
import type { SeriesRef } from './series-ref.ts';

export class Sample {
  readonly series: SeriesRef;
  /** When it was due, ms on the run's clock. */
  readonly scheduledAtMs: number;
  /** When everything but this machine was ready for it: due, and a virtual user free. */
  readonly readyAtMs: number;
  startedAtMs = NaN;
  endedAtMs = NaN;
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
  labels: Readonly<Record<string, string>> | undefined;
  /** Its place among the open samples, which is theirs to keep (open-samples.ts). */
  isOpen = false;
  before: Sample | undefined;
  after: Sample | undefined;

  constructor(series: SeriesRef, scheduledAtMs: number, readyAtMs: number) {
    this.series = series;
    this.scheduledAtMs = scheduledAtMs;
    this.readyAtMs = readyAtMs;
  }

  /** Adds a value of a trend, in the trend's unit. */
  add(trend: TrendName, value: number): void {
    (this.values ??= []).push([trend, value]);
  }

  /** The first value of a trend; NaN where there is none. */
  valueOf(trend: TrendName): number {
    return this.values?.find(([name]) => name === trend)?.[1] ?? NaN;
  }

  /** States how it ended. The first 200 characters of `detail` are kept as the kind's sample. */
  judge(outcome: Outcome, kind?: ErrorKind | `status ${number}`, detail = ''): void {
    this.outcome = outcome;
    this.errorKind = kind;
    this.errorDetail = detail;
  }
}
