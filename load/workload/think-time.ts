/** How long a user thinks between two iterations: plain data, and the draw from it. */
import { parseDurationMs, formatMs, type DurationText } from '../platform/duration.ts';
import { purpose, uniform, type DrawKey } from '../platform/random.ts';

/**
 * Milliseconds, drawn uniformly between the two. `pacing` spaces the starts of iterations instead.
 * @example
 * const thinkTime: ThinkTime = between('2s', '5s');
 * defineUser({ system: 'shop', thinkTime, tasks });
 */
export type ThinkTime =
  | { readonly kind: 'uniform'; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: 'pacing'; readonly everyMs: number };

/**
 * Drawn uniformly between two durations for each iteration.
 * @example
 * defineUser({ system: 'shop', thinkTime: between('2s', '5s'), tasks });
 */
export function between(from: DurationText | number, to: DurationText | number): ThinkTime {
  const fromMs = parseDurationMs(from, 'think time from');
  const toMs = parseDurationMs(to, 'think time to');
  if (toMs < fromMs)
    throw new Error(`think time: from ${from} to ${to}; the second must be larger`);
  return { kind: 'uniform', fromMs, toMs };
}

/**
 * Always the same think time.
 *
 * @example
 * constant('500ms');
 */
export function constant(duration: DurationText | number): ThinkTime {
  return between(duration, duration);
}

/**
 * No think time: the next iteration begins when the one before ends.
 * @example
 * users({ count: 10, spawnRate: 10, duration: '1m', thinkTime: noThinkTime });
 */
export const noThinkTime: ThinkTime = { kind: 'uniform', fromMs: 0, toMs: 0 };

/**
 * Starts an iteration every `interval`. If one takes longer, the next starts at once.
 * @example
 * users({ count: 10, spawnRate: 1, duration: '5m', thinkTime: pacing('10s') }); // one a second in all
 */
export function pacing(interval: DurationText | number): ThinkTime {
  const everyMs = parseDurationMs(interval, 'pacing');
  if (everyMs <= 0) throw new Error(`pacing: ${interval}; must be above 0`);
  return { kind: 'pacing', everyMs };
}

/** Parses `2s` or `2s-5s`. Throws with what is accepted. */
export function parseThinkTime(text: string): ThinkTime {
  const [from = '', to, ...more] = text.split('-');
  if (from === '' || more.length > 0) {
    throw new Error(`${JSON.stringify(text)}: accepted is a duration, or two with a hyphen: 2s-5s`);
  }
  return to === undefined ? constant(from) : between(from, to);
}

/** Divides the think time: `smoke` thinks twenty times as fast as the level that it stands for. */
export function dividedBy(thinkTime: ThinkTime, divisor: number): ThinkTime {
  return thinkTime.kind === 'pacing'
    ? { kind: 'pacing', everyMs: thinkTime.everyMs / divisor }
    : { kind: 'uniform', fromMs: thinkTime.fromMs / divisor, toMs: thinkTime.toMs / divisor };
}

const think = purpose('think time');

/**
 * When the next iteration is due (ms, not rounded to the clock's resolution). The iteration before
 * started at `startedMs` and ended at `endedMs`; this is the n-th think time of user `index`.
 */
export function nextIterationMs(
  thinkTime: ThinkTime,
  startedMs: number,
  endedMs: number,
  key: DrawKey,
  index: number,
  n: number,
): number {
  if (thinkTime.kind === 'pacing') return Math.max(endedMs, startedMs + thinkTime.everyMs);
  const { fromMs, toMs } = thinkTime;
  if (toMs === 0) return endedMs;
  return endedMs + fromMs + (toMs - fromMs) * uniform(key, index, think, n);
}

export function describeThinkTime(thinkTime: ThinkTime): string {
  if (thinkTime.kind === 'pacing') return `every ${formatMs(thinkTime.everyMs)}`;
  if (thinkTime.toMs === 0) return 'none';
  return `${formatMs(thinkTime.fromMs)} to ${formatMs(thinkTime.toMs)}`;
}
