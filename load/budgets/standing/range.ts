/** What kinds of rows have in common: where this machine's lateness leaves a figure. */
import type { Budget } from '../../metrics/log/budget.ts';
import type { Observation } from '../observe/observation.ts';

/** The undisturbed figure lies between these, in the unit of the observed one. */
export interface FigureRange {
  readonly least: number;
  readonly most: number;
}

/** A row that has a figure. */
export interface Row {
  readonly budget: Budget;
  readonly observation: Observation;
  readonly value: number;
}

/** A row on which lateness has no influence: what was read of the system stands. */
export function asSeen({ value }: Pick<Row, 'value'>): FigureRange {
  return { least: value, most: value };
}
