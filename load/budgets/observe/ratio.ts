/** Figures that the monitor read of the system itself: what its counters gained over the judged phases. */
import { figures } from '../../metrics/definitions.ts';
import type { FigureSubject } from '../../metrics/log/budget.ts';
import type { Ratio } from '../../metrics/log/monitor-reading.ts';
import { wilsonInterval } from '../../metrics/percentile.ts';
import type { Result } from '../../metrics/result/result.ts';
import { isOfWhole, nothing, type BudgetOn, type Observation } from './observation.ts';
import { observeRecordedShare } from './rate.ts';
import { judgedSpans, overlapMs, readingsOf } from './readings.ts';

/** A reading at the border of a phase comes some milliseconds late; this much of a span may lie outside. */
const outside = 0.1;
/** … and so much of the judged time may have been read by nobody, before the figure is unknown. */
const unread = 0.1;

/** Where the monitor has never read it, users may have recorded it: the cache's hits, say. */
export function observeRatio(result: Result, budget: BudgetOn<FigureSubject>): Observation {
  const { metric } = budget.subject;
  const readings = isOfWhole(budget)
    ? readingsOf(result, metric).filter(({ ratios = {} }) => metric in ratios)
    : [];
  if (readings.length === 0) return observeRecordedShare(result, budget, metric);
  const spans = judgedSpans(result, budget.lastMs);
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
  return observationOf(total, budget, spansRead);
}

function observationOf(
  { part, whole }: Ratio,
  { subject }: BudgetOn<FigureSubject>,
  spansRead: number,
): Observation {
  const { unit, over } = figures[subject.metric];
  const isProportion = unit === 'share' && over === 'samples';
  // More hits than requests: the mapping is wrong, and no figure is better than a wrong one.
  if (!(whole > 0) || (isProportion && part > whole)) return nothing;
  const interval = isProportion ? wilsonInterval(part, whole) : undefined;
  // A whole that is counted is a number of samples; one that is measured (seconds) is none.
  const samples = Number.isInteger(whole) ? whole : spansRead;
  return { value: part / whole, interval, samples, needed: 1 };
}
