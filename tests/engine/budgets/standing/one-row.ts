/** One row of a verdict, on a machine with the lateness that the test states. */
import { judge, type Judgement } from '../../../../load/budgets/judge.ts';
import type { MetricDeclarations } from '../../../../load/metrics/definitions.ts';
import type { GeneratorRecord } from '../../../../load/metrics/log/schema.ts';
import { budget, histogram, makeResult, repeat, type MadeResult } from '../make-result.ts';
import { defined } from '../../../../load/platform/defined.ts';

/** `limits`: further budgets of the plan. */
export interface MadeRow extends MadeResult {
  readonly task?: string;
  readonly metrics?: MetricDeclarations;
}

export function rowOf(key: string, limit: string, made: MadeRow = {}): Judgement {
  const { task, metrics = {}, budgets = [], ...rest } = made;
  const own = budget(key, limit, defined({ task }), metrics);
  return judge(makeResult({ ...rest, bare: true, budgets: [own, ...budgets] })).judgements[0]!;
}

export interface Machine extends Partial<Omit<GeneratorRecord, 'lag' | 'loopDelay'>> {
  /** Lags of requests, and delays of the loop, in ms. */
  readonly lagsMs?: readonly number[];
  readonly delaysMs?: readonly number[];
}

/** Default: a machine whose loop was held up once in the second, for 300 ms. */
export function machine({
  lagsMs = [],
  delaysMs = [...repeat(0, 999), 300],
  ...more
}: Machine = {}): Partial<GeneratorRecord> {
  return { lag: histogram(lagsMs), loopDelay: histogram(delaysMs), ...more };
}
