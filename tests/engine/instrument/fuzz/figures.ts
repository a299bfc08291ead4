/** All figures of a load as plain data, so that two computations of it can be compared. */
import type { JudgedLoad } from '../../../../load/budgets/judged-load.ts';
import type { Verdict } from '../../../../load/budgets/judge.ts';
import { Histogram } from '../../../../load/metrics/histogram.ts';
import type { Result } from '../../../../load/metrics/result/result.ts';
import type { LatePart, SeriesTotal } from '../../../../load/metrics/result/series-totals.ts';
import { SignedHistogram } from '../../../../load/metrics/signed-histogram.ts';

/** Everything in a result, with histograms and maps as data. */
export function everythingIn(load: JudgedLoad): unknown {
  // The path of the log is not a figure.
  return plain({ ...load, logPath: undefined });
}

/** The figures that do not depend on how many processes sent the load, and the verdict. */
export function figuresIn(result: Result): unknown {
  const series = result.series.map((one) => ({ ...seriesFigures(one), ...partFigures(one) }));
  return {
    scheduled: result.scheduled,
    sent: result.sent,
    series: series.sort((a, b) => a.key.localeCompare(b.key)),
  };
}

/** `isLate`: if several slices were late, the lateness classes are coarser, and so are the ranges. */
export function rowsIn({ judgements }: Verdict, { isLate }: { readonly isLate: boolean }): unknown {
  return judgements.map(({ name, status, value, range, samples, needed, notOkShare }) => {
    const row = { name, value: rounded(value, name), samples, needed, notOkShare };
    if (isLate) return row;
    const ends = range && [range.least, range.most].map((end) => rounded(end, name));
    return { ...row, status, ends };
  });
}

function seriesFigures({ stream, task, request, phase, labels, ...one }: SeriesTotal) {
  const sortedLabels = Object.entries(labels).sort();
  return {
    key: JSON.stringify([stream, task, request, phase, sortedLabels]),
    bytes: [one.bytesSent, one.bytesReceived],
    counters: sorted(one.counters),
    rates: sorted(one.rates),
  };
}

function partFigures({ outcomes, errors, trends }: Omit<LatePart, 'late'>) {
  const trendRows = [...trends].map(([name, own]) => {
    const { sum, ...data } = own.toData();
    return [name, { ...data, sum: Number(sum.toPrecision(9)) }] as const;
  });
  const errorRows = errors.map(({ kind, count, firstMs, lastMs }) => [
    kind,
    { count, firstMs, lastMs },
  ]);
  return { outcomes, errors: errorRows.sort(), trends: trendRows.sort() };
}

function sorted(record: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(record).sort(([a], [b]) => a.localeCompare(b));
}

/** Sums of fractions differ with their order, and a merged stall begins slightly after the answer before it. */
function rounded(value: number | undefined, name: string): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return value;
  return name === 'longestStall' ? Math.round(value) : Number(value.toPrecision(9));
}

function plain(value: unknown): unknown {
  if (value instanceof Histogram || value instanceof SignedHistogram) return value.toData();
  if (value instanceof Map) return [...value].map(([key, one]) => [key, plain(one)] as const);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

/** The first place where the two differ, with both values; the whole would fill pages. */
export function firstDifference(one: unknown, other: unknown, path = ''): string | undefined {
  if (Object.is(one, other)) return undefined;
  if (!isNested(one) || !isNested(other)) return `${path}: ${textOf(one)}, not ${textOf(other)}`;
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = firstDifference(one[key], other[key], `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200);
}
