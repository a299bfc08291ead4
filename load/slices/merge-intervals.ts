/** Merges the slices' intervals of the same time into one: counts are added, histograms merged. */
import { Histogram } from '../metrics/histogram.ts';
import type { GeneratorRecord, Interval, LoadEvent, SeriesRecord } from '../metrics/log/schema.ts';
import { windowsMs } from '../metrics/record/bunching.ts';
import { latenessStepsMs } from '../metrics/record/lateness.ts';
import { SeriesTotals, type SeriesTotal } from '../metrics/result/series-totals.ts';
import { defined } from '../platform/defined.ts';
import { sumOf } from '../platform/lists.ts';

/** An interval and its slice. */
interface SliceInterval {
  readonly slice: number;
  readonly interval: Interval;
}

const maxEvents = 50;
const maxLoopStalls = 50;

/** `parts`: at least one. A slice may have several, one after another. */
export function mergeIntervals(
  parts: readonly SliceInterval[],
  { startMs, endMs }: Pick<Interval, 'startMs' | 'endMs'>,
): Interval {
  const intervals = parts.map(({ interval }) => interval);
  // For a level at the end of the time, a slice's last interval counts.
  const last = [...new Map(parts.map(({ slice, interval }) => [slice, interval])).values()];
  const total = (of: readonly Interval[], pick: (one: Interval) => number): number =>
    of.reduce((sum, one) => sum + pick(one), 0);
  const readings = intervals.flatMap(({ monitor }) => monitor?.readings ?? []);
  return defined({
    type: 'interval',
    startMs,
    endMs,
    phases: longestOf(intervals).phases,
    users: total(last, ({ users }) => users),
    inFlight: total(last, ({ inFlight }) => inFlight),
    // The peaks may have been at different moments, so their sum is an upper bound.
    inFlightPeak: total(last, ({ inFlightPeak }) => inFlightPeak),
    judged: mergeJudged(last),
    oldestMs: Math.max(...last.map(({ oldestMs }) => oldestMs)),
    backlog: total(last, ({ backlog }) => backlog),
    scheduled: total(intervals, ({ scheduled }) => scheduled),
    sent: total(intervals, ({ sent }) => sent),
    inFlightSamples: {
      // Each slice takes one sample per millisecond, so the samples of one moment are added.
      count: total(intervals, ({ inFlightSamples }) => inFlightSamples.count) / last.length,
      sum: total(intervals, ({ inFlightSamples }) => inFlightSamples.sum),
    },
    busyMs: total(intervals, ({ busyMs }) => busyMs),
    ageMs: total(last, ({ ageMs }) => ageMs),
    series: mergeSeries(intervals.flatMap(({ series }) => series)),
    stalls: [],
    events: mergeEvents(intervals.flatMap(({ events }) => events)),
    monitor: readings.length === 0 ? undefined : { readings },
    generator: {
      ...mergeGenerators(intervals.map(({ generator }) => generator)),
      users: total(last, ({ generator, users }) => generator.users ?? users),
    },
  });
}

function mergeJudged(last: readonly Interval[]): Interval['judged'] {
  const parts = last.flatMap(({ judged }) => judged ?? []);
  if (parts.length === 0) return undefined;
  return {
    users: sumOf(parts, ({ users }) => users),
    inFlight: sumOf(parts, ({ inFlight }) => inFlight),
    inFlightPeak: sumOf(parts, ({ inFlightPeak }) => inFlightPeak),
  };
}

/** Its phase is used for all: the slices end at the same border within a moment. */
function longestOf(intervals: readonly Interval[]): Interval {
  return intervals.reduce((a, b) => (b.endMs - b.startMs > a.endMs - a.startMs ? b : a));
}

/** Each lateness class separately, as in a slice's own log. */
function mergeSeries(records: readonly SeriesRecord[]): SeriesRecord[] {
  const byClass = new Map<number, SeriesTotals>();
  for (const record of records) {
    const { late = 0 } = record;
    let totals = byClass.get(late);
    if (totals === undefined) byClass.set(late, (totals = new SeriesTotals()));
    totals.add(record);
  }
  return [...byClass].flatMap(([late, totals]) =>
    totals.all().map((total) => recordOf(total, late)),
  );
}

function recordOf(total: SeriesTotal, late: number): SeriesRecord {
  const { stream, task, request, method, phase, outcomes, bytesSent, bytesReceived } = total;
  const trends = [...total.trends].map(([name, own]) => [name, own.toData()] as const);
  return defined({
    stream,
    task,
    request,
    method: method === '' ? undefined : method,
    labels: { ...total.labels },
    phase,
    late: late === 0 ? undefined : late,
    outcomes,
    bytesSent,
    bytesReceived,
    errors: [...total.errors],
    trends: Object.fromEntries(trends),
    counters: total.counters,
    gauges: total.gauges,
    rates: total.rates,
  });
}

/** In order. Events beyond the limit are reported as a number. */
function mergeEvents(events: LoadEvent[]): LoadEvent[] {
  const sorted = events.sort((a, b) => a.atMs - b.atMs);
  const rest = sorted.slice(maxEvents);
  const [first] = rest;
  if (first === undefined) return sorted;
  const count = rest.reduce((sum, one) => sum + (one.count ?? 1), 0);
  return [...sorted.slice(0, maxEvents), { ...first, text: 'further events', count }];
}

/** The flags of each slice are its own (slice-log.ts); rows are decided by the data of all slices. */
function mergeGenerators(records: readonly GeneratorRecord[]): GeneratorRecord {
  const loopDelay = new Histogram();
  const lag = new Histogram();
  for (const one of records) {
    loopDelay.add(one.loopDelay);
    lag.add(one.lag);
  }
  return {
    utilisation: Math.max(...records.map(({ utilisation }) => utilisation)),
    cpu: records.reduce((sum, { cpu }) => sum + cpu, 0),
    rssBytes: records.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    loopDelay: loopDelay.toData(),
    loopStalls: records.flatMap(({ loopStalls }) => loopStalls).slice(0, maxLoopStalls),
    lag: lag.toData(),
    ...defined({ sockets: mergedSockets(records), lateMs: mergedLateMs(records) }),
    heldMs: records.reduce((sum, { heldMs = 0 }) => sum + heldMs, 0),
    heldCount: records.reduce((sum, { heldCount = 0 }) => sum + heldCount, 0),
    lagMs: records.reduce((sum, one) => sum + (one.lagMs ?? one.lag.sum / 1000), 0),
    squares: {
      ready: windowsMs.map((_, i) => sumOfSquares(records, 'ready', i)),
      started: windowsMs.map((_, i) => sumOfSquares(records, 'started', i)),
    },
  };
}

/** Unknown if a slice does not know it. */
function mergedSockets(records: readonly GeneratorRecord[]): number | undefined {
  const sum = records.reduce((all, { sockets = NaN }) => all + sockets, 0);
  return Number.isNaN(sum) ? undefined : sum;
}

/** Missing if a slice's log is of an older version without it. */
function mergedLateMs(records: readonly GeneratorRecord[]): number[] | undefined {
  if (records.some(({ lateMs }) => lateMs === undefined)) return undefined;
  return latenessStepsMs.map((_, step) =>
    Math.max(...records.map((one) => one.lateMs![step] ?? 0)),
  );
}

function sumOfSquares(
  records: readonly GeneratorRecord[],
  of: 'ready' | 'started',
  window: number,
): number {
  return records.reduce((sum, { squares }) => sum + (squares?.[of][window] ?? 0), 0);
}

/** All slices monitor the same system, so for each source the first slice that reported it is used. */
export class MonitorSources {
  private readonly tellers = new Map<string, number>();

  /** The interval without the readings of sources that another slice already provides. */
  keepIn({ slice, interval }: SliceInterval): SliceInterval {
    const { monitor } = interval;
    if (monitor?.readings === undefined) return { slice, interval };
    const readings = monitor.readings.filter(({ source }) => {
      const teller = this.tellers.get(source) ?? slice;
      this.tellers.set(source, teller);
      return teller === slice;
    });
    return { slice, interval: { ...interval, monitor: { ...monitor, readings } } };
  }
}
