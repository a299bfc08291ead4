/** Shares of requests: what certainly ended so is the least of an error rate, what was seen is the most. */
import { figures, quantileOf, type FigureDefinition } from '../../metrics/definitions.ts';
import type { FigureSubject, RateSubject } from '../../metrics/log/budget.ts';
import { scheduledOf, type Outcome } from '../../metrics/outcome.ts';
import { outcomesOf } from '../../metrics/result/select.ts';
import { judgedSeries } from '../observe/series.ts';
import { certainErrors, notOkOutcomes } from './errors.ts';
import type { Instrument } from './instrument.ts';
import { certainlyBeyond } from './latency.ts';
import { asSeen, type FigureRange, type Row } from './range.ts';

type FigureRow = Row & { readonly budget: { readonly subject: FigureSubject } };
type RateRow = Row & { readonly budget: { readonly subject: RateSubject } };

export function outcomeShareRange(instrument: Instrument, row: FigureRow): FigureRange {
  const series = judgedSeries(instrument.result, row.budget);
  const scheduled = scheduledOf(outcomesOf(series));
  const outcomes = outcomesIn(row);
  if (outcomes.includes('ok')) {
    const certain = certainErrors(instrument, series, notOkOutcomes);
    return { least: row.value, most: 1 - certain / scheduled };
  }
  return { least: certainErrors(instrument, series, outcomes) / scheduled, most: row.value };
}

export function outcomeCountRange(instrument: Instrument, row: FigureRow): FigureRange {
  const series = judgedSeries(instrument.result, row.budget);
  return { least: certainErrors(instrument, series, outcomesIn(row)), most: row.value };
}

/**
 * A share that users recorded. One of all scheduled requests misses what ended before it was recorded, and
 * some of that may be this machine's doing.
 */
export function rateRange(instrument: Instrument, row: RateRow): FigureRange {
  const { budget, value } = row;
  if (budget.subject.over !== 'scheduled') return asSeen(row);
  const series = judgedSeries(instrument.result, budget);
  const outcomes = outcomesOf(series);
  const scheduled = scheduledOf(outcomes);
  const certain = certainErrors(instrument, series, notOkOutcomes);
  if (budget.subject.metric !== 'goodput') {
    const doubtful = scheduled - (outcomes.ok ?? 0) - certain;
    return { least: value, most: Math.min(1, value + Math.max(0, doubtful) / scheduled) };
  }
  // What was slow ended ok, so no request is in both.
  const slow = mostCertainlySlow(instrument, row);
  return { least: value, most: Math.max(value, 1 - (certain + slow) / scheduled) };
}

/** Requests that were certainly over one of the plan's limits on a time. */
function mostCertainlySlow(instrument: Instrument, { budget }: RateRow): number {
  const series = judgedSeries(instrument.result, budget);
  const slow = instrument.result.plan.budgets.map(({ subject, op, limit, task, labels }) => {
    const isUpper = op === '<' || op === '<=';
    const isOfAll = task === budget.task && Object.keys(labels).length === 0;
    if (subject.kind !== 'trend' || !isUpper || !isOfAll) return 0;
    if (quantileOf(subject.statistic) === undefined) return 0;
    return certainlyBeyond(instrument, series, subject.metric, limit);
  });
  return Math.max(0, ...slow);
}

function outcomesIn({ budget }: FigureRow): readonly Outcome[] {
  const { outcomes = [] }: FigureDefinition = figures[budget.subject.metric];
  return outcomes;
}
