/** How much more a system does for many users than for one who waits for each answer. */
import { observe } from '../budgets/observe.ts';
import { parseBudget } from '../budgets/parse.ts';
import type { Result } from '../metrics/result.ts';

/** `20.3× (54.2 requests/s alone, 1101 with 100 users)`; says so where one of them has no throughput. */
export function speedUpText(alone: Result, together: Result): string {
  const [one, many] = [alone, together].map(throughputOf);
  if (one === undefined || many === undefined) return 'unknown: one of the loads has no throughput';
  const { describedAs } = together.plan.streams[0]!;
  const times = `${(many / one).toFixed(1)}×`;
  return `${times} (${one.toFixed(1)} requests/s alone, ${many.toFixed(1)} with ${describedAs})`;
}

function throughputOf(result: Result): number | undefined {
  // A limit of nothing: it is looked at, not judged.
  const { value } = observe(result, parseBudget({ key: 'throughput', limit: '>= 0' }));
  return value === undefined || value === 0 ? undefined : value;
}
