/**
 * One load as input of the rules: its latency, the recorded metrics of its requests, and the monitor's
 * readings. Of its timeline only the users are kept, since all loads of a run are in memory together.
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

/** The recorded values of a trend, in its unit; NaN if there are none. */
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
  /** Changes of its level while it ran. */
  readonly stages: Result['stages'];
  /** Requests scheduled in the judged time. */
  readonly scheduled: number;
  readonly window: Span;
  /** Virtual users, or arrivals per second: the size of the level. */
  readonly load: number;
  /** Mean number of requests in flight. */
  readonly inFlight: number;
  /** Ok requests per second. */
  readonly throughput: number;
  readonly meanMs: number;
  readonly p50: Percentile;
  readonly p95: Percentile;
  /** Virtual users in the judged time, in order. */
  readonly users: readonly number[];
  private readonly spans: readonly Span[];
  private readonly read: Result['readings'];
  /** Names of all figures that were read. */
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

  /** The name for readers. The plan's own name is part of file names. */
  get name(): string {
    return this.plan.level.replaceAll('-', ' ');
  }

  get errorRate(): number {
    return this.scheduled === 0 ? 0 : errorsOf(this.outcomes) / this.scheduled;
  }

  /**
   * The monitor's readings of a figure in the judged time, in order. If the system itself does not report
   * it, those of a page that does.
   */
  readings(figure: string): readonly Reading[] {
    const [name = figure] = this.tellersOf(figure);
    return levelsIn({ readings: this.read }, name, this.spans);
  }

  /** The names under which a figure was read: its own first, then those of pages (`gpuMemory@gpu-1:9400`). */
  tellersOf(figure: string): readonly string[] {
    const names = this.figures.filter((name) => name.startsWith(`${figure}@`)).sort();
    return this.figures.includes(figure) ? [figure, ...names] : names;
  }

  /** Returns how much was counted in the judged time, and the total; `undefined` if it was not read. */
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

  /** The recorded values of a trend, over all requests or over `series`. */
  trend(name: string, series = this.series): Distribution {
    const histogram = trendOf(series, name);
    const { count, perUnit } = histogram;
    const statistic = (of: Statistic): number => statisticOf(histogram, of, count) / perUnit;
    return { count, mean: statistic('avg'), p50: statistic('p50'), p95: statistic('p95') };
  }

  /** The recorded values of a trend by task. */
  byTask(name: string): ReadonlyMap<string, Distribution> {
    const tasks = groupedBy(this.series, ({ task }) => task);
    const told = [...tasks].map(([task, series]) => [task, this.trend(name, series)] as const);
    return new Map(told.filter(([, { count }]) => count > 0));
  }

  /** The sum of a trend as a share of the total response time; `undefined` if it was not recorded. */
  shareOfLatency(part: Distribution): number | undefined {
    const whole = this.meanMs * (this.outcomes.ok ?? 0);
    if (part.count === 0 || !(whole > 0)) return undefined;
    return Math.min(1, (part.mean * part.count) / whole);
  }

  /** The trend by the number in a label (`≤ 256` is 256), ascending. Labels without a number are left out. */
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

  /** A recorded rate of its requests. */
  rate(name: string): { readonly hits: number; readonly total: number } | undefined {
    const own = this.series.flatMap(({ rates }) =>
      Object.hasOwn(rates, name) ? [rates[name]!] : [],
    );
    if (own.length === 0) return undefined;
    return { hits: sumOf(own, ({ hits }) => hits), total: sumOf(own, ({ total }) => total) };
  }

  /**
   * Good requests per second, if goodput was measured; else those within the loosest limit on the
   * response time. `undefined` if there is no limit.
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

  /** How many requests ended in an error whose kind or example matches. */
  errorsLike(pattern: RegExp): number {
    const said = errorsIn(this.series).filter((e) => pattern.test(`${e.kind} ${e.sample}`));
    return sumOf(said, ({ count }) => count);
  }
}

/** At least a fifth and 5 ms. A smaller rise is not worth explaining. */
const leastRise = 1.2;
const leastRiseMs = 5;

/**
 * The first percentile, beginning with the median, that is clearly above the other level's, beyond both
 * intervals.
 */
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
