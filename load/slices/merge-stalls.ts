/**
 * Stalls of the whole load, out of what each slice saw: a slice keeps every span in which nothing came
 * back to a load stream of it, however few requests that had in flight (gap-watch.ts). Nothing came back at
 * all where the spans of all slices overlap.
 */
import type { Stall } from '../metrics/log/schema.ts';
import { crowd, shortestStallMs } from '../metrics/record/stall-watch.ts';

export class MergedStalls {
  /** By load stream, the spans by slice and start: one that went on comes again, longer. */
  private readonly gaps = new Map<number, Map<string, Stall>>();
  /** After the end of its log a slice has nothing in flight, and hears of nothing. */
  private readonly ends: Stall[] = [];

  add(slice: number, stalls: readonly Stall[]): void {
    for (const stall of stalls) {
      const { stream = 0, startMs } = stall;
      const own = this.gaps.get(stream) ?? new Map<string, Stall>();
      this.gaps.set(stream, own.set(`${slice} ${startMs}`, stall));
    }
  }

  /** The log of a slice ends there. Call once for each. */
  close(reachedMs: number): void {
    this.ends.push({ startMs: reachedMs, endMs: Infinity, inFlight: 0 });
  }

  all(): Stall[] {
    return [...this.gaps].flatMap(([stream, own]) => {
      const stalls = overlaps([...own.values(), ...this.ends], this.ends.length);
      return stream === 0 ? stalls : stalls.map((stall) => ({ ...stall, stream }));
    });
  }
}

/** Where the spans of so many slices overlap for long enough, with a crowd in flight in all together. */
function overlaps(spans: readonly Stall[], slices: number): Stall[] {
  const stalls: Stall[] = [];
  let silent = 0;
  let inFlight = 0;
  let stall: Stall | undefined;
  for (const [atMs, change] of changesOf(spans)) {
    silent += change.spans;
    inFlight += change.inFlight;
    const stands = silent === slices && inFlight >= crowd;
    if (stands) stall ??= { startMs: atMs, endMs: atMs, inFlight };
    if (stands || stall === undefined) continue;
    if (atMs - stall.startMs >= shortestStallMs) stalls.push({ ...stall, endMs: atMs });
    stall = undefined;
  }
  return stalls;
}

interface Change {
  spans: number;
  inFlight: number;
}

/** By moment, in order: how many more spans there are then, and requests in flight in them. */
function changesOf(spans: readonly Stall[]): [number, Change][] {
  const changes = new Map<number, Change>();
  const add = (atMs: number, by: number, inFlight: number): void => {
    const change = changes.get(atMs) ?? { spans: 0, inFlight: 0 };
    changes.set(atMs, change);
    change.spans += by;
    change.inFlight += by * inFlight;
  };
  for (const { startMs, endMs, inFlight } of spans) {
    add(startMs, 1, inFlight);
    add(endMs, -1, inFlight);
  }
  return [...changes].sort(([a], [b]) => a - b);
}
