/** The timeline in points that a chart can show: one per second, or fewer where a run is long. */
import { errorsOf, scheduledOf, type OutcomeCounts } from '../../metrics/outcome.ts';
import type { TimelinePoint } from '../../metrics/result/timeline.ts';

export const charted = ['p50', 'p95', 'p99'] as const;
export type ChartedPercentile = (typeof charted)[number];

export interface Bin {
  readonly startMs: number;
  readonly endMs: number;
  /** The most of any interval in it, as is `inFlight`. */
  readonly users: number;
  readonly inFlight: number;
  /** This and the next two count the requests that ended in it. */
  readonly okPerSecond: number;
  readonly errorsPerSecond: number;
  /** Neither ok nor an error: throttled, degraded, interrupted. */
  readonly othersPerSecond: number;
  /** The highest of any interval in it; ∞ beyond those that ended ok, NaN where nothing ended. */
  readonly ms: Readonly<Record<ChartedPercentile, number>>;
}

export interface Bins {
  readonly bins: readonly Bin[];
  readonly widthMs: number;
}

/** More would be closer than two pixels. */
const maxBins = 400;
const secondsOfWidths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600];

/**
 * Bins of at least a second: the stumps of intervals that a phase border cuts off are in the bin of
 * their second, as a rate over a few ms would stand out for nothing.
 */
export function binsOf(timeline: readonly TimelinePoint[]): Bins {
  const seconds = (timeline.at(-1)?.endMs ?? 0) / 1000;
  const needed = seconds / maxBins;
  const width = secondsOfWidths.find((one) => one >= needed) ?? Math.ceil(needed);
  const widthMs = width * 1000;
  const groups: TimelinePoint[][] = [];
  let current = -1;
  for (const point of timeline) {
    // An interval may begin a fraction of a millisecond before its second.
    const index = Math.floor((point.startMs + 1) / widthMs);
    if (index !== current) groups.push([]);
    current = index;
    groups.at(-1)!.push(point);
  }
  joinShortEnd(groups, widthMs);
  return { bins: groups.map(binOf), widthMs };
}

function joinShortEnd(groups: TimelinePoint[][], widthMs: number): void {
  const last = groups.at(-1);
  const before = groups.at(-2);
  if (last === undefined || before === undefined) return;
  if (last.at(-1)!.endMs - last[0]!.startMs >= widthMs / 2) return;
  before.push(...last);
  groups.pop();
}

function binOf(points: readonly TimelinePoint[]): Bin {
  const [startMs, endMs] = [points[0]!.startMs, points.at(-1)!.endMs];
  const all = points.map(({ tasks }) => tasks[''] ?? nothing);
  const perSecond = (count: (outcomes: OutcomeCounts) => number): number =>
    (all.reduce((sum, { outcomes }) => sum + count(outcomes), 0) * 1000) / (endMs - startMs);
  const highest = (name: ChartedPercentile): number =>
    all.reduce((high, { ms }) => (ms[name] <= high ? high : nanless(ms[name], high)), NaN);
  return {
    startMs,
    endMs,
    users: Math.max(...points.map(({ users }) => users)),
    inFlight: Math.max(...points.map(({ inFlightPeak }) => inFlightPeak)),
    okPerSecond: perSecond(({ ok = 0 }) => ok),
    errorsPerSecond: perSecond(errorsOf),
    othersPerSecond: perSecond((o) => scheduledOf(o) - errorsOf(o) - (o.ok ?? 0)),
    ms: { p50: highest('p50'), p95: highest('p95'), p99: highest('p99') },
  };
}

const nothing = { outcomes: {}, ms: { p50: NaN, p95: NaN, p99: NaN } };

function nanless(value: number, other: number): number {
  return Number.isNaN(value) ? other : value;
}
