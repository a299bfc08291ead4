/** `LOAD_WARM_UP`: lets a load begin with a discarded warm-up of the same shape. */
import { formatMs, parseDurationMs } from '../platform/duration.ts';
import { untilMoment } from './steered-course.ts';
import type { Segment, Workload } from './workload.ts';

/**
 * Puts a warm-up of length `text` (such as `30s`) before the load. In it, users or arrivals start as in
 * the load itself, and the last level is held if the load is shorter. Then they leave, and the load runs
 * as planned on a warm system. The warm-up is not judged. Throws if `text` is not a duration.
 * @example
 * rehearsed(users({ count: 50, spawnRate: 5, duration: '5m' }), '30s');
 */
export function rehearsed<W extends Workload>(workload: W, text: string): W {
  const warmUpMs = parseDurationMs(text, 'LOAD_WARM_UP');
  const later = <S extends { startMs: number; endMs: number }>(span: S): S => ({
    ...span,
    startMs: span.startMs + warmUpMs,
    endMs: span.endMs + warmUpMs,
  });
  const phase = { name: 'warm-up', startMs: 0, endMs: warmUpMs, judged: false } as const;
  return {
    ...workload,
    describedAs: `${workload.describedAs}, after ${formatMs(warmUpMs)} of warm-up`,
    segments: [...beginningOf(workload.segments, warmUpMs), ...workload.segments.map(later)],
    phases: [phase, ...workload.phases.map(later)],
  };
}

/** The course of the segments up to `untilMs`. If they end before, the last level is held. */
function beginningOf(segments: readonly Segment[], untilMs: number): Segment[] {
  const begun = untilMoment(segments, untilMs);
  const { endMs, to } = begun.at(-1)!;
  return endMs < untilMs ? [...begun, { startMs: endMs, endMs: untilMs, from: to, to }] : begun;
}
