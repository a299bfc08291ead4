/**
 * Sums the records of a series over all intervals and, in a merge, over all slices. Requests affected by
 * this machine's lateness are in the sums like all others, and once more separately by lateness class:
 * the clean part at a step is the sum minus the classes above it.
 */
import { withMore, type TrendHistogram } from '../trend-histogram.ts';
import type { ErrorRecord, SeriesRecord } from '../log/schema.ts';
import { addOutcomes, type OutcomeCounts } from '../outcome.ts';

export interface SeriesTotal {
  readonly stream: number;
  readonly task: string;
  readonly request: string;
  /** The HTTP method; empty for other protocols, for requests that were never made, and from older logs. */
  readonly method: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly phase: string;
  readonly outcomes: OutcomeCounts;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly errors: readonly ErrorRecord[];
  readonly trends: ReadonlyMap<string, TrendHistogram>;
  readonly counters: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
  readonly rates: Readonly<Record<string, { readonly hits: number; readonly total: number }>>;
  /** Late requests, in the order of their classes. */
  readonly lateParts: readonly LatePart[];
}

/** The requests of a series that are clean at no step before `late` (record/lateness.ts). */
export interface LatePart {
  readonly late: number;
  readonly outcomes: OutcomeCounts;
  readonly errors: readonly ErrorRecord[];
  readonly trends: ReadonlyMap<string, TrendHistogram>;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Part = Writable<Omit<LatePart, 'trends'>> & { readonly trends: Map<string, TrendHistogram> };
type Sum = Writable<Omit<SeriesTotal, 'trends' | 'lateParts'>> &
  Pick<Part, 'trends'> & { readonly lateParts: Part[] };

export class SeriesTotals {
  private readonly sums = new Map<string, Sum>();

  add(record: SeriesRecord): void {
    const sum = this.sumOf(record);
    addPart(sum, record);
    if (record.late !== undefined) addPart(latePartOf(sum, record.late), record);
    sum.bytesSent += record.bytesSent ?? 0;
    sum.bytesReceived += record.bytesReceived ?? 0;
    sum.counters = mergeWith(sum.counters, record.counters, (a, b) => a + b);
    sum.gauges = { ...sum.gauges, ...record.gauges };
    sum.rates = mergeWith(sum.rates, record.rates, (a, b) => ({
      hits: a.hits + b.hits,
      total: a.total + b.total,
    }));
  }

  all(): SeriesTotal[] {
    return [...this.sums.values()];
  }

  private sumOf(record: SeriesRecord): Sum {
    const { stream, task, request, method = '', phase, labels = {} } = record;
    const key = JSON.stringify([
      stream,
      task,
      request,
      method,
      phase,
      Object.entries(labels).sort(),
    ]);
    let sum = this.sums.get(key);
    if (sum === undefined) {
      sum = {
        stream,
        task,
        request,
        method,
        phase,
        labels,
        outcomes: {},
        bytesSent: 0,
        bytesReceived: 0,
        errors: [],
        trends: new Map<string, TrendHistogram>(),
        counters: {},
        gauges: {},
        rates: {},
        lateParts: [],
      };
      this.sums.set(key, sum);
    }
    return sum;
  }
}

function addPart(part: Omit<Part, 'late'>, record: SeriesRecord): void {
  part.outcomes = addOutcomes(part.outcomes, record.outcomes);
  part.errors = mergeErrors(part.errors, record.errors ?? []);
  for (const [name, data] of Object.entries(record.trends ?? {})) {
    part.trends.set(name, withMore(part.trends.get(name), data));
  }
}

function latePartOf({ lateParts: parts }: Sum, late: number): Part {
  let part = parts.find((one) => one.late === late);
  if (part === undefined) {
    part = { late, outcomes: {}, errors: [], trends: new Map<string, TrendHistogram>() };
    parts.push(part);
    parts.sort((a, b) => a.late - b.late);
  }
  return part;
}

/**
 * Errors of the same kind become one record: counts are added; the first and last time and the first
 * example are kept.
 */
export function mergeErrors(
  a: readonly ErrorRecord[],
  b: readonly ErrorRecord[],
): readonly ErrorRecord[] {
  if (b.length === 0) return a;
  const merged = new Map(a.map((error) => [error.kind, error]));
  for (const error of b) {
    const known = merged.get(error.kind);
    if (known === undefined) {
      merged.set(error.kind, error);
      continue;
    }
    merged.set(error.kind, {
      kind: error.kind,
      count: known.count + error.count,
      firstMs: Math.min(known.firstMs, error.firstMs),
      lastMs: Math.max(known.lastMs, error.lastMs),
      sample: known.firstMs <= error.firstMs ? known.sample : error.sample,
    });
  }
  return [...merged.values()];
}

function mergeWith<V>(
  a: Readonly<Record<string, V>>,
  b: Readonly<Record<string, V>> | undefined,
  combine: (a: V, b: V) => V,
): Readonly<Record<string, V>> {
  if (b === undefined) return a;
  // A map instead of an object, since a metric may have the name of an inherited property.
  const merged = new Map(Object.entries(a));
  for (const [name, value] of Object.entries(b)) {
    const known = merged.get(name);
    merged.set(name, known === undefined ? value : combine(known, value));
  }
  return Object.fromEntries(merged);
}
