/** The counts of one series within one interval, and its record in the log. */
import { defined } from '../../platform/defined.ts';
import { trends, type TrendName } from '../definitions.ts';
import { Histogram } from '../histogram.ts';
import { SignedHistogram } from '../signed-histogram.ts';
import type { TrendHistogram } from '../trend-histogram.ts';
import type { ErrorRecord, SeriesRecord } from '../log/schema.ts';
import type { Outcome } from '../outcome.ts';
import type { Sample, SeriesRef } from './sample.ts';

const maxErrorKinds = 30;
const sampleLength = 200;

/** Where in its series a buffer counts: the phase, and the class of lateness. */
export interface BufferPlace {
  readonly name: string;
  readonly late: number;
}

export class SeriesBuffer {
  readonly stream: number;
  readonly task: string;
  readonly request: string;
  private readonly method: string | undefined;
  readonly phase: string;
  /** Lateness class of its requests (lateness.ts). */
  readonly late: number;
  readonly labels: Readonly<Record<string, string>> | undefined;
  private readonly counts: Partial<Record<Outcome, number>> = {};
  private bytesSent = 0;
  private bytesReceived = 0;
  private readonly errors = new Map<
    string,
    { -readonly [K in keyof ErrorRecord]: ErrorRecord[K] }
  >();
  private readonly responseTime = new Histogram();
  private readonly service = new Histogram();
  /** From due to started, including the wait for a free user. The recorder has the generator's lag. */
  private readonly scheduleLag = new Histogram();
  private readonly otherTrends = new Map<string, Histogram>();
  private ownTrends: Map<string, SignedHistogram> | undefined;
  private counters: Record<string, number> | undefined;
  private gauges: Record<string, number> | undefined;
  private rates: Record<string, { hits: number; total: number }> | undefined;

  constructor(
    ref: Omit<SeriesRef, 'index'>,
    { name, late }: BufferPlace,
    labels: Readonly<Record<string, string>> | undefined,
  ) {
    this.stream = ref.stream;
    this.task = ref.task;
    this.request = ref.request;
    this.method = ref.method === '' ? undefined : ref.method;
    this.phase = name;
    this.late = late;
    this.labels = labels;
  }

  /** Latencies of `ok` requests only. The others count as slower than any limit. */
  add(sample: Sample): void {
    const { outcome, scheduledAtMs, startedAtMs, endedAtMs } = sample;
    this.counts[outcome] = (this.counts[outcome] ?? 0) + 1;
    this.bytesSent += sample.bytesSent;
    this.bytesReceived += sample.bytesReceived;
    if (sample.isSent) this.scheduleLag.record((startedAtMs - scheduledAtMs) * 1000);
    if (sample.values !== undefined) this.addValues(sample.values, outcome === 'ok');
    if (sample.lists !== undefined) this.addLists(sample.lists, outcome === 'ok');
    if (sample.hops !== undefined) {
      for (const [name, value] of sample.hops) this.trend(name).record(value * 1000);
    }
    if (outcome === 'ok') {
      this.responseTime.record((endedAtMs - scheduledAtMs) * 1000);
      this.service.record((endedAtMs - startedAtMs) * 1000);
    } else this.addError(sample);
  }

  /** Adds a value of a built-in trend, in its unit. It is stored in thousandths. */
  addTrend(name: TrendName, value: number): void {
    this.trend(name).record(value * 1000);
  }

  /** Adds a value of the user's own trend, of any sign and size. */
  addOwnTrend(name: string, value: number): void {
    this.ownTrends ??= new Map<string, SignedHistogram>();
    let histogram = this.ownTrends.get(name);
    if (histogram === undefined) this.ownTrends.set(name, (histogram = new SignedHistogram()));
    histogram.record(value);
  }

  addCounter(name: string, value: number): void {
    this.counters ??= emptyRecord<number>();
    this.counters[name] = (this.counters[name] ?? 0) + value;
  }

  setGauge(name: string, value: number): void {
    (this.gauges ??= emptyRecord<number>())[name] = value;
  }

  addRate(name: string, hit: boolean): void {
    this.rates ??= emptyRecord<{ hits: number; total: number }>();
    const rate = (this.rates[name] ??= { hits: 0, total: 0 });
    rate.total += 1;
    if (hit) rate.hits += 1;
  }

  toRecord(): SeriesRecord {
    const trends = this.trends().map(([name, histogram]) => [name, histogram.toData()] as const);
    return { ...this.head(), trends: Object.fromEntries(trends) };
  }

  /** The record without its trends, so that the trends can be encoded one at a time. */
  head(): SeriesRecord {
    const { stream, task, request, method, phase, late, labels, bytesSent, bytesReceived } = this;
    return defined({
      stream,
      task,
      request,
      method,
      phase,
      late: late === 0 ? undefined : late,
      bytesSent,
      bytesReceived,
      outcomes: this.counts,
      labels,
      errors: this.errors.size === 0 ? undefined : [...this.errors.values()],
      counters: this.counters,
      gauges: this.gauges,
      rates: this.rates,
    });
  }

  /** The trends that have samples. */
  trends(): (readonly [string, TrendHistogram])[] {
    return [
      ['responseTime', this.responseTime] as const,
      ['service', this.service] as const,
      ['scheduleLag', this.scheduleLag] as const,
      ...this.otherTrends,
      ...(this.ownTrends ?? []),
    ].filter(([, histogram]) => histogram.count > 0);
  }

  private trend(name: string): Histogram {
    let histogram = this.otherTrends.get(name);
    if (histogram === undefined) this.otherTrends.set(name, (histogram = new Histogram()));
    return histogram;
  }

  private addValues(values: NonNullable<Sample['values']>, isOk: boolean): void {
    for (const [name, value] of values) {
      // A percentile over all scheduled requests counts those that did not end ok as slower than any.
      if (isOk || trends[name].over === 'samples') this.addTrend(name, value);
    }
  }

  private addLists(lists: NonNullable<Sample['lists']>, isOk: boolean): void {
    for (const [name, values] of lists) {
      if (!isOk && trends[name].over !== 'samples') continue;
      const histogram = this.trend(name);
      for (const value of values) histogram.record(value * 1000);
    }
  }

  private addError(sample: Sample): void {
    let kind: string = sample.errorKind ?? sample.outcome;
    if (!this.errors.has(kind) && this.errors.size >= maxErrorKinds) kind = 'other';
    // A request that was never sent or was cut off has no end, so its due time is used.
    const atMs = sample.hasEnded ? sample.endedAtMs : sample.scheduledAtMs;
    const known = this.errors.get(kind);
    if (known === undefined) {
      const detail = sample.errorDetail.slice(0, sampleLength);
      this.errors.set(kind, { kind, count: 1, firstMs: atMs, lastMs: atMs, sample: detail });
      return;
    }
    known.count += 1;
    known.lastMs = Math.max(known.lastMs, atMs);
    known.firstMs = Math.min(known.firstMs, atMs);
  }
}

/** An object without a prototype, since a metric may be named `constructor`. */
function emptyRecord<V>(): Record<string, V> {
  return Object.create(null) as Record<string, V>;
}
