/** Counts: a late machine sends less, and a stall moves requests across a border. */
import { scheduledOf } from '../../metrics/outcome.ts';
import type { Budget } from '../../metrics/log/budget.ts';
import type { Result } from '../../metrics/result/result.ts';
import { outcomesOf } from '../../metrics/result/select.ts';
import { judgedSpans } from '../../metrics/result/readings.ts';
import { judgedSeries } from '../observe/series.ts';
import { certainErrors, notOkOutcomes } from './errors.ts';
import type { Instrument } from './instrument.ts';
import type { FigureRange, Row } from './range.ts';

export function throughputRange(instrument: Instrument, row: Row): FigureRange {
  const { result, judgedMs, offered } = instrument;
  const spans = judgedSpans(result);
  const across = (at: 0 | 1): number =>
    spans.reduce((sum, span) => sum + stallAcrossMs(result, span[at]), 0);
  const perSecond = (doubtfulErrors(instrument, row.budget) * 1000) / judgedMs;
  const grown = row.value * (1 + across(1) / judgedMs) + perSecond;
  return {
    least: row.value * Math.max(0, 1 - across(0) / judgedMs),
    most: grown / Math.max(1e-3, 1 - offered.lostShare),
  };
}

/** Errors that might have been ok without this machine's lateness. */
function doubtfulErrors(instrument: Instrument, budget: Budget): number {
  const series = judgedSeries(instrument.result, budget);
  const outcomes = outcomesOf(series);
  const notOk = scheduledOf(outcomes) - (outcomes.ok ?? 0);
  return Math.max(0, notOk - certainErrors(instrument, series, notOkOutcomes));
}

/** A multiple of another load's throughput. That one is taken as reported. */
export function speedUpRange(instrument: Instrument, row: Row): FigureRange {
  const { comparedWith } = instrument.result.plan;
  const perSecond = comparedWith?.perSecond ?? 1;
  const { least, most } = throughputRange(instrument, { ...row, value: row.value * perSecond });
  return { least: least / perSecond, most: most / perSecond };
}

/** Each doubtful error might have counted. */
export function counterRange(instrument: Instrument, { budget, value }: Row): FigureRange {
  const { lostShare } = instrument.offered;
  const doubtful = doubtfulErrors(instrument, budget);
  const more = (value + doubtful) / Math.max(1e-3, 1 - lostShare);
  return { least: Math.min(value, more), most: Math.max(value, more) };
}

/** The length of the longest loop stall at that moment. */
function stallAcrossMs({ loopStalls }: Result, atMs: number): number {
  const across = loopStalls.filter((one) => one.atMs <= atMs && one.atMs + one.durationMs > atMs);
  return Math.max(0, ...across.map(({ durationMs }) => durationMs));
}
