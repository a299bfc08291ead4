/** A sequence of stages: each runs in a straight line from the level before to its own. */
import { z } from 'zod';
import { counted } from '../platform/words.ts';
import { formatMs, type DurationText } from '../platform/duration.ts';
import type { ThinkTime } from './think-time.ts';
import { duration, optionsOf, parseWorkload, thinkTime, userCountOrZero } from './edge.ts';
import { phasesOf, type ClosedWorkload, type Segment } from './workload.ts';

/**
 * One stage of a closed model.
 * @example
 * const evening: readonly Stage[] = [
 *   { users: 50, duration: '1m' },
 *   { users: 50, duration: '5m' },
 * ];
 * stages(evening);
 */
export interface Stage {
  /** Users at the end of the stage. The same number as before holds the level; budgets judge these stages. */
  readonly users: number;
  readonly duration: DurationText | number;
}

const schema = optionsOf({
  from: userCountOrZero.default(0),
  stages: z.array(optionsOf({ users: userCountOrZero, duration })).min(1),
  thinkTime: thinkTime.optional(),
});

/**
 * A closed model whose number of users follows stages, from `from` (default 0). A ramp-down removes the
 * highest user first. Throws if no stage holds its level, since nothing would then be judged.
 * @example
 * stages([{ users: 50, duration: '1m' }, { users: 50, duration: '5m' }]); // up to 50, and holds them
 */
export function stages(
  list: readonly Stage[],
  options: { readonly from?: number; readonly thinkTime?: ThinkTime } = {},
): ClosedWorkload {
  const { from, ...parsed } = parseWorkload('stages', schema, { ...options, stages: list });
  const steps = parsed.stages.map(({ users: to, duration: durationMs }) => ({ to, durationMs }));
  const segments = chain(from, steps);
  const phases = phasesOf(segments, false);
  if (!phases.some(({ judged }) => judged) || segments.every(({ to }) => to === 0)) {
    const why = 'none holds its level (same users as the stage before), so none is judged';
    throw new Error(`stages: ${why}`);
  }
  const peak = Math.max(from, ...steps.map(({ to }) => to));
  const course = steps.map(({ to, durationMs }) => `${to} in ${formatMs(durationMs)}`).join(', ');
  return {
    model: 'closed',
    kind: 'stages',
    thinkTime: parsed.thinkTime,
    segments,
    phases,
    level: `${peak}-users`,
    describedAs:
      steps.length === 1 && steps[0]!.to === from
        ? `${counted(from, 'user')} at once, for ${formatMs(steps[0]!.durationMs)}`
        : `users from ${from} to ${course}`,
  };
}

/** Turns stages into consecutive segments. */
export function chain(
  from: number,
  steps: readonly { readonly to: number; readonly durationMs: number }[],
): Segment[] {
  let startMs = 0;
  let level = from;
  return steps.map(({ to, durationMs }) => {
    const segment = { startMs, endMs: startMs + durationMs, from: level, to };
    startMs += durationMs;
    level = to;
    return segment;
  });
}
