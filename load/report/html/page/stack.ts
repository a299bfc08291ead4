/** Stacked lines, drawn as areas. */
import type { Line, Span, TimeChart, Value } from '../page-data.ts';

/** The values that the axis must contain for the visible time: those of the lines, or their sums if stacked. */
export function seenValues(
  { spans, isStacked = false }: TimeChart,
  lines: readonly Pick<Line, 'values'>[],
  [fromMs, toMs]: Span,
): Value[] {
  const shown = spans.map((span) => span[1] > fromMs && span[0] < toMs);
  const isShown = (_: unknown, i: number): boolean => shown[i] === true;
  if (!isStacked) return lines.flatMap(({ values }) => values.filter(isShown));
  const tops = spans.map((_, i) =>
    lines.reduce((sum, { values }) => sum + (typeof values[i] === 'number' ? values[i] : 0), 0),
  );
  return tops.filter(isShown);
}

export function stackStyle({ isStacked = false }: TimeChart, color: string): object {
  return isStacked ? { stack: 'all', areaStyle: { color, opacity: 0.75 } } : {};
}
