/** A rise over the run as text, the same in every report. */
import { rises } from '../metrics/definitions.ts';
import { chanceText, changeBesideLimit, figureText, moveText } from '../metrics/figure-text.ts';
import { formatMs } from '../platform/duration.ts';
import type { Judgement } from './judge.ts';
import { dimensionOfUnit } from './units.ts';

/**
 * `p95 rises 14 % over 58 min (3.1 → 3.6 ms), p < 0.001`. If it passes although it is above the limit,
 * the text says why.
 */
export function riseText({ budget, rise, status }: Judgement): string | undefined {
  const { subject } = budget;
  if (rise === undefined || subject.kind !== 'rise') return undefined;
  const { what, unit, least } = rises[subject.metric];
  const { dimension } = dimensionOfUnit(unit);
  const { change, spanMs } = rise;
  const verb = change < 0 ? 'falls' : 'rises';
  const moves =
    change === 0 ? 'stays' : `${verb} ${changeBesideLimit(change, budget.limit).slice(1)}`;
  const level = (value: number): string => figureText(value, dimension);
  const ends =
    change === 0 ? `(${level(rise.from)})` : `(${moveText(rise.from, rise.to, dimension)})`;
  const told = `${what} ${moves} over ${formatMs(spanMs)} ${ends}`;
  if (change <= 0) return told;
  const chance = `${told}, ${chanceText(rise.pOfRise)}`;
  if (status !== 'pass' || change < budget.limit) return chance;
  if (!rise.isProven) return `${chance}: it may be chance`;
  return `${chance}: less than ${level(least)} does not count`;
}
