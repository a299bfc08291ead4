/** Stalls: spans with 5 or more requests in flight and no progress of the load stream. */
import type { Budget } from '../../metrics/log/budget.ts';
import type { Stall } from '../../metrics/log/schema.ts';
import { crowd } from '../../metrics/record/stall-watch.ts';
import { judgedPoints, type Result } from '../../metrics/result/result.ts';
import { nothing, type Observation } from './observation.ts';
import { judgedSeries, scheduledIn, streamOf } from './series.ts';

/** The longest stall of the judged time. */
export function observeStall(result: Result, budget: Budget): Observation {
  const samples = scheduledIn(judgedSeries(result, budget));
  const longest = longestOf(stallsIn(result, streamOf(budget)));
  if (longest === undefined) return samples === 0 ? nothing : { value: 0, samples, needed: 1 };
  const { startMs, endMs } = longest;
  const value = endMs - startMs;
  return { value, samples: Math.max(1, samples), needed: 1, worst: { startMs, endMs, value } };
}

/**
 * The stalls of the stream that overlap one of its judged phases, each with its full length, which may
 * begin or end outside. A stall within the drain does not count: nothing new is sent then, and the rest
 * takes its time.
 */
export function stallsIn(result: Result, stream = 0): readonly Stall[] {
  const spans = judgedPoints(result, stream);
  return allStalls(result, stream).filter((stall) =>
    spans.some(({ startMs, endMs }) => stall.startMs < endMs && stall.endMs > startMs),
  );
}

/**
 * All stalls of the load stream, in order of time. If several entries have the same start (a stall still
 * going on, and later its end), the longest one counts.
 */
function allStalls({ stalls }: Result, stream: number): readonly Stall[] {
  const byStart = new Map<number, Stall>();
  for (const stall of stalls) {
    // A slice also keeps spans with fewer requests in flight. On their own they are not stalls.
    if (stall.inFlight < crowd || (stall.stream ?? 0) !== stream) continue;
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
