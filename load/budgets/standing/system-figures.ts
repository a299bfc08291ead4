/** Figures that were read of the system itself: they are what they are, but for what bunches do to them. */
import { scheduledOf } from '../../metrics/outcome.ts';
import type { FigureSubject } from '../../metrics/log/budget.ts';
import { outcomesOf } from '../../metrics/result/select.ts';
import { judgedSeries } from '../observe/series.ts';
import { steps, type Instrument } from './instrument.ts';
import { asSeen, type FigureRange, type Row } from './range.ts';

/** Requests within this step (16 ms) of each other met the cache as they would have. */
const cacheStep = 2;

export function ratioRange(
  instrument: Instrument,
  row: Row & { readonly budget: { readonly subject: FigureSubject } },
): FigureRange {
  const series = judgedSeries(instrument.result, row.budget);
  switch (row.budget.subject.metric) {
    case 'averageBatchSize': {
      // What the loop held back it released at once, and a batch took in more of it.
      const ended = scheduledOf(outcomesOf(series)) / Math.max(1, instrument.judgedMs);
      return { least: row.value - ended * instrument.delay.meanMs, most: row.value };
    }
    case 'cacheHitRate': {
      const { lateShare = 0 } = steps(instrument, series)[cacheStep] ?? {};
      return { least: row.value, most: Math.min(1, row.value + lateShare) };
    }
    default:
      return asSeen(row);
  }
}
