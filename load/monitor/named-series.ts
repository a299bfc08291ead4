/**
 * `namedSeries('http_requests_total')`: any series by its name. A counter is shown as its rate, a
 * histogram as p50, p95 and p99 of the span, anything else as its value. Each set of labels is a separate
 * figure.
 */
import { plainName } from '../platform/words.ts';
import { increaseOf } from './prometheus-difference.ts';
import { bucketName, quantileOfIncrease } from './prometheus-quantile.ts';
import type { Exposition, TimedSample } from './prometheus-text.ts';
import type { NamedSeries, Told } from './prometheus.ts';

/** With more label sets the figures would be unreadable. */
const mostLabels = 20;
const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

/** `suffix` is appended to the name of each figure. */
export function namedSeries(name: string, suffix = ''): NamedSeries {
  const family = name.replace(/_total$/, '');
  const only = (figure: string, told: Told) => ({ [plainName(figure) + suffix]: told });
  return {
    names: [...new Set([name, family, bucketName(name)])],
    tellAll: (before, after, spanMs) => {
      const fault = after.unreadable.get(name) ?? after.unreadable.get(bucketName(name));
      if (fault !== undefined) return only(name, fault);
      const histograms = bySet(after, bucketName(name));
      const sets = histograms.size > 0 ? histograms : bySet(after, name);
      const many = `it has ${sets.size} sets of labels, and at most ${mostLabels} are kept apart`;
      if (sets.size > mostLabels) return only(name, many);
      if (sets.size === 0) return only(name, 'its series are not there');
      const earlier = before && bySet(before, histograms.size > 0 ? bucketName(name) : name);
      const isCounter = isCounted(after, name, family);
      const told = [...sets].map(([labels, now]) => {
        const then = earlier && (earlier.get(labels) ?? nothing(now));
        const figure = name + labels;
        if (histograms.size > 0) return quantilesOf(name, then, now, figure, only);
        if (!isCounter) return only(figure, levelOf(now));
        if (then === undefined) return {};
        const part = increaseOf(then, now, { name });
        return only(figure, part === undefined ? noNumber : { part, whole: spanMs / 1000 });
      });
      return Object.assign({}, ...told) as Record<string, Told>;
    },
  };
}

const noNumber = 'it has no number';

/** By the type stated on the page, or else by its name. */
function isCounted({ types }: Exposition, name: string, family: string): boolean {
  const type = types.get(name) ?? types.get(family);
  return type === undefined ? name.endsWith('_total') : type === 'counter';
}

function levelOf({ series }: Exposition): Told {
  const [sample] = series.values();
  return sample !== undefined && Number.isFinite(sample.value) ? sample.value : noNumber;
}

function quantilesOf(
  name: string,
  before: Exposition | undefined,
  after: Exposition,
  figure: string,
  only: (figure: string, told: Told) => Record<string, Told>,
): Record<string, Told> {
  if (before === undefined) return {};
  const told = Object.entries(quantiles).map(([as, q]) => {
    const value = quantileOfIncrease(before, after, { name }, q);
    return value === null || value === undefined ? {} : only(`${figure} ${as}`, value);
  });
  return Object.assign({}, ...told) as Record<string, Told>;
}

/**
 * The series of a name as one page for each set of labels, keyed by the labels' text. Bucket bounds do
 * not count as labels.
 */
function bySet(page: Exposition, name: string): Map<string, Exposition> {
  const sets = new Map<string, Map<string, TimedSample>>();
  for (const [key, sample] of page.series) {
    if (sample.name !== name) continue;
    const set = labelText(sample.labels);
    const own = sets.get(set) ?? new Map<string, TimedSample>();
    own.set(key, sample);
    sets.set(set, own);
  }
  return new Map([...sets].map(([set, series]) => [set, { ...page, series }]));
}

/** A label set that is new began at 0. */
function nothing(page: Exposition): Exposition {
  return { ...page, series: new Map() };
}

/** `{code="200",method="get"}`; empty without labels. */
function labelText(labels: ReadonlyMap<string, string>): string {
  const pairs = [...labels]
    .filter(([label]) => label !== 'le')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}="${value}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
