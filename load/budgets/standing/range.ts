/** Types shared by all kinds of rows: the range that this machine's lateness gives a figure. */
import type { Budget } from '../../metrics/log/budget.ts';
import type { Observation } from '../observe/observation.ts';

/** The bounds of the undisturbed figure, in the unit of the observed one. */
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

/** The range of a row that lateness does not affect, such as figures read from the system. */
export function asSeen({ value }: Pick<Row, 'value'>): FigureRange {
  return { least: value, most: value };
}
