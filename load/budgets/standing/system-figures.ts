/** Figures read from the system itself. They are certain, except for the effect of bunched requests. */
import { figures, type FigureDefinition } from '../../metrics/definitions.ts';
import { scheduledOf } from '../../metrics/outcome.ts';
import type { FigureSubject } from '../../metrics/log/budget.ts';
import { outcomesOf } from '../../metrics/result/select.ts';
import { judgedSeries } from '../observe/series.ts';
import { steps, type Instrument } from './instrument.ts';
import { asSeen, type FigureRange, type Row } from './range.ts';

/** Requests within this step (16 ms) of each other use the cache as they would without lateness. */
const cacheStep = 2;

export function ratioRange(
  instrument: Instrument,
  row: Row & { readonly budget: { readonly subject: FigureSubject } },
): FigureRange {
  const { whenBunched }: FigureDefinition = figures[row.budget.subject.metric];
  return whenBunched === undefined ? asSeen(row) : ranges[whenBunched](instrument, row);
}

const ranges: Readonly<Record<NonNullable<FigureDefinition['whenBunched']>, typeof ratioRange>> = {
  batched: (instrument, row) => {
    // The loop sent delayed requests at once, so a batch contained more of them.
    const series = judgedSeries(instrument.result, row.budget);
    const ended = scheduledOf(outcomesOf(series)) / Math.max(1, instrument.judgedMs);
    return { least: row.value - ended * instrument.delay.meanMs, most: row.value };
  },
  cached: (instrument, row) => {
    const series = judgedSeries(instrument.result, row.budget);
    const { lateShare = 0 } = steps(instrument, series)[cacheStep] ?? {};
    return { least: row.value, most: Math.min(1, row.value + lateShare) };
  },
};
