/**
 * What happened between two readings of the same target. Counters only ever grow, so one that has
 * shrunk was reset (the process restarted), and so was one whose `_created` time is a later one: what it
 * shows now has been counted since then, and what was counted between the first reading and the reset is
 * lost.
 */
import { defined } from '../platform/defined.ts';
import { seriesKey, type Exposition } from './prometheus-text.ts';
import type { MetricSample } from './prometheus-line.ts';

/** Which series count: their name, and what their labels must be. Further labels are summed over. */
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

/** The series in which OpenMetrics tells since when a counter, a histogram or a summary counts. */
export function createdName(name: string): string {
  return `${name.replace(/_(total|sum|count)$/, '')}_created`;
}

/** Whether the later page says of the series with these labels that it began anew, however much it shows. */
function isAnew(before: Exposition, after: Exposition, { name, labels }: Omit<Series, 'value'>) {
  const key = seriesKey({ name: createdName(name), labels });
  return (after.series.get(key)?.value ?? NaN) > (before.series.get(key)?.value ?? NaN);
}

/**
 * How much the selected counters grew, all together; `undefined` where there is none, or where one has
 * no number. A series that was not there before began at 0: labelled counters appear when they first
 * count.
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

/** What histograms, or summaries, took in: how many values, and their sum. */
interface TakenIn {
  readonly sum: number;
  readonly count: number;
}

/** The series that a mean needs. Buckets are none of them: they may differ, come later, or be torn. */
export function meanNames(name: string): readonly [sum: string, count: string] {
  return [`${name}_sum`, `${name}_count`];
}

/**
 * What the selected histograms took in, all together: a reset of the count is one of the sum. `undefined`
 * where there is none, a text where it can't be told.
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
  // Nothing was taken in, whatever its sum is: some exporters have a NaN for that of nothing.
  if (began.count !== undefined && began.count === now.count) {
    if (!isWhole(began) || !isWhole(now)) return { sum: 0, count: 0 };
  }
  if (!isWhole(began) || !isWhole(now)) return 'its sum or its count is not there, or is no number';
  if (now.count < began.count) return now;
  // Either values below 0, or a restart after which more came than ever before it.
  if (now.sum < began.sum) return 'its sum fell while its count grew';
  return { sum: now.sum - began.sum, count: now.count - began.count };
}

function isWhole(one: Partial<TakenIn>): one is TakenIn {
  return Number.isFinite(one.sum) && Number.isFinite(one.count);
}

/** One histogram, and what there is of it. */
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
