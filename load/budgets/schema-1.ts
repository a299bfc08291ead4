/**
 * What logs of schema 1 say of budgets and metrics, in today's terms: there a budget was a text alone, and
 * metrics that one system has were built in.
 */
import type { MetricDeclarations } from '../metrics/definitions.ts';
import type { Budget, StatedBudget } from '../metrics/log/budget.ts';
import { parseBudget } from './parse.ts';

const gapName = 'cacheHitRateGap';
const gapSides = ['cacheHitRate', 'achievableHitRate'] as const;

/** What was built in, besides what is today. */
const builtIn: MetricDeclarations = {
  generatorLag: { kind: 'trend', unit: 'ms' },
  vectorTimeoutRate: { kind: 'rate', over: 'scheduled' },
  toolSuccessRate: { kind: 'rate', over: 'scheduled' },
  achievableHitRate: { kind: 'rate' },
  sandboxViolations: { kind: 'counter', over: 'run' },
  [gapName]: { kind: 'difference', of: gapSides },
};

/** `metrics`: those that the load's judged user declared. */
export function budgetOfSchema1(line: StatedBudget, metrics: MetricDeclarations): Budget {
  return parseBudget(line, { ...metrics, ...builtIn });
}

/** A name that was built in meant the same, whatever a user declared under it. */
export function metricsOfSchema1(metrics: MetricDeclarations): MetricDeclarations {
  const names = Object.keys(metrics);
  const known = names.map((name) => [
    name,
    Object.hasOwn(builtIn, name) ? builtIn[name]! : metrics[name]!,
  ]);
  const isCompared = names.includes(gapSides[1]);
  return Object.fromEntries(
    isCompared ? [...known, [gapName, builtIn[gapName]!]] : known,
  ) as MetricDeclarations;
}
