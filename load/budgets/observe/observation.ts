/** The result of every kind of observation. */
import type { Trend } from '../../analysis/trend.ts';
import type { Budget, Subject } from '../../metrics/log/budget.ts';
import { wilsonInterval } from '../../metrics/percentile.ts';

export interface Observation {
  /** In the base unit of the budget's dimension (units.ts). `undefined` if nothing was recorded. */
  readonly value: number | undefined;
  /** Two-sided 95 % interval of a percentile or a rate. */
  readonly interval?: readonly [number, number] | undefined;
  readonly samples: number;
  readonly needed: number;
  /** For trends over all scheduled requests: the share of those without a value, which are not ok. */
  readonly notOkShare?: number | undefined;
  readonly worst?: Worst | undefined;
  /** Remarks on the figure for the reader, a sentence each. */
  readonly remarks?: readonly string[] | undefined;
  /** For a metric `rise.…`: the fitted line and its evidence. */
  readonly rise?: Rise | undefined;
}

/** The worst second of the judged time. */
export interface Worst {
  readonly startMs: number;
  readonly endMs: number;
  /** In the unit of the observed value. */
  readonly value: number;
  /**
   * The longest run of consecutive seconds that miss the limit, from the first to the last. Missing if
   * none does. A single second within it that keeps the limit does not end it.
   */
  readonly spell?: { readonly startMs: number; readonly endMs: number };
}

export interface Rise extends Trend {
  /** True if chance alone is an unlikely explanation. */
  readonly isProven: boolean;
  /** As a share of `from`. A smaller change never counts, whatever the limit. */
  readonly leastChange: number;
}

/** A budget with a subject of one kind. */
export type BudgetOn<S extends Subject> = Budget & { readonly subject: S };

export const nothing: Observation = { value: undefined, samples: 0, needed: 1 };

export function shareOf(hits: number, total: number): Observation {
  if (total === 0) return nothing;
  return { value: hits / total, interval: wilsonInterval(hits, total), samples: total, needed: 1 };
}

/** True for a budget on the whole system. The monitor sees no single task or label. */
export function isOfWhole({ task, labels }: Budget): boolean {
  return task === undefined && Object.keys(labels).length === 0;
}
