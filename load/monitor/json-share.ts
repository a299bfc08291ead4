/** `share('cache.hit_rate_percent', 'cache.total_reads')`: a share that a system tells since its start. */
import type { Ratio } from '../metrics/log/monitor-reading.ts';

/** The part in percent, and the count that it is of, both since the system started. */
export interface ShareSinceStart {
  readonly percent: string;
  readonly of: string;
}

/** Paths in the document. The figure is what came in the span between two readings. */
export function share(percent: string, of: string): ShareSinceStart {
  return { percent, of };
}

export interface Counted {
  readonly part: number;
  readonly whole: number;
}

/** Nothing has no share yet, whatever the system says. `undefined` where it does not tell. */
export function countedIn(percent: unknown, of: unknown): Counted | undefined {
  if (of === 0) return { part: 0, whole: 0 };
  if (typeof percent !== 'number' || typeof of !== 'number') return undefined;
  return { part: (percent / 100) * of, whole: of };
}

/**
 * `undefined` where the system counts from 0 again. The percentage is rounded, so the difference may be
 * off by a little at both ends.
 */
export function gainedSince(before: Counted, after: Counted): Ratio | undefined {
  const whole = after.whole - before.whole;
  if (whole < 0) return undefined;
  const part = Math.round(after.part - before.part);
  return { part: Math.min(whole, Math.max(0, part)), whole };
}
