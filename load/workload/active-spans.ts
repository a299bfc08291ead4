/** Closed model: which user is at work when. Pure functions of the workload's segments. */
import { dueMs } from '../platform/clock.ts';
import { ownedCount, ownedIndex, type Slice } from './slice.ts';
import { peakUsers, type Course, type Segment } from './workload.ts';

/** A time span in which user `slot` is at work. `endMs` is ∞ if it stays until the end of the load. */
export interface ActiveSpan {
  readonly slot: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** All spans of the slice's users, sorted by their starts. */
export function activeSpans(workload: Course, slice: Slice): ActiveSpan[] {
  const spans: ActiveSpan[] = [];
  const owned = ownedCount(peakUsers(workload), slice);
  for (let m = 0; m < owned; m++) spans.push(...spansOf(workload.segments, ownedIndex(m, slice)));
  return spans.sort((a, b) => a.startMs - b.startMs || a.slot - b.slot);
}

/** The spans of one user. Adjacent spans are joined; starts are rounded to the clock's resolution. */
function spansOf(segments: readonly Segment[], slot: number): ActiveSpan[] {
  const joined: { slot: number; startMs: number; endMs: number }[] = [];
  const lastEndMs = segments.at(-1)?.endMs ?? 0;
  for (const segment of segments) {
    const span = spanWithin(segment, slot);
    if (span === undefined) continue;
    const last = joined.at(-1);
    if (last?.endMs === span.startMs) last.endMs = span.endMs;
    else joined.push({ slot, ...span });
  }
  return joined.map(({ startMs, endMs }) => ({
    slot,
    startMs: dueMs(startMs),
    endMs: endMs === lastEndMs && (segments.at(-1)?.to ?? 0) > slot ? Infinity : endMs,
  }));
}

/**
 * A ramp from a to b starts user k when the level reaches k (a ≤ k < b). On the way down it ends user k
 * when the level falls to k, so the highest user leaves first.
 */
function spanWithin(
  { startMs, endMs, from, to }: Segment,
  slot: number,
): { startMs: number; endMs: number } | undefined {
  if (slot < Math.min(from, to)) return { startMs, endMs };
  if (slot >= Math.max(from, to)) return undefined;
  const crossingMs = startMs + ((slot - from) / (to - from)) * (endMs - startMs);
  return to > from ? { startMs: crossingMs, endMs } : { startMs, endMs: crossingMs };
}
