/**
 * Metrics besides response and service times: the user's own, the built-in ones that occurred, and the
 * monitor's readings; as plain data and as a table. Each figure is the one that a budget would judge.
 */
import { figureText } from '../../metrics/figure-text.ts';
import { observe } from '../../budgets/observe/observe.ts';
import { parseBudget } from '../../budgets/parse.ts';
import {
  figures,
  isHop,
  trends,
  type MetricDeclaration,
  type MetricDeclarations,
} from '../../metrics/definitions.ts';
import type { Budget } from '../../metrics/log/budget.ts';
import type { Result } from '../../metrics/result/result.ts';
import { selectSeries } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { defined } from '../../platform/defined.ts';
import { sumOf } from '../../platform/lists.ts';
import { markdownTable } from './markdown.ts';
import { figures as figureColumns, textTable, words, type Column } from './text-table.ts';

type Kind = Exclude<MetricDeclaration['kind'], 'difference'> | 'reading' | 'derived';

export interface MetricFigure {
  /** The background load that recorded it. Missing for the load itself. */
  readonly background?: string;
  readonly metric: string;
  readonly kind: Kind;
  readonly samples: number;
  /**
   * By name (`p95`; `value` for a single figure): in the base unit, `null` if nothing was measured, and
   * as text.
   */
  readonly figures: Readonly<Record<string, { value: number | null; text: string }>>;
}

const shownStatistics = ['avg', 'p50', 'p95', 'p99', 'max'] as const;
/** These have their own columns in the statistics. */
const shownElsewhere = ['responseTime', 'service'];

export function metricFigures(result: Result): MetricFigure[] {
  const { streams } = result.plan;
  return streams.flatMap((_, stream) => figuresOf(result, stream));
}

/** The load stream of the figures, and its name in budgets and tables. */
interface Source {
  readonly result: Result;
  readonly declared: MetricDeclarations;
  readonly series: readonly SeriesTotal[];
  readonly background: Budget['background'];
}

function figuresOf(result: Result, stream: number): MetricFigure[] {
  const { name = '', metrics: declared = {} } = result.plan.streams[stream] ?? {};
  const series = selectSeries(result, { stream });
  const background = stream === 0 ? undefined : { stream, name };
  const source = { result, declared, series, background };
  const kinds = kindsOf(series, declared);
  if (background === undefined) addDerived(kinds, source);
  else for (const metric of countedOverAll(result)) kinds.delete(metric);
  return [...kinds].map(([metric, kind]) =>
    defined({ ...figureOf(source, metric, kind), background: background?.name }),
  );
}

/** Counters over the whole run are counted by all streams together, so they have a single row. */
function countedOverAll({ plan: { streams } }: Result): string[] {
  const declared = Object.entries(streams[0]?.metrics ?? {});
  return declared.filter(([, { over }]) => over === 'run').map(([metric]) => metric);
}

/** The monitor's readings and derived figures, which exist only for the load itself. */
function addDerived(kinds: Map<string, Kind>, { result, declared }: Source): void {
  for (const metric of monitoredFigures(result)) kinds.set(metric, 'reading');
  for (const [metric, { of = [] }] of Object.entries(declared)) {
    const isTold = of.length > 0 && of.every((side) => kinds.has(side));
    const isRead = of.some((side) => kinds.get(side) === 'reading');
    if (isTold) kinds.set(metric, isRead ? 'reading' : 'derived');
  }
  if (result.plan.comparedWith !== undefined) kinds.set('speedUp', 'derived');
  if (kinds.has('goodput')) kinds.set('goodputPerSecond', 'derived');
}

function figureOf(source: Source, metric: string, kind: Kind): MetricFigure {
  if (kind === 'gauge') return gaugeFigure(metric, source);
  if (kind === 'counter') return counterFigure(metric, source);
  const keys = kind === 'trend' ? shownStatistics.map((name) => `${metric}.${name}`) : [metric];
  const observed = keys.map((key) => observedFigure(key, source));
  const names = kind === 'trend' ? shownStatistics : ['value'];
  return {
    metric,
    kind,
    samples: Math.max(...observed.map(({ samples }) => samples)),
    figures: Object.fromEntries(names.map((name, i) => [name, observed[i]!])),
  };
}

/** The declared metrics, and the built-in ones that were recorded. */
function kindsOf(series: readonly SeriesTotal[], declared: MetricDeclarations): Map<string, Kind> {
  const kinds = new Map<string, Kind>();
  for (const [metric, { kind }] of Object.entries(declared)) {
    if (kind !== 'difference') kinds.set(metric, kind);
  }
  const addRecorded = (names: Iterable<string>, known: object, kind: Kind): void => {
    for (const name of names) {
      const isShown = shownElsewhere.includes(name) || kinds.has(name);
      if (!isShown && Object.hasOwn(known, name)) kinds.set(name, kind);
    }
  };
  for (const one of series) {
    addRecorded(one.trends.keys(), trends, 'trend');
    for (const name of one.trends.keys()) if (isHop(name)) kinds.set(name, 'trend');
    addRecorded(Object.keys(one.counters), figures, 'counter');
    addRecorded(Object.keys(one.rates), figures, 'rate');
  }
  return kinds;
}

/** Figures that the monitor has read. */
function monitoredFigures({ readings }: Result): readonly string[] {
  const names = new Set(readings.flatMap((one) => Object.keys({ ...one.ratios, ...one.gauges })));
  // These are in the table of what the target held.
  for (const name of ['targetMemory', 'targetDescriptors']) names.delete(name);
  return [...names].filter((name) => Object.hasOwn(figures, name));
}

function observedFigure(key: string, { result, declared, background }: Source) {
  // A limit that fits every dimension, since nothing is judged here.
  const budget = parseBudget(defined({ key, limit: '> 0', background }), declared);
  const { value = null, samples } = observe(result, budget);
  const unit = declared[budget.subject.metric]?.unit ?? '';
  return { value, samples, text: withUnit(figureText(value, budget.dimension), unit) };
}

/**
 * Counters that change as users come and go (such as sessions) also change before and after the judged
 * phases, so these count too.
 */
function counterFigure(metric: string, source: Source): MetricFigure {
  const { value, samples, text } = observedFigure(metric, source);
  const stream = source.background?.stream;
  const everywhere = selectSeries(source.result, { stream, phases: 'all' });
  const counts = everywhere.filter(({ counters }) => Object.hasOwn(counters, metric));
  const total = sumOf(counts, ({ counters }) => counters[metric]!);
  const isMore = value !== null && total !== value;
  const shown = isMore ? `${text} (all phases: ${figureText(total, 'number')})` : text;
  return { metric, kind: 'counter', samples, figures: { value: { value, text: shown } } };
}

/** The last value of each series. With several series it is not known which value is the latest. */
function gaugeFigure(metric: string, { series, declared }: Source): MetricFigure {
  const unit = declared[metric]?.unit ?? '';
  const values = series.flatMap(({ gauges }) =>
    Object.hasOwn(gauges, metric) ? [gauges[metric]!] : [],
  );
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = low === high ? figureText(low, 'number') : `${figureText(low, 'number')}–${high}`;
  const text = values.length === 0 ? '–' : withUnit(range, unit);
  const value = values.at(-1) ?? null;
  return { metric, kind: 'gauge', samples: values.length, figures: { value: { value, text } } };
}

/** Figures of a known dimension have their unit. Others have the unit that the user stated. */
function withUnit(text: string, unit: string): string {
  return unit !== '' && /^[\d.–-]*\d$/.test(text) ? `${text} ${unit}` : text;
}

const width = 120;
const figureNames = ['value', 'avg', 'p50', 'p95', 'p99', 'max'];

export const metricColumns: readonly Column[] = [
  { title: 'metric', elastic: 'wrap' },
  ...words('kind'),
  ...figureColumns('samples', ...figureNames),
];

/** Empty if nothing was recorded. */
export function metricsText(metrics: readonly MetricFigure[]): string {
  return metrics.length === 0
    ? ''
    : textTable(metricColumns, metrics.map(metricRow), width).join('\n');
}

export function metricsMarkdown(metrics: readonly MetricFigure[]): string {
  return metrics.length === 0 ? '' : markdownTable(metricColumns, metrics.map(metricRow));
}

export function metricRow({ background, metric, kind, samples, figures }: MetricFigure): string[] {
  const name = background === undefined ? metric : `${background} / ${metric}`;
  return [name, kind, String(samples), ...figureNames.map((name) => figures[name]?.text ?? '')];
}

/**
 * The names that other tools use for the figures of a stream, since the same abbreviations differ in
 * meaning.
 */
const nameColumns = words('here', 'vLLM bench', 'AIPerf', 'GuideLLM');

const nameRows: readonly string[][] = [
  ['interToken (inter-token latency)', 'TPOT', 'ITL', 'ITL'],
  ['chunkGap (chunk gap)', 'ITL', 'ICL', '–'],
  ['– ((end − start) / output tokens)', '–', '–', 'TPOT'],
];

/** Empty if no stream was measured. */
export function streamNamesMarkdown(metrics: readonly MetricFigure[]): string {
  const isMeasured = metrics.some(({ metric }) => metric === 'interToken' || metric === 'chunkGap');
  return isMeasured ? markdownTable(nameColumns, nameRows) : '';
}
