/**
 * `prometheus('/metrics', …)`: figures of a load test as what the counters of a `/metrics` endpoint
 * gained between two readings. Never their totals: what came before the load is not its doing.
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
import { ExpositionReader, type Exposition } from './prometheus-text.ts';
import {
  nothingKnown,
  sourceOf,
  type Measured,
  type MonitorAnswer,
  type MonitorSource,
} from './source.ts';

interface PrometheusFigure {
  /** Names of the series that it is told by. */
  readonly names: readonly string[];
  /** The figure of a span, or why it is not known; `undefined` where this target has not the series. */
  readonly tell: (
    before: Exposition,
    after: Exposition,
    spanMs: number,
  ) => Ratio | string | undefined;
}

/** A level is told by one page alone. */
interface PrometheusLevel {
  readonly names: readonly string[];
  readonly levelOf: (page: Exposition) => number | string | undefined;
}

type Figures = Readonly<Record<string, Way | readonly Way[]>>;
type Way = PrometheusFigure | PrometheusLevel;

const noNumber = 'a series of it has no number';

/** A page is read in pieces of this size, with a turn of the event loop between: no request waits for it. */
const pieceBytes = 64 * 1024;
const clock = backgroundClock();

/**
 * What part of the second counter the first is. A first one that never counted stands at 0.
 *
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
 * Mean of the values that a histogram or a summary took in.
 *
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
 * A level as it stands: the sum of a gauge over its series, or the mean for a share.
 *
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

/**
 * Reads `path`. Of several ways to a figure the first counts for which this target has the series. `isOptional`: of a
 * figure whose series are not there nothing is said, where it is not one that every such target has.
 *
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
  { isOptional = false }: { readonly isOptional?: boolean } = {},
): MonitorSource {
  const ways = Object.values(figures).flat();
  const told = ways.flatMap(({ names }) => names);
  const wanted = new Set([...told, ...told.map(createdName)]);
  return sourceOf(path, (http) => {
    let before: Exposition | undefined;
    return async (spanMs) => {
      const after = await readPage(await http.get(path), wanted);
      if ('unknown' in after) return nothingKnown(after.unknown);
      const earlier = before;
      before = after;
      return figuresOf(figures, isOptional, {
        before: spanMs === undefined ? undefined : earlier,
        after,
        spanMs,
      });
    };
  });
}

async function readPage(answer: MonitorAnswer, wanted: ReadonlySet<string>) {
  const { contentType, bytes = Buffer.from(answer.text) } = answer;
  const reader = new ExpositionReader({ contentType, wanted, longestLine: pieceBytes });
  const decoder = new StringDecoder('utf8');
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    if (at > 0) await clock.turn();
    reader.feed(decoder.write(bytes.subarray(at, at + pieceBytes)));
  }
  return reader.end();
}

interface Pages {
  /** `undefined` at the first reading: nothing has been gained yet. */
  readonly before: Exposition | undefined;
  readonly after: Exposition;
  readonly spanMs: number | undefined;
}

function figuresOf(figures: Figures, isOptional: boolean, pages: Pages): Measured {
  const ratios: Record<string, Ratio> = {};
  const gauges: Record<string, number> = {};
  const unknown: Record<string, string> = {};
  for (const [figure, all] of Object.entries(figures)) {
    const ways = [all].flat().filter((way) => pages.before !== undefined || 'levelOf' in way);
    const told = toldBy(ways, pages);
    if (typeof told === 'object') ratios[figure] = told;
    else if (typeof told === 'number') gauges[figure] = told;
    else if (told !== undefined || (ways.length > 0 && !isOptional)) {
      unknown[figure] = told ?? 'its series are not there';
    }
  }
  const some = <V>(record: Record<string, V>) =>
    Object.keys(record).length === 0 ? undefined : record;
  return defined({ ratios: some(ratios), gauges: some(gauges), unknown: some(unknown) });
}

function toldBy(ways: readonly Way[], pages: Pages): Ratio | number | string | undefined {
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
