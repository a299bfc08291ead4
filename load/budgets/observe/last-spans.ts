/** The part of the judged time that a budget on the last minutes is about. */
import type { Reading } from '../../metrics/log/monitor-reading.ts';
import { judgedSpans, type Span } from '../../metrics/result/readings.ts';
import type { Result } from '../../metrics/result/result.ts';

/** Share of the last part that may be left out if a reading crosses its beginning. */
const leftOut = 0.1;

/**
 * The last part of the judged time, or all of it. A reading cannot be split: if a long one crosses the
 * beginning, as with rare readings, the part begins with that reading.
 */
export function lastSpans(
  result: Result,
  lastMs: number | undefined,
  readings: readonly Reading[],
): readonly Span[] {
  const spans = judgedSpans(result);
  if (lastMs === undefined) return spans;
  const fromMs = (spans.at(-1)?.[1] ?? 0) - lastMs;
  const across = readings.find((one) => one.fromMs < fromMs && one.toMs > fromMs);
  const isLong = across !== undefined && across.toMs - fromMs > leftOut * lastMs;
  const beginsMs = isLong ? across.fromMs : fromMs;
  return spans
    .filter(([, endMs]) => endMs > beginsMs)
    .map(([startMs, endMs]) => [Math.max(startMs, beginsMs), endMs]);
}
