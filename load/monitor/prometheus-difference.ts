/**
 * The difference between two readings of the same target. A counter that shrank was reset (the process
 * restarted), and so was one with a later `_created` time. Its value was then counted since the reset;
 * what was counted between the first reading and the reset is lost.
 */
import { defined } from '../platform/defined.ts';
import { seriesKey, type Exposition } from './prometheus-text.ts';
import type { MetricSample } from './prometheus-line.ts';

/** Selects series by name and labels. The selected series are summed over all other labels. */
export interface Selector {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string | RegExp>>;
}

type Series = Pick<MetricSample, 'name' | 'labels' | 'value'>;

function matches({ name, labels }: Series, selector: Selector): boolean {
  if (name !== selector.name) return false;
  return Object.entries(selector.labels ?? {}).every(([label, wanted]) => {
    const value = labels.get(label) ?? '';
    return typeof wanted === 'string' ? value === wanted : wanted.test(value);
  });
}

export function selectSamples({ series }: Exposition, selector: Selector): Series[] {
  return [...series.values()].filter((sample) => matches(sample, selector));
}

/** The OpenMetrics series with the start time of a counter, histogram or summary. */
export function createdName(name: string): string {
  return `${name.replace(/_(total|sum|count)$/, '')}_created`;
}

/** Whether the later page says that the series with these labels was reset, whatever its value. */
function isAnew(before: Exposition, after: Exposition, { name, labels }: Omit<Series, 'value'>) {
  const key = seriesKey({ name: createdName(name), labels });
  return (after.series.get(key)?.value ?? NaN) > (before.series.get(key)?.value ?? NaN);
}

/**
 * The total growth of the selected counters; `undefined` if there is none, or one has no number. A new
 * series began at 0, since labelled counters appear when they first count.
 */
export function increaseOf(
  before: Exposition,
  after: Exposition,
  selector: Selector,
): number | undefined {
  const samples = selectSamples(after, selector);
  if (samples.length === 0) return undefined;
  let sum = 0;
  for (const sample of samples) {
    const known = before.series.get(seriesKey(sample))?.value ?? 0;
    const then = isAnew(before, after, sample) ? 0 : known;
    const grown = sample.value >= then ? sample.value - then : sample.value;
    if (!Number.isFinite(then) || !Number.isFinite(grown)) return undefined;
    sum += grown;
  }
  return sum;
}

/** The values added to histograms or summaries: their number and sum. */
interface TakenIn {
  readonly sum: number;
  readonly count: number;
}

/** The series needed for a mean. Buckets are not: they may differ, come later, or be incomplete. */
export function meanNames(name: string): readonly [sum: string, count: string] {
  return [`${name}_sum`, `${name}_count`];
}

/**
 * Returns the increase of the selected histograms, all together. A reset of the count is also one of the
 * sum. `undefined` if there is none, a text if it cannot be computed.
 */
export function histogramIncrease(
  before: Exposition,
  after: Exposition,
  selector: Selector,
): TakenIn | string | undefined {
  const all = histogramsIn(after, selector);
  if (all.size === 0) return undefined;
  const earlier = histogramsIn(before, selector);
  let [sum, count] = [0, 0];
  for (const [key, now] of all) {
    const began = isAnew(before, after, now) ? undefined : earlier.get(key);
    const grown = grownSince(began, now);
    if (typeof grown === 'string') return grown;
    sum += grown.sum;
    count += grown.count;
  }
  return { sum, count };
}

function grownSince(then: Partial<TakenIn> | undefined, now: Partial<TakenIn>): TakenIn | string {
  const began = then ?? { sum: 0, count: 0 };
  // Nothing was added, whatever the sum; some exporters write NaN for an empty one.
  if (began.count !== undefined && began.count === now.count) {
    if (!isWhole(began) || !isWhole(now)) return { sum: 0, count: 0 };
  }
  if (!isWhole(began) || !isWhole(now))
    return 'its sum or its count is missing, or is not a number';
  if (now.count < began.count) return now;
  // There are values below 0, or a restart after which more came than before it.
  if (now.sum < began.sum) return 'its sum fell while its count grew';
  return { sum: now.sum - began.sum, count: now.count - began.count };
}

function isWhole(one: Partial<TakenIn>): one is TakenIn {
  return Number.isFinite(one.sum) && Number.isFinite(one.count);
}

/** The series of one histogram, as far as they are present. */
type HistogramSeries = Omit<Series, 'value'> & Partial<TakenIn>;

/** The selected histograms by their labels. */
function histogramsIn(
  exposition: Exposition,
  { name, labels }: Selector,
): ReadonlyMap<string, HistogramSeries> {
  const found = new Map<
    string,
    { -readonly [Part in keyof HistogramSeries]: HistogramSeries[Part] }
  >();
  const [sumName, countName] = meanNames(name);
  for (const [part, partName] of [
    ['sum', sumName],
    ['count', countName],
  ] as const) {
    for (const sample of selectSamples(exposition, defined({ name: partName, labels }))) {
      const key = seriesKey({ name, labels: sample.labels });
      const own = found.get(key) ?? { name, labels: sample.labels };
      found.set(key, own);
      own[part] = sample.value;
    }
  }
  return found;
}
