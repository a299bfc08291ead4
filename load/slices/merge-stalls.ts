/**
 * Stalls of the whole load, from the spans of its slices. A slice keeps every span without progress of a
 * load stream, even with few requests in flight (gap-watch.ts). The whole load stalled where the spans of
 * all slices overlap.
 */
import type { Stall } from '../metrics/log/schema.ts';
import { crowd, shortestStallMs } from '../metrics/record/stall-watch.ts';

export class MergedStalls {
  /** By load stream: the spans by slice and start. A span that went on comes again, longer. */
  private readonly gaps = new Map<number, Map<string, Stall>>();
  /** After the end of its log a slice has nothing in flight and no progress. */
  private readonly ends: Stall[] = [];

  add(slice: number, stalls: readonly Stall[]): void {
    for (const stall of stalls) {
      const { stream = 0, startMs } = stall;
      const own = this.gaps.get(stream) ?? new Map<string, Stall>();
      this.gaps.set(stream, own.set(`${slice} ${startMs}`, stall));
    }
  }

  /** The log of a slice ends here. Call it once for each slice. */
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

/** Where the spans of this many slices overlap for long enough, with enough requests in flight in total. */
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

/** Sorted by time: by how much the number of spans and of their requests in flight changes. */
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
