/** Shares of requests: what certainly ended so is the least of an error rate, what was seen is the most. */
import { figures, type FigureDefinition } from '../../metrics/definitions.ts';
import type { Budget, FigureSubject, RateSubject } from '../../metrics/log/budget.ts';
import { scheduledOf, type Outcome } from '../../metrics/outcome.ts';
import { outcomesOf } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import { isLimit } from '../goodput.ts';
import { judgedCarriers, judgedSeries, streamOf } from '../observe/series.ts';
import { certainErrors, notOkOutcomes } from './errors.ts';
import type { Instrument } from './instrument.ts';
import { certainlyBeyond } from './latency.ts';
import { asSeen, type FigureRange, type Row } from './range.ts';
import { throughputRange } from './throughput.ts';

type FigureRow = Row & { readonly budget: { readonly subject: FigureSubject } };
type RateRow = Row & { readonly budget: { readonly subject: RateSubject } };

export function outcomeShareRange(instrument: Instrument, row: FigureRow): FigureRange {
  const series = judgedSeries(instrument.result, row.budget);
  const scheduled = scheduledOf(outcomesOf(series));
  const outcomes = outcomesIn(row);
  if (outcomes.includes('ok')) {
    const certain = certainErrors(instrument, series, notOkOutcomes);
    // Divided at last, as the figure itself is: a sum of shares may be below it by a rounding.
    return { least: row.value, most: (scheduled - certain) / scheduled };
  }
  return { least: certainErrors(instrument, series, outcomes) / scheduled, most: row.value };
}

export function outcomeCountRange(instrument: Instrument, row: FigureRow): FigureRange {
  const series = judgedSeries(instrument.result, row.budget);
  return { least: certainErrors(instrument, series, outcomesIn(row)), most: row.value };
}

/**
 * A share that was recorded request by request. What an answer was recorded as, it is; one of all scheduled
 * requests misses what ended before it was recorded, and some of that may be this machine's doing.
 */
export function rateRange(instrument: Instrument, row: RateRow): FigureRange {
  const { budget, value } = row;
  const { metric, over } = budget.subject;
  if (over !== 'scheduled') return asSeen(row);
  const series = recordedIn(instrument, row, metric);
  const scheduled = Math.max(1, scheduledOf(outcomesOf(series)));
  if (metric === 'goodput') {
    const good = scheduled - certainlyBad(instrument, budget, series);
    return { least: value, most: Math.max(value, good / scheduled) };
  }
  const notOk = scheduled - (outcomesOf(series).ok ?? 0);
  const doubtful = Math.max(0, notOk - certainErrors(instrument, series, notOkOutcomes));
  return { least: value, most: Math.min(1, value + doubtful / scheduled) };
}

/** Good requests per second: what is not certainly bad may be good, and what was not sent, too. */
export function ratePerSecondRange(instrument: Instrument, row: FigureRow): FigureRange {
  const { hitsOf = '' }: FigureDefinition = figures[row.budget.subject.metric];
  const { judgedMs, offered } = instrument;
  const series = recordedIn(instrument, row, hitsOf);
  const good = scheduledOf(outcomesOf(series)) - certainlyBad(instrument, row.budget, series);
  const perSecond = (good * 1000) / judgedMs / Math.max(1e-3, 1 - offered.lostShare);
  const { least, most } = throughputRange(instrument, row);
  return { least, most: Math.max(most, perSecond) };
}

function recordedIn({ result }: Instrument, { budget }: Row, metric: string) {
  return judgedCarriers(result, budget, ({ rates }) => Object.hasOwn(rates, metric));
}

/** What was slow ended ok, so no request is in both. */
function certainlyBad(
  instrument: Instrument,
  goodput: Budget,
  series: readonly SeriesTotal[],
): number {
  const { budgets } = instrument.result.plan;
  const limits = budgets.filter((one) => isLimit(one) && streamOf(one) === streamOf(goodput));
  const metrics = [...new Set(limits.map(({ subject }) => subject.metric))];
  const tasks = [...new Set(series.map(({ task }) => task))];
  const slow = metrics.map((metric) => {
    const ofMetric = limits.filter(({ subject }) => subject.metric === metric);
    return tasks.reduce((sum, task) => {
      const limitMs = loosestOf(ofMetric, task);
      const ofTask = series.filter((one) => one.task === task);
      return sum + certainlyBeyond(instrument, ofTask, metric, limitMs);
    }, 0);
  });
  return certainErrors(instrument, series, notOkOutcomes) + Math.max(0, ...slow);
}

/** That a request of the task is held to at most; ∞ where only some of them are held to any. */
function loosestOf(limits: readonly Budget[], ofTask: string): number {
  const own = limits.filter(({ task }) => task === undefined || task === ofTask);
  if (own.every(({ labels }) => Object.keys(labels).length > 0)) return Infinity;
  return Math.max(...own.map(({ limit }) => limit));
}

function outcomesIn({ budget }: FigureRow): readonly Outcome[] {
  const { outcomes = [] }: FigureDefinition = figures[budget.subject.metric];
  return outcomes;
}
