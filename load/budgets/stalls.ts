/** Stalls of the judged time: spans with 5 or more in flight in which nothing came back. */
import type { Stall } from '../metrics/log/schema.ts';
import type { Result } from '../metrics/result/result.ts';
import { crowd } from '../metrics/record/stall-watch.ts';
import { judgedPoints } from './judged-points.ts';

/** The stalls that overlap a judged phase, each at its full length: it may begin or end outside. */
export function stallsIn(result: Result): readonly Stall[] {
  const spans = judgedPoints(result);
  return allStalls(result).filter((stall) =>
    spans.some(({ startMs, endMs }) => stall.startMs < endMs && stall.endMs > startMs),
  );
}

/**
 * Every stall of the run, in order of time. Of several entries with one start (one that was still going
 * on, and later its end) the longest stands.
 */
export function allStalls({ stalls }: Result): readonly Stall[] {
  const byStart = new Map<number, Stall>();
  for (const stall of stalls) {
    // A slice keeps spans with fewer, too: they are no stalls by themselves.
    if (stall.inFlight < crowd) continue;
    const known = byStart.get(stall.startMs);
    if (known === undefined || known.endMs < stall.endMs) byStart.set(stall.startMs, stall);
  }
  return [...byStart.values()].sort((a, b) => a.startMs - b.startMs);
}

export function longestOf(stalls: readonly Stall[]): Stall | undefined {
  return stalls.reduce<Stall | undefined>(
    (longest, stall) =>
      longest === undefined || stall.endMs - stall.startMs > longest.endMs - longest.startMs
        ? stall
        : longest,
    undefined,
  );
}
