/**
 * The units that a metric's limit may have, and their size in the base unit of the dimension: ms, share
 * (0 to 1), per second, bytes, or plain number.
 */
import type { Dimension } from '../metrics/figure-text.ts';
import { budgetUnits, type BudgetUnit } from './names.ts';

/**
 * `times · 10^exponent / per` of the base unit. They are integers, so that no limit is off by a rounding
 * error.
 */
interface UnitDefinition {
  readonly dimension: Dimension;
  readonly times?: number;
  readonly exponent?: number;
  readonly per?: number;
}

const definitions: Readonly<Record<BudgetUnit, UnitDefinition>> = {
  us: { dimension: 'time', exponent: -3 },
  ms: { dimension: 'time' },
  s: { dimension: 'time', exponent: 3 },
  m: { dimension: 'time', times: 6, exponent: 4 },
  h: { dimension: 'time', times: 36, exponent: 5 },
  '%': { dimension: 'share', exponent: -2 },
  points: { dimension: 'share', exponent: -2 },
  '/s': { dimension: 'perSecond' },
  '/min': { dimension: 'perSecond', per: 60 },
  B: { dimension: 'bytes' },
  kB: { dimension: 'bytes', exponent: 3 },
  MB: { dimension: 'bytes', exponent: 6 },
};

/** Other spellings of units, as in the table of metrics or as a user may write them. */
const spellings: Readonly<Record<string, BudgetUnit>> = {
  perSecond: '/s',
  perMinute: '/min',
  bytes: 'B',
  min: 'm',
};

/** For a metric's own unit: the dimension of its limits, and its size in the base unit. */
export function dimensionOfUnit(unit: string): { dimension: Dimension; scale: number } {
  if (unit === 'share') return { dimension: 'share', scale: 1 };
  const name = Object.hasOwn(spellings, unit) ? spellings[unit]! : unit;
  if (!isBudgetUnit(name)) return { dimension: 'number', scale: 1 };
  return { dimension: definitions[name].dimension, scale: toBase('1', name) };
}

export function isBudgetUnit(text: string): text is BudgetUnit {
  return (budgetUnits as readonly string[]).includes(text);
}

export function unitsOf(dimension: Dimension): readonly BudgetUnit[] {
  return budgetUnits.filter((unit) => definitions[unit].dimension === dimension);
}

/**
 * Converts a decimal number (`0.7`) to the base unit. The digits are shifted as text, not multiplied: 0.7
 * / 100 is 0.006999999999999999, and a share of exactly 0.7 % would be compared wrongly.
 */
export function toBase(decimal: string, unit: BudgetUnit | undefined): number {
  const { times = 1, exponent = 0, per = 1 } = unit === undefined ? {} : definitions[unit];
  const [whole = '', fraction = ''] = decimal.split('.');
  const digits = BigInt(whole + fraction) * BigInt(times);
  return Number(`${digits}e${exponent - fraction.length}`) / per;
}
