/** Rises: as observed, and with each minute's lateness subtracted. */
import type { RiseSubject } from '../../metrics/log/budget.ts';
import { observeRise } from '../observe/rise.ts';
import type { Instrument } from './instrument.ts';
import type { Observation } from '../observe/observation.ts';
import { asSeen, type FigureRange, type Row } from './range.ts';

export function riseRange(
  { result }: Instrument,
  row: Row & { readonly budget: { readonly subject: RiseSubject } },
): FigureRange {
  if (row.budget.subject.metric !== 'rise.p95') return asSeen(row);
  const minutes = result.minutes.map((minute) => ({
    ...minute,
    p95Ms: Math.max(0, minute.p95Ms - minute.lateP95Ms),
  }));
  const ends = [row.observation, observeRise({ ...result, minutes }, row.budget)].map(provenIn);
  return { least: Math.min(...ends), most: Math.max(...ends) };
}

/** A rise that may be chance does not count. */
function provenIn({ value = 0, rise }: Observation): number {
  return rise?.isProven === true ? value : Math.min(0, value);
}
