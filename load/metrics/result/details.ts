/**
 * Details for reports over time, folded from the lines of one log: for each interval the distribution of
 * response times, the errors, the streamed tokens, and the state of this machine.
 */
import { hopPrefix, isHop } from '../definitions.ts';
import { logBarOf } from '../log-bars.ts';
import { Histogram } from '../histogram.ts';
import type { RequestRecord } from '../log/request-record.ts';
import type { GeneratorRecord, Interval, LogLine, SeriesRecord } from '../log/schema.ts';
import { statisticOf } from '../percentile.ts';
import { latencyData } from '../trend-histogram.ts';

/** The trends of streamed answers that are drawn over time. */
export const streamTrends = ['ttft', 'interToken'] as const;
export type StreamTrend = (typeof streamTrends)[number];

/** How many requests are in each bar (log-bars.ts). */
type Bars = Map<number, number>;

export interface IntervalDetail {
  readonly startMs: number;
  readonly endMs: number;
  /** Response times of the judged load stream's requests that ended ok. The empty name stands for all tasks. */
  readonly bars: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Requests of all load streams that did not end ok, by kind. */
  readonly errors: ReadonlyMap<string, number>;
  /** p50 and p95 of the recorded values, in ms. Trends without values are left out. */
  readonly streamed: ReadonlyMap<StreamTrend, { readonly p50: number; readonly p95: number }>;
  /**
   * Average duration of an answer in ms, and the share of each hop as stated by the answers
   * (`Server-Timing`). A hop that only some answers state is averaged over all. `undefined` if no answer
   * stated any.
   */
  readonly hops: { readonly wholeMs: number; readonly ms: ReadonlyMap<string, number> } | undefined;
  readonly generator: {
    readonly utilisation: number;
    readonly cpu: number;
    readonly rssBytes: number;
    readonly loopDelayP99Ms: number;
    readonly loopDelayMaxMs: number;
    /** From when a request was ready to its start. */
    readonly lagP99Ms: number;
    /** Open at the end of the interval. Unknown with a proxy, and in logs of older versions. */
    readonly sockets: number | undefined;
  };
}

/** The single requests of a load, interval by interval. */
export type ToldRequests = readonly (readonly RequestRecord[])[];

export class DetailFold {
  readonly intervals: IntervalDetail[] = [];
  /** The single requests of each interval. */
  readonly requests: (readonly RequestRecord[])[] = [];

  /** Takes the lines of a log in order. */
  readonly add = (line: LogLine): void => {
    if (line.type !== 'interval') return;
    this.intervals.push(detailOf(line));
    this.requests.push(line.requests ?? []);
  };
}

function detailOf({ startMs, endMs, series, generator }: Interval): IntervalDetail {
  const judged = series.filter(({ stream }) => stream === 0);
  return {
    startMs,
    endMs,
    bars: barsOf(judged),
    errors: errorsOf(series),
    streamed: new Map(
      streamTrends.flatMap((name) => {
        const histogram = mergedTrend(judged, name);
        if (histogram.count === 0) return [];
        const at = (statistic: 'p50' | 'p95') =>
          statisticOf(histogram, statistic, histogram.count) / 1000;
        return [[name, { p50: at('p50'), p95: at('p95') }] as const];
      }),
    ),
    hops: hopsOf(judged),
    generator: healthOf(generator),
  };
}

function hopsOf(series: readonly SeriesRecord[]): IntervalDetail['hops'] {
  const sums = new Map<string, number>();
  let [wholeUs, answers] = [0, 0];
  for (const { trends = {} } of series) {
    const all = latencyData(trends['responseTime']);
    wholeUs += all?.sum ?? 0;
    answers += all?.count ?? 0;
    for (const name of Object.keys(trends).filter(isHop)) {
      const hop = name.slice(hopPrefix.length);
      sums.set(hop, (sums.get(hop) ?? 0) + (latencyData(trends[name])?.sum ?? 0));
    }
  }
  if (sums.size === 0 || answers === 0) return undefined;
  const ms = [...sums].map(([hop, us]) => [hop, us / 1000 / answers] as const);
  return { wholeMs: wholeUs / 1000 / answers, ms: new Map(ms) };
}

function barsOf(series: readonly SeriesRecord[]): Map<string, Bars> {
  const byTask = new Map<string, Bars>([['', new Map()]]);
  for (const { task, trends } of series) {
    const own = byTask.get(task) ?? new Map<number, number>();
    byTask.set(task, own);
    for (const [micros, count] of latencyData(trends?.['responseTime'])?.buckets ?? []) {
      const bar = logBarOf(micros);
      for (const bars of [own, byTask.get('')!]) bars.set(bar, (bars.get(bar) ?? 0) + count);
    }
  }
  return byTask;
}

function errorsOf(series: readonly SeriesRecord[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, count } of series.flatMap(({ errors = [] }) => errors)) {
    counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  return counts;
}

function mergedTrend(series: readonly SeriesRecord[], name: StreamTrend): Histogram {
  const merged = new Histogram();
  for (const { trends } of series) {
    const data = latencyData(trends?.[name]);
    if (data !== undefined) merged.add(data);
  }
  return merged;
}

function healthOf({ utilisation, cpu, rssBytes, loopDelay, lag, sockets }: GeneratorRecord) {
  const p99Ms = (histogram: Histogram): number =>
    histogram.count === 0 ? 0 : statisticOf(histogram, 'p99', histogram.count) / 1000;
  return {
    utilisation,
    cpu,
    rssBytes,
    loopDelayP99Ms: p99Ms(Histogram.from(loopDelay)),
    loopDelayMaxMs: loopDelay.max / 1000,
    lagP99Ms: p99Ms(Histogram.from(lag)),
    sockets,
  };
}
