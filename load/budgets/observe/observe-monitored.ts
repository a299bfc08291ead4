/** Figures that the monitor read of the system itself: what its counters gained over the judged phases. */
import { figures, type FigureName } from '../../metrics/definitions.ts';
import type { Ratio } from '../../metrics/log/monitor-reading.ts';
import { wilsonInterval } from '../../metrics/percentile.ts';
import type { Result } from '../../metrics/result/result.ts';
import { judgedSpans, overlapMs, readingsOf } from '../monitored.ts';
import type { Observation } from './observe.ts';

/** A reading at the border of a phase comes some milliseconds late; this much of a span may lie outside. */
const outside = 0.1;
/** … and so much of the judged time may have been read by nobody, before the figure is unknown. */
const unread = 0.1;

const nothing: Observation = { value: undefined, samples: 0, needed: 1 };

/**
 * `lastMs`: of the last so many ms of the judged time. `undefined` where the monitor has never read the
 * figure, so that others may have recorded it.
 */
export function observeMonitored(
  result: Result,
  metric: FigureName,
  lastMs?: number,
): Observation | undefined {
  const readings = readingsOf(result, metric).filter(({ ratios = {} }) => metric in ratios);
  if (readings.length === 0) return undefined;
  const spans = judgedSpans(result, lastMs);
  const judgedMs = spans.reduce((sum, [startMs, endMs]) => sum + endMs - startMs, 0);
  const total = { part: 0, whole: 0 };
  let readMs = 0;
  let spansRead = 0;
  for (const reading of readings) {
    const { fromMs, toMs, ratios } = reading;
    const insideMs = overlapMs(reading, spans);
    if (insideMs <= 0 || insideMs < (1 - outside) * (toMs - fromMs)) continue;
    readMs += insideMs;
    spansRead += 1;
    total.part += ratios![metric]!.part;
    total.whole += ratios![metric]!.whole;
  }
  if (readMs < (1 - unread) * judgedMs) return nothing;
  return observationOf(total, metric, spansRead);
}

function observationOf({ part, whole }: Ratio, metric: FigureName, spansRead: number): Observation {
  const isShare = figures[metric].aggregation === 'share';
  // More hits than requests: the mapping is wrong, and no figure is better than a wrong one.
  if (!(whole > 0) || (isShare && part > whole)) return nothing;
  const interval = isShare ? wilsonInterval(part, whole) : undefined;
  // A whole that is counted is a number of samples; one that is measured (seconds) is none.
  const samples = Number.isInteger(whole) ? whole : spansRead;
  return { value: part / whole, interval, samples, needed: 1 };
}
