/** The throughput of a load compared with an earlier load of the test. */
import { observe } from '../../budgets/observe/observe.ts';
import { parseBudget } from '../../budgets/parse.ts';
import { factorText, numberText } from '../../metrics/figure-text.ts';
import type { Plan } from '../../metrics/log/schema.ts';
import type { Result } from '../../metrics/result/result.ts';

/** The throughput with which a later load is compared; `undefined` if no request ended ok. */
export function throughputOf(result: Result): Plan['comparedWith'] {
  const perSecond = figureOf(result, 'throughput') ?? 0;
  if (perSecond === 0) return undefined;
  return { level: result.plan.level, perSecond };
}

/**
 * `Speed-up: 20.3× (54.2 requests/s with 1 user, 1101 with 100 users)`; empty without a load to compare
 * with.
 */
export function speedUpText(result: Result): string {
  const { comparedWith, level } = result.plan;
  if (comparedWith === undefined) return '';
  const [times, now] = ['speedUp', 'throughput'].map((key) => figureOf(result, key));
  if (times === undefined || now === undefined) return 'Speed-up: unknown, nothing ended ok';

  return (
    `Speed-up: ${factorText(times)} (${numberText(comparedWith.perSecond)} requests/s ` +
    `with ${comparedWith.level}, ${numberText(now)} with ${level})`
  );
}

function figureOf(result: Result, key: string): number | undefined {
  // A placeholder limit, since the figure is only observed and not judged.
  return observe(result, parseBudget({ key, limit: '>= 0' })).value;
}
