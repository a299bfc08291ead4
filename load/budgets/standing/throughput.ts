/** What was counted: a machine that was late sent less, and a stall moves requests across a border. */
import { scheduledOf } from '../../metrics/outcome.ts';
import { judgedPoints, type Result } from '../../metrics/result/result.ts';
import { outcomesOf } from '../../metrics/result/select.ts';
import { judgedSeries } from '../observe/series.ts';
import { certainErrors, notOkOutcomes } from './errors.ts';
import type { Instrument } from './instrument.ts';
import type { FigureRange, Row } from './range.ts';

export function throughputRange(instrument: Instrument, row: Row): FigureRange {
  const { result, judgedMs, offered } = instrument;
  const points = judgedPoints(result);
  const firstMs = points[0]?.startMs ?? 0;
  const lastMs = points.at(-1)?.endMs ?? 0;
  const series = judgedSeries(result, row.budget);
  const outcomes = outcomesOf(series);
  const notOk = scheduledOf(outcomes) - (outcomes.ok ?? 0);
  const doubtful = Math.max(0, notOk - certainErrors(instrument, series, notOkOutcomes));
  const perSecond = (doubtful * 1000) / judgedMs;
  const grown = row.value * (1 + stallAcrossMs(result, lastMs) / judgedMs) + perSecond;
  return {
    least: row.value * (1 - stallAcrossMs(result, firstMs) / judgedMs),
    most: grown / Math.max(1e-3, 1 - offered.lostShare),
  };
}

/** As a multiple of another load's throughput, which is taken as it was told. */
export function speedUpRange(instrument: Instrument, row: Row): FigureRange {
  const { comparedWith } = instrument.result.plan;
  const perSecond = comparedWith?.perSecond ?? 1;
  const { least, most } = throughputRange(instrument, { ...row, value: row.value * perSecond });
  return { least: least / perSecond, most: most / perSecond };
}

export function counterRange({ offered }: Instrument, { value }: Row): FigureRange {
  const more = value / Math.max(1e-3, 1 - offered.lostShare);
  return { least: Math.min(value, more), most: Math.max(value, more) };
}

/** The longest stall of the event loop that was under way at that moment. */
function stallAcrossMs({ loopStalls }: Result, atMs: number): number {
  const across = loopStalls.filter((one) => one.atMs <= atMs && one.atMs + one.durationMs > atMs);
  return Math.max(0, ...across.map(({ durationMs }) => durationMs));
}
