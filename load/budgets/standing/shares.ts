/**
 * Shares of requests. For an error rate the certain errors are the lower bound, the observed ones the
 * upper bound.
 */
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
    // Divided last, as for the figure itself: a sum of shares could be below it by a rounding error.
    return { least: row.value, most: (scheduled - certain) / scheduled };
  }
  return { least: certainErrors(instrument, series, outcomes) / scheduled, most: row.value };
}

export function outcomeCountRange(instrument: Instrument, row: FigureRow): FigureRange {
  const series = judgedSeries(instrument.result, row.budget);
  return { least: certainErrors(instrument, series, outcomesIn(row)), most: row.value };
}

/**
 * A rate recorded request by request. The recorded values are certain. A rate over all scheduled requests
 * lacks those that ended before they were recorded, and this machine may have caused some of that.
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

/**
 * Good requests per second: all that are not certainly bad may be good, and requests that were not sent,
 * too.
 */
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

/** Slow requests ended ok, so no request is counted in both. */
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

/** The loosest limit that applies to the requests of the task; ∞ if only some of them have one. */
function loosestOf(limits: readonly Budget[], ofTask: string): number {
  const own = limits.filter(({ task }) => task === undefined || task === ofTask);
  if (own.every(({ labels }) => Object.keys(labels).length > 0)) return Infinity;
  return Math.max(...own.map(({ limit }) => limit));
}

function outcomesIn({ budget }: FigureRow): readonly Outcome[] {
  const { outcomes = [] }: FigureDefinition = figures[budget.subject.metric];
  return outcomes;
}
