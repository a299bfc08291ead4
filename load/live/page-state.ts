/**
 * What the live page is given: the load report's data for a load that still runs, and what has changed of it since.
 * The server keeps the same state as every page does, and brings both up to date with one function; so what is
 * sent does not grow with the time of the load, and a page that comes later is sent the whole.
 */
import type {
  Item,
  Line,
  LoadPage,
  Span,
  Table,
  TimeChart,
  Value,
} from '../report/html/page-data.ts';

/** A load as the live page shows it. */
export interface LivePage extends LoadPage {
  readonly isRunning: boolean;
  /** How it does now, each figure with its name. */
  readonly now: readonly (readonly [name: string, text: string])[];
  /** How the tasks were to share the load, and how they do. */
  readonly ratio: Table;
  /** Errors of the tasks' own code. */
  readonly exceptions: Table;
  /** What happened last, the newest first. */
  readonly log: readonly Item[];
}

/** What can be changed while the load runs. */
export type Steerable = 'users' | 'rate' | 'nothing';

export interface RunState {
  readonly runId: string;
  /** `starting`: nothing is in a log yet. `stopping`: it drains. */
  readonly phase: 'starting' | 'running' | 'stopping' | 'over' | 'failed';
  /** All load tests of the run and what becomes of them; no row where nobody tells. */
  readonly tests: Table;
  /** All loads of the run, in the order of `names`. */
  readonly overview: Table;
  readonly names: readonly string[];
  /** The load that is shown. */
  readonly chosen: string;
  /** Where a load is shared by several processes: how each of them does. */
  readonly slices: Table;
  /** The end of what the runner has printed; empty where this server did not start it. */
  readonly console: string;
  readonly steerable: Steerable;
  /** Whether this server can stop it. */
  readonly canStop: boolean;
  /** Whether `index.html` of the run is written. */
  readonly hasReport: boolean;
  readonly unreadable: readonly string[];
  /** Undefined before there is an interval log. */
  readonly load?: LivePage;
}

type Parts = Omit<LivePage, 'charts'>;
type RunParts = Omit<RunState, 'load'>;

/** What has changed; a part that is missing is as it was. */
export interface RunPatch {
  readonly run?: Partial<RunParts>;
  /** Another load, or the same drawn anew. */
  readonly whole?: LivePage;
  readonly parts?: Partial<Parts>;
  /** The ends of the charts: what they had of that time before is out of date. */
  readonly tails?: readonly TimeChart[];
}

export function patched(state: RunState, { run, whole, parts, tails }: RunPatch): RunState {
  const before = whole ?? state.load;
  const load =
    before === undefined
      ? undefined
      : { ...before, ...parts, charts: withTails(before.charts, tails ?? []) };
  const next = { ...state, ...run };
  return load === undefined ? next : { ...next, load };
}

/** The charts that share the spans of the load's intervals follow this one. */
const leading = 'users';

/** Charts and lines that are in the tails alone are left out. */
export function withTails(
  charts: readonly TimeChart[],
  tails: readonly TimeChart[],
): readonly TimeChart[] {
  if (tails.length === 0) return charts;
  const byId = new Map(tails.map((tail) => [tail.id, tail]));
  const spans = byId.get(leading)?.spans ?? [];
  return charts.map((chart) => {
    const tail = byId.get(chart.id);
    if (tail?.heat !== undefined) return withHeat(chart, tail);
    if (tail !== undefined) return withTail(chart, tail);
    // Nothing of its kind was told in that time.
    return isReading(chart) ? chart : withTail(chart, { ...chart, spans, lines: [] });
  });
}

/** Readings come at moments of their own. */
export function isReading({ id }: TimeChart): boolean {
  return id.startsWith('reading-');
}

function keptOf({ spans }: TimeChart, tail: TimeChart): number {
  const from = tail.spans[0]?.[0] ?? Infinity;
  const end = spans.findIndex(([start]) => start >= from);
  return end < 0 ? spans.length : end;
}

function withTail(chart: TimeChart, tail: TimeChart): TimeChart {
  const kept = keptOf(chart, tail);
  // A rate of what was not told is 0; a latency has no value.
  const nothing: Value = chart.dimension === 'time' ? null : 0;
  const spans: Span[] = [...chart.spans.slice(0, kept), ...tail.spans];
  const lines = chart.lines.map((line): Line => {
    const more = tail.lines.find(({ name }) => name === line.name)?.values;
    const values = more ?? tail.spans.map(() => nothing);
    return { ...line, values: [...line.values.slice(0, kept), ...values] };
  });
  return { ...chart, spans, lines };
}

/** Bars are of one grid, whatever part of it a chart shows. */
function withHeat(chart: TimeChart, tail: TimeChart): TimeChart {
  const kept = keptOf(chart, tail);
  const own = chart.heat ?? { edgesMs: [], cells: [] };
  const more = tail.heat!;
  const edgesMs = [...new Set([...own.edgesMs, ...more.edgesMs])].sort((a, b) => a - b);
  const place = new Map(edgesMs.map((edge, i) => [edge, i]));
  const moved = (heat: typeof own, by: number) =>
    heat.cells.map(([span, bar, count]) => {
      return [span + by, place.get(heat.edgesMs[bar]!)!, count] as const;
    });
  const before = { ...own, cells: own.cells.filter(([span]) => span < kept) };
  return {
    ...chart,
    spans: [...chart.spans.slice(0, kept), ...tail.spans],
    heat: { edgesMs, cells: [...moved(before, 0), ...moved(more, kept)] },
  };
}
