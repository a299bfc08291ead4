/** How much more a system does than in an earlier load of the test. */
import { observe } from '../budgets/observe.ts';
import { parseBudget } from '../budgets/parse.ts';
import type { Plan } from '../metrics/interval-log.ts';
import type { Result } from '../metrics/result.ts';

/** What a later load is compared with; `undefined` where nothing ended ok. */
export function throughputOf(result: Result): Plan['comparedWith'] {
  const perSecond = figureOf(result, 'throughput') ?? 0;
  if (perSecond === 0) return undefined;
  return { describedAs: result.plan.streams[0]!.describedAs, perSecond };
}

/**
 * `Speed-up: 20.3× (54.2 requests/s with 1 user for 10 s, 1101 /s with 100 users for 2 min)`; empty where
 * the load is compared with none.
 */
export function speedUpText(result: Result): string {
  const { comparedWith, streams } = result.plan;
  if (comparedWith === undefined) return '';
  const [times, now] = ['speedUp', 'throughput'].map((key) => figureOf(result, key));
  if (times === undefined || now === undefined) return 'Speed-up: unknown, nothing ended ok';
  const { describedAs, perSecond } = comparedWith;
  return (
    `Speed-up: ${times.toFixed(1)}× (${rounded(perSecond)} requests/s with ${describedAs}, ` +
    `${rounded(now)} with ${streams[0]!.describedAs})`
  );
}

function figureOf(result: Result, key: string): number | undefined {
  // A limit of nothing: it is looked at, not judged.
  return observe(result, parseBudget({ key, limit: '>= 0' })).value;
}

function rounded(perSecond: number): string {
  return perSecond.toFixed(perSecond < 100 ? 1 : 0);
}
