/** What every kind of observation gives. */
import type { Trend } from '../../analysis/trend.ts';
import type { Budget, Subject } from '../../metrics/log/budget.ts';
import { wilsonInterval } from '../../metrics/percentile.ts';

export interface Observation {
  /** In the base unit of the budget's dimension (units.ts); `undefined` where nothing was recorded. */
  readonly value: number | undefined;
  /** Two-sided 95 % interval of a percentile or a rate. */
  readonly interval?: readonly [number, number] | undefined;
  readonly samples: number;
  readonly needed: number;
  /** Trends over all scheduled requests: the share of those that have no value, being not ok. */
  readonly notOkShare?: number | undefined;
  readonly worst?: Worst | undefined;
  /** What a reader must know of the figure, a sentence each. */
  readonly remarks?: readonly string[] | undefined;
  /** Where the metric is a `rise.…`: the line and its evidence. */
  readonly rise?: Rise | undefined;
}

/** The worst second of the judged time. */
export interface Worst {
  readonly startMs: number;
  readonly endMs: number;
  /** In the unit of the observed value. */
  readonly value: number;
  /**
   * The longest spell of seconds that miss the limit by themselves, from its first to its last; missing where none
   * does. A single second among them that keeps it does not end it.
   */
  readonly spell?: { readonly startMs: number; readonly endMs: number };
}

export interface Rise extends Trend {
  /** Chance alone would hardly make it. */
  readonly isProven: boolean;
  /** A share of `from`: a smaller change never counts, whatever the limit says. */
  readonly leastChange: number;
}

/** A budget whose subject is of a kind. */
export type BudgetOn<S extends Subject> = Budget & { readonly subject: S };

export const nothing: Observation = { value: undefined, samples: 0, needed: 1 };

export function shareOf(hits: number, total: number): Observation {
  if (total === 0) return nothing;
  return { value: hits / total, interval: wilsonInterval(hits, total), samples: total, needed: 1 };
}

/** The monitor sees the whole system, and no task or label of it. */
export function isOfWhole({ task, labels }: Budget): boolean {
  return task === undefined && Object.keys(labels).length === 0;
}
