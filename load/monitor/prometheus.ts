/**
 * `prometheus('/metrics', …)`: figures of a load test as what the counters of a `/metrics` endpoint
 * gained between two readings. Never their totals: what came before the load is not its doing.
 */
import type { Ratio } from '../metrics/log/monitor-reading.ts';
import { defined } from '../platform/defined.ts';
import {
  histogramIncrease,
  increaseOf,
  selectSamples,
  type Selector,
} from './prometheus-difference.ts';
import { parseExposition, type Exposition } from './prometheus-text.ts';
import { nothingKnown, sourceOf, type Measured, type MonitorSource } from './source.ts';

/** Tells a figure of a span; `undefined` where this target has not the series it needs. */
type PrometheusFigure = (
  before: Exposition,
  after: Exposition,
  spanMs: number,
) => Ratio | undefined;

/** What part of the second counter the first is. A first one that never counted stands at 0. */
export function share(part: Selector, whole: Selector): PrometheusFigure {
  return (before, after) => {
    const all = increaseOf(before, after, whole);
    if (all === undefined) return undefined;
    const hasPart = selectSamples(after, part).length > 0;
    const own = hasPart ? increaseOf(before, after, part) : 0;
    return own === undefined ? undefined : { part: own, whole: all };
  };
}

/** Mean of the values that a histogram or a summary took in. */
export function mean(histogram: Selector): PrometheusFigure {
  return (before, after) => {
    const grown = histogramIncrease(before, after, histogram);
    return grown === undefined ? undefined : { part: grown.sum, whole: grown.count };
  };
}

/** How much a counter grows in a second. */
export function perSecond(counter: Selector): PrometheusFigure {
  return (before, after, spanMs) => {
    const grown = increaseOf(before, after, counter);
    return grown === undefined ? undefined : { part: grown, whole: spanMs / 1000 };
  };
}

/** Reads `path`. Of several ways to a figure the first counts for which this target has the series. */
export function prometheus(
  path: string,
  figures: Readonly<Record<string, PrometheusFigure | readonly PrometheusFigure[]>>,
): MonitorSource {
  return sourceOf(path, (http) => {
    let before: Exposition | undefined;
    return async (spanMs) => {
      const { text, contentType } = await http.get(path);
      const after = parseExposition(text, contentType);
      if ('unknown' in after) return nothingKnown(after.unknown);
      const earlier = before;
      before = after;
      if (earlier === undefined || spanMs === undefined) return {};
      return figuresOf(figures, earlier, after, spanMs);
    };
  });
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
    const [ratio] = [ways].flat().flatMap((way) => way(before, after, spanMs) ?? []);
    if (ratio === undefined) unknown[figure] = 'its series are not there, or have no number';
    else ratios[figure] = ratio;
  }
  return defined({ ratios, unknown: Object.keys(unknown).length === 0 ? undefined : unknown });
}
