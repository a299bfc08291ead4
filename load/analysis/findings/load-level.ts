/**
 * One load as the rules see it: its latency, what was recorded of its requests, and the monitor's readings. Of its
 * timeline the users alone are kept: all the loads of a run are looked at together.
 */
import type { Statistic } from '../../metrics/definitions.ts';
import { quantileInterval, statisticOf } from '../../metrics/percentile.ts';
import { errorsOf, scheduledOf, type OutcomeCounts } from '../../metrics/outcome.ts';
import {
  judgedSpans,
  levelsIn,
  type Level as Reading,
  type Span,
} from '../../metrics/result/readings.ts';
import { judgedMs, judgedPoints, type Plan, type Result } from '../../metrics/result/result.ts';
import { errorsIn, outcomesOf, selectSeries, trendOf } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { groupedBy, sumOf } from '../../platform/lists.ts';

/** What was recorded of a trend, in its unit; NaN where that is nothing. */
export interface Distribution {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
}

/** A percentile of the response time over all scheduled requests, with its interval; in ms. */
interface Percentile {
  readonly ms: number;
  readonly interval: readonly [number, number];
}

export class LoadLevel {
  readonly plan: Plan;
  readonly series: readonly SeriesTotal[];
  readonly outcomes: OutcomeCounts;
  /** What changed it while it ran. */
  readonly stages: Result['stages'];
  /** Requests that were scheduled in the judged time. */
  readonly scheduled: number;
  readonly window: Span;
  /** Virtual users, or arrivals per second: what the level is a level of. */
  readonly load: number;
  /** Requests in flight, on average. */
  readonly inFlight: number;
  /** Requests that ended ok, per second. */
  readonly throughput: number;
  readonly meanMs: number;
  readonly p50: Percentile;
  readonly p95: Percentile;
  /** Virtual users in the judged time, in order. */
  readonly users: readonly number[];
  private readonly spans: readonly Span[];
  private readonly read: Result['readings'];
  /** All that was read, by its name. */
  private readonly figures: readonly string[];

  constructor(result: Result) {
    this.plan = result.plan;
    this.stages = result.stages;
    this.read = result.readings;
    this.figures = [
      ...new Set(
        result.readings.flatMap(({ gauges = {}, ratios = {} }) => [
          ...Object.keys(gauges),
          ...Object.keys(ratios),
        ]),
      ),
    ];
    this.series = selectSeries(result);
    this.outcomes = outcomesOf(this.series);
    this.scheduled = scheduledOf(this.outcomes);
    this.spans = judgedSpans(result);
    this.window = [this.spans[0]?.[0] ?? 0, this.spans.at(-1)?.[1] ?? 0];
    const points = judgedPoints(result);
    const lengthMs = Math.max(1, judgedMs(result));
    const meanOf = (valueOf: (point: (typeof points)[number]) => number): number =>
      sumOf(points, (point) => valueOf(point) * (point.endMs - point.startMs)) / lengthMs;
    const isOpen = result.plan.streams[0]?.workload['model'] === 'open';
    this.users = points.map((point) => (point.judged ?? point).users);
    const users = meanOf((point) => (point.judged ?? point).users);
    this.load = isOpen ? (1000 * this.scheduled) / lengthMs : users;
    this.inFlight = meanOf((point) => (point.judged ?? point).inFlight);
    this.throughput = (1000 * (this.outcomes.ok ?? 0)) / lengthMs;
    const histogram = trendOf(this.series, 'responseTime');
    this.meanMs = histogram.count === 0 ? NaN : histogram.mean / 1000;
    const percentile = (name: 'p50' | 'p95', q: number): Percentile => {
      const [low, high] = quantileInterval(histogram, q, this.scheduled);
      const ms = statisticOf(histogram, name, this.scheduled) / 1000;
      return { ms, interval: [low / 1000, high / 1000] };
    };
    this.p50 = percentile('p50', 0.5);
    this.p95 = percentile('p95', 0.95);
  }

  /** As a reader says it: the plan's own is a part of file names. */
  get name(): string {
    return this.plan.level.replaceAll('-', ' ');
  }

  get errorRate(): number {
    return this.scheduled === 0 ? 0 : errorsOf(this.outcomes) / this.scheduled;
  }

  /** What the monitor read of a figure in the judged time, in order; where the system itself does not tell it, of a page that does. */
  readings(figure: string): readonly Reading[] {
    const [name = figure] = this.tellersOf(figure);
    return levelsIn({ readings: this.read }, name, this.spans);
  }

  /** The names under which a figure was read: its own first, then those of pages that tell it apart (`gpuMemory@gpu-1:9400`). */
  tellersOf(figure: string): readonly string[] {
    const names = this.figures.filter((name) => name.startsWith(`${figure}@`)).sort();
    return this.figures.includes(figure) ? [figure, ...names] : names;
  }

  /** What was counted in the judged time, and over how much: `undefined` where nobody read it. */
  counted(figure: string): { readonly part: number; readonly whole: number } | undefined {
    const [from, to] = this.window;
    const [name = figure] = this.tellersOf(figure);
    const ratios = this.read.flatMap(({ fromMs, toMs, ratios: own = {} }) => {
      const ratio = Object.hasOwn(own, name) ? own[name] : undefined;
      return ratio !== undefined && (fromMs + toMs) / 2 > from && (fromMs + toMs) / 2 < to
        ? [ratio]
        : [];
    });
    if (ratios.length === 0) return undefined;
    return { part: sumOf(ratios, (r) => r.part), whole: sumOf(ratios, (r) => r.whole) };
  }

  /** A trend of its requests, or of some of them; of those that recorded it. */
  trend(name: string, series = this.series): Distribution {
    const histogram = trendOf(series, name);
    const { count, perUnit } = histogram;
    const statistic = (of: Statistic): number => statisticOf(histogram, of, count) / perUnit;
    return { count, mean: statistic('avg'), p50: statistic('p50'), p95: statistic('p95') };
  }

  /** A trend by task, of those that recorded it. */
  byTask(name: string): ReadonlyMap<string, Distribution> {
    const tasks = groupedBy(this.series, ({ task }) => task);
    const told = [...tasks].map(([task, series]) => [task, this.trend(name, series)] as const);
    return new Map(told.filter(([, { count }]) => count > 0));
  }

  /** What a part of the requests is of the time that all of them took; `undefined` where none tells it. */
  shareOfLatency(part: Distribution): number | undefined {
    const whole = this.meanMs * (this.outcomes.ok ?? 0);
    if (part.count === 0 || !(whole > 0)) return undefined;
    return Math.min(1, (part.mean * part.count) / whole);
  }

  /** The same by the number in a label (`≤ 256` is 256), ascending; what has no number is left out. */
  trendBy(label: string, name: string): readonly (Distribution & { readonly upTo: number })[] {
    const values = new Set(this.series.flatMap(({ labels }) => labels[label] ?? []));
    return [...values]
      .map((value) => {
        const own = this.series.filter(({ labels }) => labels[label] === value);
        const upTo = Number(/\d+/.exec(value)?.[0] ?? NaN) + (/^>/.test(value) ? 1 : 0);
        return { ...this.trend(name, own), upTo };
      })
      .filter(({ upTo, count }) => !Number.isNaN(upTo) && count > 0)
      .sort((a, b) => a.upTo - b.upTo);
  }

  /** A rate that was recorded of its requests. */
  rate(name: string): { readonly hits: number; readonly total: number } | undefined {
    const own = this.series.flatMap(({ rates }) =>
      Object.hasOwn(rates, name) ? [rates[name]!] : [],
    );
    if (own.length === 0) return undefined;
    return { hits: sumOf(own, ({ hits }) => hits), total: sumOf(own, ({ total }) => total) };
  }

  /**
   * Requests in a second that met all limits, where that was counted; else those within the loosest limit on the
   * response time. `undefined` where there is no limit.
   */
  goodPerSecond(): number | undefined {
    const good = this.rate('goodput')?.hits ?? this.withinLimit();
    const [from, to] = this.window;
    return good === undefined ? undefined : (1000 * good) / Math.max(1, to - from);
  }

  private withinLimit(): number | undefined {
    const limits = this.plan.budgets.filter(({ subject, op, task }) => {
      const isOfAll = task === undefined && (op === '<' || op === '<=');
      return isOfAll && subject.kind === 'trend' && subject.metric === 'responseTime';
    });
    if (limits.length === 0) return undefined;
    const loosestUs = 1000 * Math.max(...limits.map(({ limit }) => limit));
    const buckets = trendOf(this.series, 'responseTime').buckets();
    return buckets.reduce((sum, [value, count]) => (value <= loosestUs ? sum + count : sum), 0);
  }

  /** How many requests ended in an error whose kind or sample says so. */
  errorsLike(pattern: RegExp): number {
    const said = errorsIn(this.series).filter((e) => pattern.test(`${e.kind} ${e.sample}`));
    return sumOf(said, ({ count }) => count);
  }
}

/** A share of a fifth, and at least 5 ms: less is no rise that anybody would ask about. */
const leastRise = 1.2;
const leastRiseMs = 5;

/** The percentile that is clearly up against the other level, beyond both intervals; the median first. */
export function latencyRise(
  level: LoadLevel,
  other: LoadLevel,
): { readonly name: 'p50' | 'p95'; readonly fromMs: number; readonly toMs: number } | undefined {
  for (const name of ['p95', 'p50'] as const) {
    const [to, from] = [level[name], other[name]];
    const isFar = to.ms >= leastRise * from.ms && to.ms - from.ms >= leastRiseMs;
    if (isFar && to.interval[0] > from.interval[1]) return { name, fromMs: from.ms, toMs: to.ms };
  }
  return undefined;
}
