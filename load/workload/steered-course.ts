/** The course of a load that is changed while it runs. Pure functions of its segments. */
import type { Segment } from './workload.ts';

/** The level at a moment. After the end of the course, its last level. */
export function levelAt(segments: readonly Segment[], atMs: number): number {
  const segment = segments.find(({ endMs }) => atMs < endMs);
  if (segment === undefined) return segments.at(-1)?.to ?? 0;
  const { startMs, endMs, from, to } = segment;
  if (atMs <= startMs) return from;
  return from + ((atMs - startMs) / (endMs - startMs)) * (to - from);
}

/**
 * The course from `atMs` on: from its level there to a new level, which it then holds to the planned end.
 * A rise takes `risePerSecond` and is cut off at the planned end; a fall is immediate.
 */
export function steeredFrom(
  segments: readonly Segment[],
  atMs: number,
  { level, risePerSecond }: { readonly level: number; readonly risePerSecond: number },
): Segment[] {
  const from = levelAt(segments, atMs);
  const endMs = segments.at(-1)?.endMs ?? atMs;
  const rampMs = level > from ? ((level - from) / risePerSecond) * 1000 : 0;
  const reachedMs = Math.min(endMs, atMs + rampMs);
  const reached = atMs + rampMs > endMs ? from + ((endMs - atMs) / 1000) * risePerSecond : level;
  const rise = { startMs: atMs, endMs: reachedMs, from, to: reached };
  const held = { startMs: reachedMs, endMs, from: reached, to: reached };
  return reachedMs > atMs ? [rise, held] : [held];
}

/** The part of the course before `atMs`. */
export function untilMoment(segments: readonly Segment[], atMs: number): Segment[] {
  return segments
    .filter(({ startMs }) => startMs < atMs)
    .map((one) => (one.endMs <= atMs ? one : { ...one, endMs: atMs, to: levelAt([one], atMs) }));
}

/** The steepest rise of the levels, per second; ∞ if they never rise. */
export function steepestRise(segments: readonly Segment[]): number {
  const rises = segments
    .filter(({ startMs, endMs, from, to }) => to > from && endMs > startMs)
    .map(({ startMs, endMs, from, to }) => ((to - from) * 1000) / (endMs - startMs));
  return rises.length === 0 ? Infinity : Math.max(...rises);
}
