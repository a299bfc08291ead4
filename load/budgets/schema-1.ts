/**
 * Converts budgets and metrics in plans of schema 1. There a budget was only a text, and the metrics of
 * one system were built in.
 */
import { z } from 'zod';
import type { MetricDeclaration, MetricDeclarations } from '../metrics/definitions.ts';
import { statedBudgetSchema, type Budget, type StatedBudget } from '../metrics/log/budget.ts';
import type { PlanOfSchema1 } from '../metrics/log/schema-1.ts';
import { metricDeclarationSchema } from '../metrics/log/schema.ts';
import { parseBudget } from './parse.ts';

const planSchema = z.looseObject({
  budgets: z.array(statedBudgetSchema),
  streams: z.array(
    z.looseObject({
      metrics: z.record(z.string(), metricDeclarationSchema.partial({ unit: true })),
    }),
  ),
});

const achievable = 'achievableHitRate';
const gap = 'cacheHitRateGap';

/** Metrics that were built in then and are not now. */
const builtIn = new Map<string, MetricDeclaration>([
  ['generatorLag', { kind: 'trend', unit: 'ms' }],
  ['vectorTimeoutRate', { kind: 'rate', over: 'scheduled' }],
  ['toolSuccessRate', { kind: 'rate', over: 'scheduled' }],
  ['sandboxViolations', { kind: 'counter', over: 'run' }],
  [achievable, { kind: 'rate' }],
  [gap, { kind: 'difference', of: ['cacheHitRate', achievable] }],
]);

/** Throws if it is not such a plan, or has a budget that was never valid. */
export const planOfSchema1: PlanOfSchema1 = (plan) => {
  const { budgets, streams, ...rest } = planSchema.parse(plan);
  const metrics = streams[0]?.metrics ?? {};
  return {
    ...rest,
    budgets: budgets.map((budget) => budgetOfSchema1(budget, metrics)),
    streams: streams.map((stream) => ({ ...stream, metrics: metricsOf(stream.metrics) })),
  };
};

/** `metrics`: those that the load's judged user declared. */
export function budgetOfSchema1(stated: StatedBudget, metrics: MetricDeclarations): Budget {
  return parseBudget(stated, { ...metrics, ...Object.fromEntries(builtIn) });
}

/** A built-in name had its built-in meaning, whatever a user declared under it. */
function metricsOf(metrics: MetricDeclarations): MetricDeclarations {
  const names = Object.keys(metrics);
  const known = names.includes(achievable) ? [...names, gap] : names;
  return Object.fromEntries(
    known.map((name) => [name, { unit: '', ...(builtIn.get(name) ?? metrics[name]!) }]),
  );
}
