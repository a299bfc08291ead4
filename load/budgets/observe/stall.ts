/** Stalls: spans with 5 or more in flight in which nothing came back to a load stream. */
import type { Budget } from '../../metrics/log/budget.ts';
import type { Stall } from '../../metrics/log/schema.ts';
import { crowd } from '../../metrics/record/stall-watch.ts';
import { judgedPoints, type Result } from '../../metrics/result/result.ts';
import { nothing, type Observation } from './observation.ts';
import { judgedSeries, scheduledIn, streamOf } from './series.ts';

/** The longest of the judged time. */
export function observeStall(result: Result, budget: Budget): Observation {
  const samples = scheduledIn(judgedSeries(result, budget));
  const longest = longestOf(stallsIn(result, streamOf(budget)));
  if (longest === undefined) return samples === 0 ? nothing : { value: 0, samples, needed: 1 };
  const { startMs, endMs } = longest;
  const value = endMs - startMs;
  return { value, samples: Math.max(1, samples), needed: 1, worst: { startMs, endMs, value } };
}

/**
 * The stalls of the stream that overlap a judged phase of it, each at its full length: it may begin or end outside. One that lies
 * wholly in the drain is none of them: nobody asks any more, and what is left takes its time.
 */
export function stallsIn(result: Result, stream = 0): readonly Stall[] {
  const spans = judgedPoints(result, stream);
  return allStalls(result, stream).filter((stall) =>
    spans.some(({ startMs, endMs }) => stall.startMs < endMs && stall.endMs > startMs),
  );
}

/**
 * Every stall of the load stream, in order of time. Of several entries with one start (one that was
 * still going on, and later its end) the longest stands.
 */
function allStalls({ stalls }: Result, stream: number): readonly Stall[] {
  const byStart = new Map<number, Stall>();
  for (const stall of stalls) {
    // A slice keeps spans with fewer, too: they are no stalls by themselves.
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
