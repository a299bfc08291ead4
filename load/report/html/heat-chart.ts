/** A heat map of response times over the time of a load. */
import { logBarEdgeMs } from '../../metrics/log-bars.ts';
import type { IntervalDetail } from '../../metrics/result/details.ts';
import { binned } from '../charts/chart-data.ts';
import type { Heat, Span, TimeChart } from './page-data.ts';

const mostSpans = 300;

/** `widthMs`: of a column. Default: wide enough for at most `most` columns. */
export function heatChart(
  details: readonly IntervalDetail[],
  most = mostSpans,
  widthMs?: number,
): TimeChart {
  const { groups } = binned(details, Math.min(most, mostSpans), widthMs);
  const spans = groups.map(spanOf);
  const columns = groups.map(countsOf);
  const seen = columns.flatMap((counts) => [...counts.keys()]);
  const [first, last] = [
    seen.reduce((a, b) => Math.min(a, b), Infinity),
    seen.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  const cells = columns.flatMap((counts, span): Heat['cells'] =>
    [...counts].map(([bar, count]) => [span, bar - first, count] as const),
  );
  const length = seen.length === 0 ? 0 : last - first + 2;
  return {
    id: 'heat',
    title: 'How response times were distributed',
    dimension: 'time',
    isLog: true,
    spans,
    lines: [],
    heat: { edgesMs: Array.from({ length }, (_, i) => logBarEdgeMs(first + i)), cells },
    note: 'Darker: more ok requests took this long.',
  };
}

/** Counts by bar, for all tasks. */
function countsOf(details: readonly IntervalDetail[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [bar, times] of details.flatMap(({ bars }) => [...(bars.get('') ?? [])])) {
    counts.set(bar, (counts.get(bar) ?? 0) + times);
  }
  return counts;
}

export function spanOf(
  group: readonly { readonly startMs: number; readonly endMs: number }[],
): Span {
  return [Math.round(group[0]!.startMs), Math.round(group.at(-1)!.endMs)];
}
