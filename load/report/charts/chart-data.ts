/** The data of a load's charts, the same for a picture and for a page. */
import type { Budget } from '../../metrics/log/budget.ts';
import { keyText } from '../../budgets/never-seen.ts';
import { stallsIn } from '../../budgets/observe/stall.ts';
import { logBarEdgeMs, logBarOf } from '../../metrics/log-bars.ts';
import { stageText } from '../../metrics/log/stage.ts';
import { errorsOf, scheduledOf, type OutcomeCounts } from '../../metrics/outcome.ts';
import { isJudged, type Result } from '../../metrics/result/result.ts';
import { outcomesOf, selectSeries, statisticIn, trendOf } from '../../metrics/result/select.ts';
import { groupedBy, sumOf } from '../../platform/lists.ts';
import { longestStalls } from '../text/verdict-table.ts';
import type { TimelinePoint } from '../../metrics/result/timeline.ts';

export const charted = ['p50', 'p95', 'p99'] as const;
export type ChartedPercentile = (typeof charted)[number];

export interface Bin {
  readonly startMs: number;
  readonly endMs: number;
  /** `users` and `inFlight`: the maximum of any interval in the bin, of the judged load stream. */
  readonly users: number;
  readonly inFlight: number;
  /** This and the next two: requests that ended in the bin. */
  readonly okPerSecond: number;
  readonly errorsPerSecond: number;
  /** Requests that are neither ok nor an error: throttled, degraded, interrupted. */
  readonly othersPerSecond: number;
  /**
   * The maximum of any interval in the bin; ∞ if the percentile is among requests that did not end ok,
   * `null` if none ended.
   */
  readonly ms: Readonly<Record<ChartedPercentile, number | null>>;
}

interface Bins {
  readonly bins: readonly Bin[];
  readonly widthMs: number;
}

export interface Span {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly judged: boolean;
}

export interface LatencyLimit {
  readonly limitMs: number;
  /** `p95 < 3 s`, `query: p95 < 2 s`; several budgets with one limit are all listed. */
  readonly label: string;
}

/** Response times of the ok requests of the judged phases. */
interface Distribution {
  /** Ascending, without gaps: `highMs` of one is `lowMs` of the next. */
  readonly bars: readonly {
    readonly lowMs: number;
    readonly highMs: number;
    readonly count: number;
  }[];
  readonly percentiles: Readonly<Record<ChartedPercentile, number>>;
  readonly ok: number;
  readonly notOk: number;
}

export interface ChartData extends Bins {
  readonly endMs: number;
  /** The actual times of the phases. */
  readonly phases: readonly Span[];
  /** Stalls that count: of the judged load stream, and not wholly in a phase that is not judged. */
  readonly stalls: readonly { readonly startMs: number; readonly endMs: number }[];
  readonly limits: readonly LatencyLimit[];
  /** The changes of its level while it ran. */
  readonly stages: readonly { readonly atMs: number; readonly text: string }[];
  readonly distribution: Distribution;
}

/** With more bins, points would be closer than two pixels. */
const maxBins = 400;
const secondsOfWidths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600];

const maxStalls = 200;
const maxLimits = 9;

export function chartData(result: Result): ChartData {
  const stalls = longestStalls(stallsIn(result), maxStalls);
  return {
    ...binsOf(result.timeline),
    endMs: result.timeline.at(-1)?.endMs ?? 0,
    phases: phasesOf(result),
    stalls: stalls.map(({ startMs, endMs }) => ({ startMs, endMs })),
    limits: limitsOf(result),
    stages: result.stages.map((stage) => ({ atMs: stage.atMs, text: stageText(stage) })),
    distribution: distributionOf(result),
  };
}

/**
 * Bins of at least a second: the short intervals at the borders of phases are merged into the bin of
 * their second, since a rate over a few ms would stand out without reason.
 */
export function binsOf(timeline: readonly TimelinePoint[]): Bins {
  const { groups, widthMs } = binned(timeline, maxBins);
  return { bins: groups.map(binOf), widthMs };
}

type Interval = Pick<TimelinePoint, 'startMs' | 'endMs'>;

/** The time per point, so that a load of that length has at most `most` points. */
export function binWidthMs(lengthMs: number, most: number): number {
  const needed = lengthMs / 1000 / most;
  return 1000 * (secondsOfWidths.find((one) => one >= needed) ?? Math.ceil(needed));
}

/** The intervals in groups of `widthMs`. Default: wide enough for at most `most` groups. */
export function binned<Point extends Interval>(
  timeline: readonly Point[],
  most: number,
  widthMs = binWidthMs(timeline.at(-1)?.endMs ?? 0, most),
) {
  const groups: Point[][] = [];
  let current = -1;
  for (const point of timeline) {
    // An interval may begin a fraction of a millisecond before its second.
    const index = Math.floor((point.startMs + 1) / widthMs);
    if (index !== current) groups.push([]);
    current = index;
    groups.at(-1)!.push(point);
  }
  joinShortEnd(groups, widthMs);
  return { groups, widthMs };
}

function joinShortEnd(groups: Interval[][], widthMs: number): void {
  const [before, last] = groups.slice(-2);
  if (last === undefined || before === undefined) return;
  if (last.at(-1)!.endMs - last[0]!.startMs >= widthMs / 2) return;
  before.push(...last);
  groups.pop();
}

function binOf(points: readonly TimelinePoint[]): Bin {
  const [startMs, endMs] = [points[0]!.startMs, points.at(-1)!.endMs];
  const all = points.flatMap(({ tasks }) => tasks[''] ?? []);
  const perSecond = (count: (outcomes: OutcomeCounts) => number): number =>
    (sumOf(all, ({ outcomes }) => count(outcomes)) * 1000) / (endMs - startMs);
  const highest = (name: ChartedPercentile): number | null => {
    const known = all.map(({ ms }) => ms[name]).filter((value) => !Number.isNaN(value));
    return known.length === 0 ? null : Math.max(...known);
  };
  return {
    startMs,
    endMs,
    users: Math.max(...points.map(({ judged, users }) => judged?.users ?? users)),
    inFlight: Math.max(
      ...points.map(({ judged, inFlightPeak }) => judged?.inFlightPeak ?? inFlightPeak),
    ),
    okPerSecond: perSecond(({ ok = 0 }) => ok),
    errorsPerSecond: perSecond(errorsOf),
    othersPerSecond: perSecond((o) => scheduledOf(o) - errorsOf(o) - (o.ok ?? 0)),
    ms: { p50: highest('p50'), p95: highest('p95'), p99: highest('p99') },
  };
}

export function phasesOf({ plan, timeline }: Result): Span[] {
  const spans: { name: string; startMs: number; endMs: number; judged: boolean }[] = [];
  for (const { phases, startMs, endMs } of timeline) {
    const name = phases[0] ?? '';
    const last = spans.at(-1);
    if (last?.name === name) last.endMs = endMs;
    else spans.push({ name, startMs, endMs, judged: isJudged(plan, 0, name) });
  }
  return spans;
}

/** The limits on the response time of the load itself, ascending. `isShown` selects budgets; default: all. */
export function limitsOf(
  { plan }: Pick<Result, 'plan'>,
  isShown: (budget: Budget) => boolean = () => true,
): LatencyLimit[] {
  const own = plan.budgets.filter((budget) => {
    const { subject, background } = budget;
    const isOnTime = subject.kind === 'trend' && subject.metric === 'responseTime';
    return isOnTime && background === undefined && isShown(budget);
  });
  const byLimit = [...groupedBy(own, ({ limit }) => limit)].sort(([a], [b]) => a - b);
  return byLimit.slice(0, maxLimits).map(([limitMs, budgets]) => {
    const texts = budgets.map((budget) => `${keyText(budget)} ${budget.limitText}`);
    return { limitMs, label: texts.join(', ') };
  });
}

function distributionOf(result: Result): Distribution {
  const series = selectSeries(result);
  const outcomes = outcomesOf(series);
  const { ok = 0 } = outcomes;
  const percentiles = charted.map((name) => [name, statisticIn(series, 'responseTime', name)]);
  return {
    bars: barsOf(trendOf(series, 'responseTime').buckets()),
    percentiles: Object.fromEntries(percentiles) as Distribution['percentiles'],
    ok,
    notOk: scheduledOf(outcomes) - ok,
  };
}

function barsOf(buckets: readonly (readonly [number, number])[]): Distribution['bars'] {
  const counts = new Map<number, number>();
  for (const [micros, count] of buckets) {
    const bar = logBarOf(micros);
    counts.set(bar, (counts.get(bar) ?? 0) + count);
  }
  if (counts.size === 0) return [];
  const first = Math.min(...counts.keys());
  const last = Math.max(...counts.keys());
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    lowMs: logBarEdgeMs(first + i),
    highMs: logBarEdgeMs(first + i + 1),
    count: counts.get(first + i) ?? 0,
  }));
}
