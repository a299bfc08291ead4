/** What the charts of a load draw, as plain data: the same for a picture and for a page. */
import { keyText } from '../../budgets/judge.ts';
import { allStalls } from '../../budgets/observe/stall.ts';
import { scheduledOf } from '../../metrics/outcome.ts';
import { isJudged, type Result } from '../../metrics/result/result.ts';
import { outcomesOf, selectSeries, statisticIn, trendOf } from '../../metrics/result/select.ts';
import { binsOf, charted, type Bins, type ChartedPercentile } from './chart-bins.ts';

export interface Span {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly judged: boolean;
}

export interface LatencyLimit {
  readonly limitMs: number;
  /** `p95 < 3 s`, `query: p95 < 2 s`; of several with one limit all. */
  readonly label: string;
}

/** Response times of the requests of the judged phases that ended ok. */
export interface Distribution {
  /** Ascending, without gaps; `highMs` of one is `lowMs` of the next. */
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
  /** As they really were. */
  readonly phases: readonly Span[];
  readonly stalls: readonly { readonly startMs: number; readonly endMs: number }[];
  readonly limits: readonly LatencyLimit[];
  readonly distribution: Distribution;
}

const maxStalls = 200;
const maxLimits = 9;
const barsPerDecade = 20;

export function chartData(result: Result): ChartData {
  return {
    ...binsOf(result.timeline),
    endMs: result.timeline.at(-1)?.endMs ?? 0,
    phases: phasesOf(result),
    stalls: longest(allStalls(result)),
    limits: limitsOf(result),
    distribution: distributionOf(result),
  };
}

function phasesOf({ plan, timeline }: Result): Span[] {
  const spans: Span[] = [];
  for (const { phases, startMs, endMs } of timeline) {
    const name = phases[0] ?? '';
    const last = spans.at(-1);
    if (last?.name === name) spans[spans.length - 1] = { ...last, endMs };
    else spans.push({ name, startMs, endMs, judged: isJudged(plan, 0, name) });
  }
  return spans;
}

function longest(stalls: ReturnType<typeof allStalls>): ChartData['stalls'] {
  return [...stalls]
    .sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))
    .slice(0, maxStalls)
    .sort((a, b) => a.startMs - b.startMs)
    .map(({ startMs, endMs }) => ({ startMs, endMs }));
}

/** The limits on the response time, ascending. */
function limitsOf({ plan }: Result): LatencyLimit[] {
  const labels = new Map<number, string[]>();
  for (const budget of plan.budgets) {
    const { subject, limit, limitText } = budget;
    if (subject.kind !== 'trend' || subject.metric !== 'responseTime') continue;
    labels.set(limit, [...(labels.get(limit) ?? []), `${keyText(budget)} ${limitText}`]);
  }
  return [...labels]
    .sort(([a], [b]) => a - b)
    .slice(0, maxLimits)
    .map(([limitMs, names]) => ({ limitMs, label: names.join(', ') }));
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
    // What took no measurable time stands with the shortest: a log axis has no 0.
    const bar = Math.floor(Math.log10(Math.max(1, micros) / 1000) * barsPerDecade + 1e-9);
    counts.set(bar, (counts.get(bar) ?? 0) + count);
  }
  if (counts.size === 0) return [];
  const first = Math.min(...counts.keys());
  const last = Math.max(...counts.keys());
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    lowMs: edgeMs(first + i),
    highMs: edgeMs(first + i + 1),
    count: counts.get(first + i) ?? 0,
  }));
}

/** Rounded: the last digits of a power differ between processors. */
function edgeMs(bar: number): number {
  return Number((10 ** (bar / barsPerDecade)).toPrecision(6));
}
