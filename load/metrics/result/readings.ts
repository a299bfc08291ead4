/** What the monitor read of the system, and the judged time that the readings are held against. */
import type { Reading } from '../log/monitor-reading.ts';
import { judgedPoints, type Result } from './result.ts';

/** Over less than this a share of CPU time is the grain of its clock. */
const shortestMs = 1000;

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

/** How much of the reading's span lies in these, in ms. */
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

/** The figure's readings within the spans, in the order of time. */
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
    // A rounded percentage may leave one span below 0 or above all there was.
    const within = ratio.rounded === undefined ? value : Math.min(1, Math.max(0, value));
    return [{ startMs: fromMs, atMs: toMs, value: within }];
  });
}

export function isLong({ fromMs, toMs }: Reading): boolean {
  return toMs - fromMs >= shortestMs;
}

/** A reading at the border of a phase is told to be of what came before it. */
export function isWithin(reading: Reading, spans: readonly Span[]): boolean {
  const { fromMs, toMs } = reading;
  if (fromMs === toMs) return spans.some(([startMs, endMs]) => startMs <= toMs && toMs <= endMs);
  return overlapMs(reading, spans) >= 0.9 * (toMs - fromMs);
}
