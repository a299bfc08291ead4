/**
 * The charts of a load over time, on one time axis: what was sent, what came back, the system and this
 * machine.
 */
import type { MetricComparison } from '../../baselines/comparison.ts';
import { scheduledOf } from '../../metrics/outcome.ts';
import { streamTrends, type IntervalDetail } from '../../metrics/result/details.ts';
import type { Result } from '../../metrics/result/result.ts';
import { defined } from '../../platform/defined.ts';
import { sumOf } from '../../platform/lists.ts';
import { binned, limitsOf, type LatencyLimit } from '../charts/chart-data.ts';
import type { Colour, Line, TimeChart } from './page-data.ts';
import {
  highest,
  highestKnown,
  perSecond,
  toValue,
  type Chart,
  type Group,
  type MakeLine,
} from './chart-points.ts';
import { heatChart, spanOf } from './heat-chart.ts';
import { generatorCharts } from './generator-charts.ts';
import { hopsChart } from './hops-chart.ts';
import { readingCharts } from './reading-charts.ts';

/** With more, points would be closer than a pixel. */
const mostSpans = 1800;
const mostKinds = 7;
const mostTasks = 8;

/** Colours that colour-blind readers can tell apart (Okabe and Ito), in the order of use. */
const lineColours: readonly Colour[] = [
  'blue',
  'vermilion',
  'green',
  'orange',
  'purple',
  'sky',
  'ink',
  'faint',
];

/** The p95 of the baseline: of all its runs, and the lowest and highest of them. */
type Baseline = Pick<MetricComparison, 'baseline' | 'baselineRange'>;

export interface ChartedAs {
  readonly baseline?: Baseline | undefined;
  /** Maximum number of points per chart. Default: one per pixel. */
  readonly most?: number;
  /** The time per point. Default: long enough for at most `most` points. */
  readonly widthMs?: number;
  /** The kinds of errors with their own lines. Default: the most frequent ones. */
  readonly kinds?: readonly string[];
  /** Ids of the reading charts to draw in any case. Default: those of figures that changed. */
  readonly readings?: ReadonlySet<string>;
}

/** `details`: of the same log, one for each point of the timeline. */
export function timeCharts(
  result: Result,
  details: readonly IntervalDetail[],
  { baseline, most = mostSpans, widthMs, kinds, readings }: ChartedAs = {},
): TimeChart[] {
  const points = result.timeline.map((point, i) => ({ ...point, detail: details[i] }));
  const { groups } = binned(points, most, widthMs);
  const spans = groups.map(spanOf);
  const line = (
    name: string,
    colour: Colour,
    valueOf: (group: Group) => number | null,
    more = {},
  ) => ({ name, colour, values: groups.map((group) => toValue(valueOf(group))), ...more }) as Line;
  const charts = [
    usersChart(line),
    rateChart(line),
    latencyChart(line, result, baseline),
    taskChart(line, result),
    hopsChart(line, details),
    errorChart(line, details, kinds),
    ...streamCharts(line, details),
  ].flatMap((chart) => chart ?? []);
  const withSpans = charts.map((chart) => ({ ...chart, spans }));
  return [
    ...withSpans.slice(0, 3),
    heatChart(details, most, widthMs),
    ...withSpans.slice(3),
    ...readingCharts(result, readings),
    ...generatorCharts(line).map((chart) => ({ ...chart, spans })),
  ];
}

function usersChart(line: MakeLine): Chart {
  return {
    id: 'users',
    title: 'Users and requests in flight',
    dimension: 'number',
    lines: [
      line('virtual users', 'blue', (group) =>
        highest(group, ({ judged, users }) => judged?.users ?? users),
      ),
      line('in flight, at most', 'orange', (group) =>
        highest(group, ({ judged, inFlightPeak }) => judged?.inFlightPeak ?? inFlightPeak),
      ),
      line(
        'arrivals that wait for a user',
        'vermilion',
        (group) => highest(group, ({ backlog }) => backlog),
        {
          isDashed: true,
        },
      ),
    ].filter(({ values }, i) => i < 2 || values.some((value) => value !== 0)),
  };
}

function rateChart(line: MakeLine): Chart {
  return {
    id: 'rate',
    title: 'Offered and achieved rate',
    dimension: 'perSecond',
    lines: [
      line('fell due', 'faint', (group) => perSecond(group, ({ scheduled }) => scheduled), {
        isDashed: true,
      }),
      line('sent', 'blue', (group) => perSecond(group, ({ sent }) => sent)),
      line('ended ok', 'green', (group) =>
        perSecond(group, ({ tasks }) => tasks['']?.outcomes.ok ?? 0),
      ),
      line('ended otherwise', 'vermilion', (group) =>
        perSecond(group, ({ tasks }) => {
          const outcomes = tasks['']?.outcomes ?? {};
          return scheduledOf(outcomes) - (outcomes.ok ?? 0);
        }),
      ),
    ],
    note: 'Due and sent: requests of all load streams. Ended: requests of the judged stream.',
  };
}

function latencyChart(line: MakeLine, result: Result, baseline: Baseline | undefined): Chart {
  const names = ['p50', 'p95', 'p99', 'max'] as const;
  const colours = ['sky', 'vermilion', 'purple', 'faint'] as const;
  return defined({
    id: 'latency',
    title: 'Response time',
    dimension: 'time' as const,
    isLog: true,
    lines: names.map((name, i) =>
      line(name, colours[i]!, (group) => highestKnown(group, ({ tasks }) => tasks['']?.ms[name])),
    ),
    limits: limitsOf(result, ({ task }) => task === undefined).map(limitLine),
    band: bandOf(baseline),
    note: 'Each point is over all requests that ended in its time. ▲: so many of them did not end ok that the percentile is ∞.',
  });
}

function bandOf(
  { baseline, baselineRange }: Baseline = { baseline: undefined },
): TimeChart['band'] {
  if (baseline === undefined || !Number.isFinite(baseline)) return undefined;
  const [low, high] = baselineRange ?? [baseline, baseline];
  return { low, high, label: 'p95 of the baseline' };
}

function limitLine({ limitMs, label }: LatencyLimit) {
  return { at: limitMs, label };
}

function taskChart(line: MakeLine, result: Result): Chart | undefined {
  const { plan, timeline } = result;
  const known = new Set(timeline.flatMap(({ tasks }) => Object.keys(tasks)));
  const names = (plan.streams[0]?.tasks ?? [])
    .map(({ name }) => name)
    .filter((name) => known.has(name));
  if (names.length < 2) return undefined;
  const shown = names.slice(0, mostTasks);
  return {
    id: 'tasks',
    title: 'p95 of the response time by task',
    dimension: 'time',
    isLog: true,
    limits: limitsOf(result, ({ task }) => task !== undefined).map(limitLine),
    lines: shown.map((name, i) =>
      line(name, lineColours[i]!, (group) =>
        highestKnown(group, ({ tasks }) =>
          Object.hasOwn(tasks, name) ? tasks[name]!.ms.p95 : undefined,
        ),
      ),
    ),
    ...(names.length > shown.length
      ? { note: `${names.length - shown.length} more tasks are in the table.` }
      : undefined),
  };
}

/** The kinds with their own lines: the most frequent ones. */
export function chartedKinds(details: readonly IntervalDetail[]): string[] {
  return kindsIn(details).slice(0, mostKinds);
}

function kindsIn(details: readonly IntervalDetail[]): string[] {
  const totals = new Map<string, number>();
  for (const [kind, count] of details.flatMap(({ errors }) => [...errors])) {
    totals.set(kind, (totals.get(kind) ?? 0) + count);
  }
  return [...totals].sort(([, a], [, b]) => b - a).map(([kind]) => kind);
}

function errorChart(
  line: MakeLine,
  details: readonly IntervalDetail[],
  given?: readonly string[],
): Chart | undefined {
  const kinds = kindsIn(details);
  const shown = given ?? kinds.slice(0, mostKinds);
  const others = kinds.filter((kind) => !shown.includes(kind));
  if (shown.length + others.length === 0) return undefined;
  const of = (names: readonly string[]) => (group: Group) =>
    perSecond(group, ({ detail }) => sumOf(names, (name) => detail?.errors.get(name) ?? 0));
  const lines = shown.map((kind, i) =>
    line(kind, lineColours[(i + 1) % lineColours.length]!, of([kind])),
  );
  if (others.length > 0) lines.push(line('other kinds', 'faint', of(others)));
  return { id: 'errors', title: 'What did not end ok, by kind', dimension: 'perSecond', lines };
}

const streamTitles = {
  ttft: 'Time to first token',
  interToken: 'Time between tokens',
} as const;

function streamCharts(line: MakeLine, details: readonly IntervalDetail[]): Chart[] {
  const seen = streamTrends.filter((name) => details.some(({ streamed }) => streamed.has(name)));
  return seen.map((name) => ({
    id: name,
    title: streamTitles[name],
    dimension: 'time',
    isLog: true,
    lines: (['p50', 'p95'] as const).map((statistic, i) =>
      line(statistic, lineColours[i]!, (group) =>
        highestKnown(group, ({ detail }) => detail?.streamed.get(name)?.[statistic]),
      ),
    ),
    note: 'Each point is over the streams that ended in its time.',
  }));
}
