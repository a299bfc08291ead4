/** The text of a limit: `<op> <number> [unit]`. */
import type { Dimension } from '../metrics/figure-text.ts';
import { budgetOps, type Budget, type BudgetOp } from '../metrics/log/budget.ts';
import { isBudgetUnit, toBase, unitsOf } from './units.ts';

export type Limit = Pick<Budget, 'op' | 'limit'>;

const dimensionNames: Readonly<Record<Dimension, string>> = {
  time: 'a time',
  share: 'a share',
  perSecond: 'a rate per time',
  bytes: 'a size',
  number: 'a plain number',
};

const examples: Readonly<Record<Dimension, string>> = {
  time: "'< 3 s'",
  share: "'< 1 %'",
  perSecond: "'> 10 /s'",
  bytes: "'< 20 kB'",
  number: "'= 0'",
};

/** Times are measured up to 1 h and clamped there, so a higher limit could never be broken. */
const longestMs = 3_600_000;
const largestNumber = 1e12;

/**
 * Parses a limit for a metric of the dimension. Throws with what is wrong and what is accepted. Times and
 * shares need their unit: a bare 3 could be ms or s, a bare 1 could be 1 % or 100 %. Only 0 is the same
 * in all units. For other dimensions a bare number is in the base unit. `isOfAnyValue`: for a trend of
 * the user's own, which may be below 0 and has no bounds.
 */
export function parseLimit(text: unknown, dimension: Dimension, isOfAnyValue = false): Limit {
  const refuse = (problem: string): Error => refusal(text, problem, dimension);
  if (typeof text !== 'string') throw refuse('is no text');
  const [op = '', decimal = '', unit, ...rest] = text.trim().split(/\s+/);
  if (op === '') throw refuse('is empty');
  if (!isOp(op)) throw refuse(`does not begin with an operator and a space`);
  const number = isOfAnyValue ? /^-?\d+(\.\d+)?$/ : /^\d+(\.\d+)?$/;
  if (!number.test(decimal)) {
    throw refuse(isOfAnyValue ? 'has no plain number' : 'has no plain number from 0 up');
  }
  if (rest.length > 0) throw refuse(`goes on after the unit`);
  if (unit !== undefined && !isBudgetUnit(unit)) throw refuse(`has the unknown unit "${unit}"`);
  if (unit !== undefined && !unitsOf(dimension).includes(unit)) {
    throw refuse(`has the unit "${unit}", but the metric is ${dimensionNames[dimension]}`);
  }
  const limit = toBase(decimal, unit);
  if (unit === undefined && limit !== 0 && (dimension === 'time' || dimension === 'share')) {
    throw refuse('has no unit');
  }
  const problem = isOfAnyValue ? tooLarge(limit) : problemOfRange(op, limit, dimension);
  if (problem !== undefined) throw refuse(problem);
  return { op, limit };
}

/** Whether the value is within the limit. `<` is strict: `< 2 s` is broken at 2 s. */
export function meets(value: number, { op, limit }: Limit): boolean {
  if (op === '<') return value < limit;
  if (op === '<=') return value <= limit;
  if (op === '>') return value > limit;
  if (op === '>=') return value >= limit;
  return value === limit;
}

function problemOfRange(op: BudgetOp, limit: number, dimension: Dimension): string | undefined {
  if (tooLarge(limit) !== undefined) return tooLarge(limit);
  if (dimension === 'share' && limit > 1) return 'is beyond 100 %';
  if (dimension === 'time' && limit > longestMs) return 'is beyond 1 h, the longest time measured';
  if (op === '<' && limit === 0) return 'can never be met';
  if (op === '>' && limit === 1 && dimension === 'share') return 'can never be met';
  return undefined;
}

function tooLarge(limit: number): string | undefined {
  return Math.abs(limit) > largestNumber ? `is beyond ${largestNumber}` : undefined;
}

function isOp(text: string): text is BudgetOp {
  return (budgetOps as readonly string[]).includes(text);
}

function refusal(text: unknown, problem: string, dimension: Dimension): Error {
  const units = unitsOf(dimension).join(' ');
  const unit = dimension === 'number' ? 'no unit' : `unit ${units}`;
  const shown = typeof text === 'string' ? `'${text}'` : JSON.stringify(text);
  return new Error(
    `${shown} ${problem}; accepted: one of ${budgetOps.join(' ')}, a number, ${unit}, ` +
      `as in ${examples[dimension]}`,
  );
}
