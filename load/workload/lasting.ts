/** `LOAD_DURATION` on a baseline: the same load for another time, which is a plan of its own. */
import { formatMs, parseDurationMs } from '../platform/duration.ts';
import { canBeExtended, plannedEndMs, type Segment, type Workload } from './workload.ts';

/**
 * Ends the steady state earlier or later, and says so in the level. `text`: from the first user on, the
 * ramp inside, such as `30s`. Throws where it leaves no steady state, or the load has none at its end.
 */
export function lasting<W extends Workload>(workload: W, text: string): W {
  const durationMs = parseDurationMs(text, 'LOAD_DURATION');
  const [warmUp] = workload.phases.filter(({ name }) => name === 'warm-up');
  const endMs = durationMs + (warmUp?.endMs ?? 0);
  const plannedMs = plannedEndMs(workload);
  const fromMs = workload.segments.at(-1)?.startMs ?? 0;
  if (!canBeExtended(workload)) {
    throw new Error(`LOAD_DURATION=${text}: the load does not end in a steady state`);
  }
  if (endMs <= fromMs) {
    const needed = `more than the ${formatMs(fromMs)} until its steady state`;
    throw new Error(`LOAD_DURATION=${text}: this load needs ${needed}`);
  }
  const withEnd = <S extends Pick<Segment, 'endMs'>>(span: S): S =>
    span.endMs === plannedMs ? { ...span, endMs } : span;
  return {
    ...workload,
    level: `${workload.level}-${durationMs / 1000}s`,
    describedAs: `${workload.describedAs}, here for ${formatMs(durationMs)}`,
    segments: workload.segments.map(withEnd),
    phases: workload.phases.map(withEnd),
  };
}
