/** What the monitor read of the system, and the judged time that the readings are held against. */
import type { Reading } from '../../metrics/log/monitor-reading.ts';
import { judgedPoints, type Result } from '../../metrics/result/result.ts';

/**
 * The readings that tell the figure, of one source: two that tell the same would be counted twice. What
 * the machine says of the process goes before what the system says of itself.
 */
export function readingsOf({ readings }: Pick<Result, 'readings'>, figure: string): Reading[] {
  const telling = readings.filter((reading) => tells(reading, figure));
  const sources = telling.map(({ source }) => source);
  const source = sources.includes('process') ? 'process' : sources[0];
  return telling.filter((reading) => reading.source === source);
}

function tells({ ratios = {}, gauges = {} }: Reading, figure: string): boolean {
  return Object.hasOwn(ratios, figure) || Object.hasOwn(gauges, figure);
}

export type Span = readonly [startMs: number, endMs: number];

/** The judged part of the timeline, intervals that follow one another put together. */
export function judgedSpans(result: Result): readonly Span[] {
  const spans: [number, number][] = [];
  for (const { startMs, endMs } of judgedPoints(result)) {
    const last = spans.at(-1);
    if (last?.[1] === startMs) last[1] = endMs;
    else spans.push([startMs, endMs]);
  }
  return spans;
}

/** So much of the last part may be left out where a reading lies across its beginning. */
const leftOut = 0.1;

/**
 * The last part of the judged time, or all of it. A reading can't be cut: where a long one lies across the
 * beginning, as with a monitor that seldom looks, the part begins with it.
 */
export function lastSpans(
  result: Result,
  lastMs: number | undefined,
  readings: readonly Reading[],
): readonly Span[] {
  const spans = judgedSpans(result);
  if (lastMs === undefined) return spans;
  const fromMs = (spans.at(-1)?.[1] ?? 0) - lastMs;
  const across = readings.find((one) => one.fromMs < fromMs && one.toMs > fromMs);
  const isLong = across !== undefined && across.toMs - fromMs > leftOut * lastMs;
  const beginsMs = isLong ? across.fromMs : fromMs;
  return spans
    .filter(([, endMs]) => endMs > beginsMs)
    .map(([startMs, endMs]) => [Math.max(startMs, beginsMs), endMs]);
}

/** How much of the reading's span lies in these, in ms. */
export function overlapMs({ fromMs, toMs }: Reading, spans: readonly Span[]): number {
  return spans.reduce(
    (sum, [startMs, endMs]) => sum + Math.max(0, Math.min(toMs, endMs) - Math.max(fromMs, startMs)),
    0,
  );
}
