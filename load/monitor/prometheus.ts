/**
 * `prometheus('/metrics', …)`: figures from the growth of a `/metrics` endpoint's counters between two
 * readings. Totals are not used, since they include the time before the load.
 */
import { StringDecoder } from 'node:string_decoder';
import type { Ratio } from '../metrics/log/monitor-reading.ts';
import { backgroundClock } from '../platform/clock.ts';
import { defined } from '../platform/defined.ts';
import {
  createdName,
  histogramIncrease,
  increaseOf,
  meanNames,
  selectSamples,
  type Selector,
} from './prometheus-difference.ts';
import { bucketName, quantileOfIncrease } from './prometheus-quantile.ts';
import { ExpositionReader, type Exposition } from './prometheus-text.ts';
import {
  nothingKnown,
  sourceOf,
  type Measured,
  type MonitorAnswer,
  type MonitorSource,
} from './source.ts';

interface PrometheusFigure {
  /** Names of the series that it is computed from. */
  readonly names: readonly string[];
  /**
   * The figure of a span, or the reason why it is unknown. `undefined` if the target does not have the
   * series, `null` if nothing happened in the span.
   */
  readonly tell: (
    before: Exposition,
    after: Exposition,
    spanMs: number,
  ) => Ratio | number | null | string | undefined;
}

/** A level needs only one page. */
interface PrometheusLevel {
  readonly names: readonly string[];
  readonly levelOf: (page: Exposition) => number | string | undefined;
}

/**
 * The figures of a page, by their names in reports and budgets. A figure may have several ways; the first
 * one whose series the page has is used.
 * @example
 * const figures: Figures = {
 *   queued: gauge({ name: 'queue_length' }),
 *   evictions: perSecond({ name: 'cache_evictions_total' }),
 * };
 */
export type Figures = Readonly<Record<string, Way | readonly Way[]>>;
type Way = PrometheusFigure | PrometheusLevel;

/**
 * Figures whose number depends on the page: one for each label set of a series.
 * @example
 * const sizeOfPage: NamedSeries = {
 *   names: ['queue_length'],
 *   tellAll: (before, page) => ({ seriesOfPage: page.series.size }),
 * };
 */
export interface NamedSeries {
  readonly names: readonly string[];
  /** By figure. `before` is undefined at the first reading. */
  readonly tellAll: (
    before: Exposition | undefined,
    after: Exposition,
    spanMs: number,
  ) => Readonly<Record<string, Told>>;
}

/**
 * The value of a figure: a count with its total, a level, or the reason why it is unknown.
 * @example
 * const hitRate: Told = { part: 30, whole: 100 };
 */
export type Told = Ratio | number | string;

const noNumber = 'a series of it has no number';

/**
 * A page is parsed in pieces of this size, with a turn of the event loop in between, so that no request
 * waits.
 */
const pieceBytes = 16 * 1024;
/** Longer lines are skipped, which limits the work per piece. */
const longestLine = 64 * 1024;
const clock = backgroundClock();

/**
 * The growth of the first counter as a share of the second. If the first does not exist yet, it counts as
 * 0.
 * @example
 * prometheus('/metrics', {
 *   cacheHitRate: share({ name: 'cache_hits_total' }, { name: 'cache_requests_total' }),
 * });
 */
export function share(part: Selector, whole: Selector): PrometheusFigure {
  return {
    names: [part.name, whole.name],
    tell: (before, after) => {
      const all = counted(before, after, whole);
      if (typeof all !== 'number') return all;
      const own = counted(before, after, part) ?? 0;
      return typeof own === 'string' ? own : { part: own, whole: all };
    },
  };
}

/**
 * Mean of the values added to a histogram or a summary.
 * @example
 * prometheus('/metrics', { averageBatchSize: mean({ name: 'batch_size' }) });
 */
export function mean(histogram: Selector): PrometheusFigure {
  return {
    names: meanNames(histogram.name),
    tell: (before, after) => {
      const grown = histogramIncrease(before, after, histogram);
      return typeof grown === 'object' ? { part: grown.sum, whole: grown.count } : grown;
    },
  };
}

/**
 * How much a counter grows in a second.
 *
 * @example
 * prometheus('/metrics', { evictions: perSecond({ name: 'cache_evictions_total' }) });
 */
export function perSecond(counter: Selector): PrometheusFigure {
  return {
    names: [counter.name],
    tell: (before, after, spanMs) => {
      const grown = counted(before, after, counter);
      return typeof grown === 'number' ? { part: grown, whole: spanMs / 1000 } : grown;
    },
  };
}

/**
 * A quantile of the values added to a histogram, times `scale` (1000 turns seconds into ms). Its
 * precision is that of the buckets.
 * @example
 * prometheus('/metrics', { serverP95: quantile(0.95, { name: 'http_request_duration_seconds' }, 1000) });
 */
export function quantile(q: number, histogram: Selector, scale = 1): PrometheusFigure {
  return {
    names: [bucketName(histogram.name)],
    tell: (before, after) => {
      const value = quantileOfIncrease(before, after, histogram, q);
      return typeof value === 'number' ? value * scale : value;
    },
  };
}

/**
 * The current level of a gauge: the sum over its series, or the mean for a share.
 * @example
 * prometheus('/metrics', { queued: gauge({ name: 'queue_length', labels: { queue: 'orders' } }) });
 */
export function gauge(series: Selector, how: 'sum' | 'mean' = 'sum'): PrometheusLevel {
  return {
    names: [series.name],
    levelOf: (page) => {
      const values = selectSamples(page, series).map(({ value }) => value);
      if (values.length === 0) return undefined;
      const sum = values.reduce((all, value) => all + value, 0);
      if (!Number.isFinite(sum)) return noNumber;
      return how === 'sum' ? sum : sum / values.length;
    },
  };
}

function counted(before: Exposition, after: Exposition, counter: Selector) {
  const grown = increaseOf(before, after, counter);
  return grown ?? (selectSamples(after, counter).length > 0 ? noNumber : undefined);
}

interface PrometheusOptions {
  /** No note is made of figures whose series are missing, since not every such target has them. */
  readonly isOptional?: boolean;
  /** Series that are read by name as well. */
  readonly series?: readonly NamedSeries[];
  /** Name of the source in reports. Default: the path. */
  readonly name?: string;
}

/**
 * Reads `path`: a path of the system, or a URL such as `http://node-1:9100/metrics`, which receives none
 * of the user's headers. If a figure has several ways, the first one whose series the target has is used.
 * @example
 * export const shopUser = defineUser({
 *   system: 'shop',
 *   monitor: prometheus('/metrics', {
 *     cacheHitRate: share({ name: 'cache_hits_total' }, { name: 'cache_requests_total' }),
 *   }),
 *   tasks,
 * });
 */
export function prometheus(
  path: string,
  figures: Figures,
  { isOptional = false, series = [], name = path }: PrometheusOptions = {},
): MonitorSource {
  const ways = Object.values(figures).flat();
  const told = [...ways, ...series].flatMap(({ names }) => names);
  const wanted = new Set([...told, ...told.map(createdName)]);
  return sourceOf(name, (http) => {
    let before: Exposition | undefined;
    return async (spanMs) => {
      const after = await readPage(await http.get(path, { inPieces: true }), wanted);
      if ('unknown' in after) return nothingKnown(after.unknown);
      const earlier = before;
      before = after;
      const pages = { before: spanMs === undefined ? undefined : earlier, after, spanMs };
      return measured({
        ...figuresOf(figures, isOptional, pages),
        ...seriesOf(series, pages),
      });
    };
  });
}

async function readPage(answer: MonitorAnswer, wanted: ReadonlySet<string>) {
  const { contentType, pieces = [Buffer.from(answer.text)] } = answer;
  const reader = new ExpositionReader({ contentType, wanted, longestLine });
  const decoder = new StringDecoder('utf8');
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += pieceBytes) {
      await clock.turn();
      reader.feed(decoder.write(piece.subarray(at, at + pieceBytes)));
    }
  }
  return reader.end();
}

interface Pages {
  /** `undefined` at the first reading, which has nothing to compare with. */
  readonly before: Exposition | undefined;
  readonly after: Exposition;
  readonly spanMs: number | undefined;
}

function figuresOf(figures: Figures, isOptional: boolean, pages: Pages): Record<string, Told> {
  const all: Record<string, Told> = {};
  for (const [figure, own] of Object.entries(figures)) {
    const ways = [own].flat().filter((way) => pages.before !== undefined || 'levelOf' in way);
    const told = toldBy(ways, pages);
    if (told === undefined && ways.length > 0 && !isOptional) {
      all[figure] = 'its series are not there';
    } else if (told !== undefined && told !== null) all[figure] = told;
  }
  return all;
}

function seriesOf(
  series: readonly NamedSeries[],
  { before, after, spanMs = 0 }: Pages,
): Record<string, Told> {
  const all = series.map((one) => one.tellAll(before, after, spanMs));
  return Object.assign({}, ...all) as Record<string, Told>;
}

function measured(all: Readonly<Record<string, Told>>): Measured {
  const of = <V extends Told>(is: (told: Told) => told is V): Record<string, V> | undefined => {
    const own = Object.entries(all).filter((entry): entry is [string, V] => is(entry[1]));
    return own.length === 0 ? undefined : Object.fromEntries(own);
  };
  return defined({
    ratios: of((told): told is Ratio => typeof told === 'object'),
    gauges: of((told): told is number => typeof told === 'number'),
    unknown: of((told): told is string => typeof told === 'string'),
  });
}

function toldBy(ways: readonly Way[], pages: Pages): Told | null | undefined {
  for (const way of ways) {
    const read = [pages.before, pages.after].flatMap((page) => page ?? []);
    const faults = read.flatMap(({ unreadable }) =>
      way.names.flatMap((name) => unreadable.get(name) ?? []),
    );
    const told = faults[0] ?? tellOf(way, pages);
    if (told !== undefined) return told;
  }
  return undefined;
}

function tellOf(way: Way, { before, after, spanMs = 0 }: Pages) {
  return 'levelOf' in way ? way.levelOf(after) : before && way.tell(before, after, spanMs);
}
