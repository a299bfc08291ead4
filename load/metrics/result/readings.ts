/** The monitor's readings of the system, and the judged time that they are compared with. */
import type { Reading } from '../log/monitor-reading.ts';
import { judgedPoints, type Result } from './result.ts';

/** Over a shorter time, a share of CPU time is dominated by the clock's resolution. */
const shortestMs = 1000;

/**
 * The readings with the figure, from one source: two sources with the same figure would be counted twice.
 * The machine's reading of the process has precedence over the system's own.
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

/** The judged part of the timeline, with adjacent intervals joined. */
export function judgedSpans(result: Result): readonly Span[] {
  const spans: [number, number][] = [];
  for (const { startMs, endMs } of judgedPoints(result)) {
    const last = spans.at(-1);
    if (last?.[1] === startMs) last[1] = endMs;
    else spans.push([startMs, endMs]);
  }
  return spans;
}

/** How much of the reading's span lies in these spans, in ms. */
export function overlapMs({ fromMs, toMs }: Reading, spans: readonly Span[]): number {
  return spans.reduce(
    (sum, [startMs, endMs]) => sum + Math.max(0, Math.min(toMs, endMs) - Math.max(fromMs, startMs)),
    0,
  );
}

export interface Level {
  readonly startMs: number;
  readonly atMs: number;
  readonly value: number;
}

/** The figure's readings within the spans, in order of time. */
export function levelsIn(
  result: Pick<Result, 'readings'>,
  figure: string,
  spans: readonly Span[],
): Level[] {
  return readingsOf(result, figure).flatMap((reading) => {
    const { fromMs, toMs, ratios = {}, gauges = {} } = reading;
    if (!isWithin(reading, spans)) return [];
    const gauge = Object.hasOwn(gauges, figure) ? gauges[figure] : undefined;
    if (gauge !== undefined) return [{ startMs: toMs, atMs: toMs, value: gauge }];
    const ratio = Object.hasOwn(ratios, figure) ? ratios[figure] : undefined;
    if (ratio === undefined || !(ratio.whole > 0) || !isLong(reading)) return [];
    const value = ratio.part / ratio.whole;
    // Rounding can put the percentage of a span below 0 or above the total.
    const within = ratio.rounded === undefined ? value : Math.min(1, Math.max(0, value));
    return [{ startMs: fromMs, atMs: toMs, value: within }];
  });
}

export function isLong({ fromMs, toMs }: Reading): boolean {
  return toMs - fromMs >= shortestMs;
}

/** A reading at the border of a phase belongs to the phase before it. */
export function isWithin(reading: Reading, spans: readonly Span[]): boolean {
  const { fromMs, toMs } = reading;
  if (fromMs === toMs) return spans.some(([startMs, endMs]) => startMs <= toMs && toMs <= endMs);
  return overlapMs(reading, spans) >= 0.9 * (toMs - fromMs);
}
