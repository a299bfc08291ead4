/** `LOAD_WARM_UP`: a load that begins with a discarded rehearsal of itself. */
import { formatMs, parseDurationMs } from '../platform/duration.ts';
import { untilMoment } from './steered-course.ts';
import type { Segment, Workload } from './workload.ts';

/**
 * Puts so much of the load itself before it: its users or arrivals come as they will, and what holds its level
 * goes on as long as need be. Then they leave, and the load runs as planned on a system that is warm. No phase
 * of it is judged in the warm-up. `text`: such as `30s`. Throws where it is no duration.
 *
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

/** The course of the segments up to `untilMs`; the last level is held where they end before. */
function beginningOf(segments: readonly Segment[], untilMs: number): Segment[] {
  const begun = untilMoment(segments, untilMs);
  const { endMs, to } = begun.at(-1)!;
  return endMs < untilMs ? [...begun, { startMs: endMs, endMs: untilMs, from: to, to }] : begun;
}
