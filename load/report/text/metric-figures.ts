/**
 * What was recorded besides response and service times: the user's own metrics, the built-in ones that
 * occurred, and what the monitor read; as plain data, and as a table. Each figure is the one that a
 * budget on it would be judged by.
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
import type { Result } from '../../metrics/result/result.ts';
import { selectSeries } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { sumOf } from '../../platform/lists.ts';
import { markdownTable } from './markdown.ts';
import { figures as figureColumns, textTable, words, type Column } from './text-table.ts';

type Kind = Exclude<MetricDeclaration['kind'], 'difference'> | 'reading' | 'derived';

export interface MetricFigure {
  readonly metric: string;
  readonly kind: Kind;
  readonly samples: number;
  /**
   * By name (`p95`; `value` for what is a single figure): in the base unit, `null` where nothing was
   * measured, and for a reader.
   */
  readonly figures: Readonly<Record<string, { value: number | null; text: string }>>;
}

const shownStatistics = ['avg', 'p50', 'p95', 'p99', 'max'] as const;
/** They have columns of their own in the statistics. */
const shownElsewhere = ['responseTime', 'service'];

export function metricFigures(result: Result): MetricFigure[] {
  const declared: MetricDeclarations = result.plan.streams[0]?.metrics ?? {};
  const series = selectSeries(result);
  const kinds = kindsOf(series, declared);
  for (const metric of monitoredFigures(result)) kinds.set(metric, 'reading');
  for (const [metric, { of = [] }] of Object.entries(declared)) {
    const isTold = of.length > 0 && of.every((side) => kinds.has(side));
    const isRead = of.some((side) => kinds.get(side) === 'reading');
    if (isTold) kinds.set(metric, isRead ? 'reading' : 'derived');
  }
  if (result.plan.comparedWith !== undefined) kinds.set('speedUp', 'derived');
  if (kinds.has('goodput')) kinds.set('goodputPerSecond', 'derived');
  return [...kinds].map(([metric, kind]) => {
    if (kind === 'gauge') return gaugeFigure(metric, series, declared[metric]?.unit ?? '');
    if (kind === 'counter') return counterFigure(result, metric, declared);
    const keys = kind === 'trend' ? shownStatistics.map((name) => `${metric}.${name}`) : [metric];
    const observed = keys.map((key) => observedFigure(result, key, declared));
    const names = kind === 'trend' ? shownStatistics : ['value'];
    return {
      metric,
      kind,
      samples: Math.max(...observed.map(({ samples }) => samples)),
      figures: Object.fromEntries(names.map((name, i) => [name, observed[i]!])),
    };
  });
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

/** Figures that the monitor has read of the system. */
function monitoredFigures({ readings }: Result): readonly string[] {
  const names = new Set(readings.flatMap((one) => Object.keys({ ...one.ratios, ...one.gauges })));
  // They stand in the table of what the target held.
  for (const name of ['targetMemory', 'targetDescriptors']) names.delete(name);
  return [...names].filter((name) => Object.hasOwn(figures, name));
}

function observedFigure(result: Result, key: string, declared: MetricDeclarations) {
  // A limit that fits every dimension: nothing is judged here.
  const budget = parseBudget({ key, limit: '> 0' }, declared);
  const { value = null, samples } = observe(result, budget);
  const unit = declared[budget.subject.metric]?.unit ?? '';
  return { value, samples, text: withUnit(figureText(value, budget.dimension), unit) };
}

/** What is counted as users come and go (sessions, say) is counted before and after the judged phases. */
function counterFigure(result: Result, metric: string, declared: MetricDeclarations): MetricFigure {
  const { value, samples, text } = observedFigure(result, metric, declared);
  const everywhere = selectSeries(result, { phases: 'all' });
  const counts = everywhere.filter(({ counters }) => Object.hasOwn(counters, metric));
  const total = sumOf(counts, ({ counters }) => counters[metric]!);
  const isMore = value !== null && total !== value;
  const shown = isMore ? `${text} (all phases: ${figureText(total, 'number')})` : text;
  return { metric, kind: 'counter', samples, figures: { value: { value, text: shown } } };
}

/** The last value of each series; with several series nobody knows which was the last of all. */
function gaugeFigure(metric: string, series: readonly SeriesTotal[], unit: string): MetricFigure {
  const values = series.flatMap(({ gauges }) =>
    Object.hasOwn(gauges, metric) ? [gauges[metric]!] : [],
  );
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = low === high ? figureText(low, 'number') : `${figureText(low, 'number')}–${high}`;
  const text = values.length === 0 ? '–' : withUnit(range, unit);
  const value = values.at(-1) ?? null;
  return { metric, kind: 'gauge', samples: values.length, figures: { value: { value, text } } };
}

/** Figures of a dimension have their unit; of others the unit is what the user called it. */
function withUnit(text: string, unit: string): string {
  return unit !== '' && /^[\d.–-]*\d$/.test(text) ? `${text} ${unit}` : text;
}

const width = 120;
const figureNames = ['value', 'avg', 'p50', 'p95', 'p99', 'max'];

const columns: readonly Column[] = [
  { title: 'metric', elastic: 'wrap' },
  ...words('kind'),
  ...figureColumns('samples', ...figureNames),
];

/** Empty where nothing was recorded. */
export function metricsText(metrics: readonly MetricFigure[]): string {
  return metrics.length === 0 ? '' : textTable(columns, metrics.map(rowOf), width).join('\n');
}

export function metricsMarkdown(metrics: readonly MetricFigure[]): string {
  return metrics.length === 0 ? '' : markdownTable(columns, metrics.map(rowOf));
}

function rowOf({ metric, kind, samples, figures }: MetricFigure): string[] {
  return [metric, kind, String(samples), ...figureNames.map((name) => figures[name]?.text ?? '')];
}

/** What other tools call the figures of a stream: the same letters stand for different things. */
const nameColumns = words('here', 'vLLM bench', 'AIPerf', 'GuideLLM');

const nameRows: readonly string[][] = [
  ['interToken (inter-token latency)', 'TPOT', 'ITL', 'ITL'],
  ['chunkGap (chunk gap)', 'ITL', 'ICL', '–'],
  ['– ((end − start) / output tokens)', '–', '–', 'TPOT'],
];

/** Empty where no stream was measured. */
export function streamNamesMarkdown(metrics: readonly MetricFigure[]): string {
  const isMeasured = metrics.some(({ metric }) => metric === 'interToken' || metric === 'chunkGap');
  return isMeasured ? markdownTable(nameColumns, nameRows) : '';
}
