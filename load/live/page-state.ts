/**
 * The state of the live page: the load report's data for a running load, and the changes since. The
 * server keeps the same state as every page, and both apply changes with the same function. So the size
 * of an update does not grow with the length of the load, and a page that connects later gets the whole
 * state.
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
  /** The current figures, each with its name. */
  readonly now: readonly (readonly [name: string, text: string])[];
  /** The planned and the actual share of each task. */
  readonly ratio: Table;
  /** Errors of the tasks' own code. */
  readonly exceptions: Table;
  /** The latest events, newest first. */
  readonly log: readonly Item[];
}

/** The page can change this while the load runs. */
export type Steerable = 'users' | 'rate' | 'nothing';

export interface RunState {
  readonly runId: string;
  /** `starting`: there is no log yet. `stopping`: the load drains. */
  readonly phase: 'starting' | 'running' | 'stopping' | 'over' | 'failed';
  /** All load tests of the run with their status; empty if it is unknown. */
  readonly tests: Table;
  /** All loads of the run, in the order of `names`. */
  readonly overview: Table;
  readonly names: readonly string[];
  /** The load that is shown. */
  readonly chosen: string;
  /** For a load with several slices: the state of each. */
  readonly slices: Table;
  /** The last output of the runner; empty if this server did not start it. */
  readonly console: string;
  readonly steerable: Steerable;
  /** Whether this server can stop it. */
  readonly canStop: boolean;
  /** Whether the run's `index.html` exists. */
  readonly hasReport: boolean;
  readonly unreadable: readonly string[];
  /** Undefined until there is an interval log. */
  readonly load?: LivePage;
}

type Parts = Omit<LivePage, 'charts'>;
type RunParts = Omit<RunState, 'load'>;

/** The changes. A missing part has not changed. */
export interface RunPatch {
  readonly run?: Partial<RunParts>;
  /** Another load, or the whole of the same one again. */
  readonly whole?: LivePage;
  readonly parts?: Partial<Parts>;
  /** The ends of the charts, which replace the same time span in the current charts. */
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

/** Charts that share the load's interval times follow this one. */
const leading = 'users';

/** Charts and lines that exist only in the ends are left out. */
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
    // There were no values of this kind in that time.
    return isReading(chart) ? chart : withTail(chart, { ...chart, spans, lines: [] });
  });
}

/** Readings have their own times. */
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
  // A rate without values is 0; a latency without values is missing.
  const nothing: Value = chart.dimension === 'time' ? null : 0;
  const spans: Span[] = [...chart.spans.slice(0, kept), ...tail.spans];
  const lines = chart.lines.map((line): Line => {
    const more = tail.lines.find(({ name }) => name === line.name)?.values;
    const values = more ?? tail.spans.map(() => nothing);
    return { ...line, values: [...line.values.slice(0, kept), ...values] };
  });
  return { ...chart, spans, lines };
}

/** All bars use one grid, whatever part of it a chart shows. */
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
