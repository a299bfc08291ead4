/**
 * `prometheus('/metrics', …)`: figures of a load test as what the counters of a `/metrics` endpoint
 * gained between two readings. Never their totals: what came before the load is not its doing.
 */
import { StringDecoder } from 'node:string_decoder';
import type { Ratio } from '../metrics/log/monitor-reading.ts';
import { backgroundClock } from '../platform/clock.ts';
import { defined } from '../platform/defined.ts';
import {
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

const noNumber = 'a series of it has no number';

/** A page is read in pieces of this size, with a turn of the event loop between: no request waits for it. */
const pieceBytes = 64 * 1024;
const clock = backgroundClock();

/** What part of the second counter the first is. A first one that never counted stands at 0. */
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

/** Mean of the values that a histogram or a summary took in. */
export function mean(histogram: Selector): PrometheusFigure {
  return {
    names: meanNames(histogram.name),
    tell: (before, after) => {
      const grown = histogramIncrease(before, after, histogram);
      return typeof grown === 'object' ? { part: grown.sum, whole: grown.count } : grown;
    },
  };
}

/** How much a counter grows in a second. */
export function perSecond(counter: Selector): PrometheusFigure {
  return {
    names: [counter.name],
    tell: (before, after, spanMs) => {
      const grown = counted(before, after, counter);
      return typeof grown === 'number' ? { part: grown, whole: spanMs / 1000 } : grown;
    },
  };
}

function counted(before: Exposition, after: Exposition, counter: Selector) {
  const grown = increaseOf(before, after, counter);
  return grown ?? (selectSamples(after, counter).length > 0 ? noNumber : undefined);
}

/** Reads `path`. Of several ways to a figure the first counts for which this target has the series. */
export function prometheus(
  path: string,
  figures: Readonly<Record<string, PrometheusFigure | readonly PrometheusFigure[]>>,
): MonitorSource {
  const ways = Object.values(figures).flat();
  const wanted = new Set(ways.flatMap(({ names }) => names));
  return sourceOf(path, (http) => {
    let before: Exposition | undefined;
    return async (spanMs) => {
      const after = await readPage(await http.get(path), wanted);
      if ('unknown' in after) return nothingKnown(after.unknown);
      const earlier = before;
      before = after;
      if (earlier === undefined || spanMs === undefined) return {};
      return figuresOf(figures, earlier, after, spanMs);
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

function figuresOf(
  figures: Parameters<typeof prometheus>[1],
  before: Exposition,
  after: Exposition,
  spanMs: number,
): Measured {
  const ratios: Record<string, Ratio> = {};
  const unknown: Record<string, string> = {};
  for (const [figure, ways] of Object.entries(figures)) {
    const told = toldBy([ways].flat(), before, after, spanMs);
    if (typeof told === 'object') ratios[figure] = told;
    else unknown[figure] = told ?? 'its series are not there';
  }
  return defined({ ratios, unknown: Object.keys(unknown).length === 0 ? undefined : unknown });
}

function toldBy(
  ways: readonly PrometheusFigure[],
  before: Exposition,
  after: Exposition,
  spanMs: number,
): Ratio | string | undefined {
  for (const { names, tell } of ways) {
    const faults = [before, after].flatMap(({ unreadable }) =>
      names.flatMap((name) => unreadable.get(name) ?? []),
    );
    const told = faults[0] ?? tell(before, after, spanMs);
    if (told !== undefined) return told;
  }
  return undefined;
}
