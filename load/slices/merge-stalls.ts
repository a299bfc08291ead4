/**
 * Stalls of the whole load, out of what each slice saw: a slice keeps every span in which nothing came
 * back to it, however few requests it had in flight (gap-watch.ts). Nothing came back at all where the
 * spans of all slices overlap.
 */
import type { Stall } from '../metrics/log/schema.ts';
import { crowd, shortestStallMs } from '../metrics/record/stall-watch.ts';

export class MergedStalls {
  /** Each slice's spans, by start: one that went on comes again, longer. */
  private readonly gaps = new Map<number, Map<number, Stall>>();

  add(slice: number, stalls: readonly Stall[]): void {
    const own = this.gaps.get(slice) ?? new Map<number, Stall>();
    this.gaps.set(slice, own);
    for (const stall of stalls) own.set(stall.startMs, stall);
  }

  /** A slice whose log ends there has nothing in flight after that, and hears of nothing. */
  close(slice: number, reachedMs: number): void {
    this.add(slice, [{ startMs: reachedMs, endMs: Infinity, inFlight: 0 }]);
  }

  all(): Stall[] {
    const slices = this.gaps.size;
    const stalls: Stall[] = [];
    let silent = 0;
    let inFlight = 0;
    let stall: Stall | undefined;
    for (const [atMs, { spans, count }] of this.changes()) {
      silent += spans;
      inFlight += count;
      const stands = silent === slices && inFlight >= crowd;
      if (stands) stall ??= { startMs: atMs, endMs: atMs, inFlight };
      if (stands || stall === undefined) continue;
      if (atMs - stall.startMs >= shortestStallMs) stalls.push({ ...stall, endMs: atMs });
      stall = undefined;
    }
    return stalls;
  }

  /** By moment, in order: how many more spans there are then, and requests in flight in them. */
  private changes(): [number, { spans: number; count: number }][] {
    const changes = new Map<number, { spans: number; count: number }>();
    const change = (atMs: number, spans: number, count: number): void => {
      const known = changes.get(atMs) ?? { spans: 0, count: 0 };
      changes.set(atMs, { spans: known.spans + spans, count: known.count + count });
    };
    for (const { startMs, endMs, inFlight } of [...this.gaps.values()].flatMap((own) => [
      ...own.values(),
    ])) {
      change(startMs, 1, inFlight);
      change(endMs, -1, -inFlight);
    }
    return [...changes].sort(([a], [b]) => a - b);
  }
}
