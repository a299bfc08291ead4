/** Spans without progress. While this machine's loop was held up, no progress could be seen. */
import type { Stall } from '../../metrics/log/schema.ts';
import type { Result } from '../../metrics/result/result.ts';
import { streamOf } from '../observe/series.ts';
import { stallsIn } from '../observe/stall.ts';
import type { Instrument } from './instrument.ts';
import type { FigureRange, Row } from './range.ts';

export function stallRange({ result }: Instrument, { budget }: Row): FigureRange {
  const spans = stallsIn(result, streamOf(budget));
  return {
    least: Math.max(0, ...spans.map((span) => lengthOf(span) - ownInsideMs(result, span))),
    most: Math.max(0, ...spans.map((span) => lengthOf(span) + ownAtStartMs(result, span))),
  };
}

function lengthOf({ startMs, endMs }: Stall): number {
  return endMs - startMs;
}

function ownInsideMs({ loopStalls }: Result, { startMs, endMs }: Stall): number {
  let insideMs = 0;
  let reachedMs = startMs;
  // Stalls of several slices may overlap. No time is counted twice.
  for (const { atMs, durationMs } of [...loopStalls].sort((a, b) => a.atMs - b.atMs)) {
    const untilMs = Math.min(endMs, atMs + durationMs);
    insideMs += Math.max(0, untilMs - Math.max(reachedMs, atMs));
    reachedMs = Math.max(reachedMs, untilMs);
  }
  return insideMs;
}

/** Content read right after a loop stall may have arrived at its beginning. */
function ownAtStartMs({ loopStalls }: Result, { startMs }: Stall): number {
  const across = loopStalls.filter(
    ({ atMs, durationMs }) => atMs <= startMs && startMs <= atMs + durationMs + 1,
  );
  return Math.max(0, ...across.map(({ durationMs }) => durationMs));
}
