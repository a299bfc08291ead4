/**
 * The loads' figures for Allure's history (`*-perf.json`) and its quality gate: for each load the common
 * figures with unit and direction, and the limit if there is a budget. A figure that is ∞ is left out,
 * since it has no number; its test is red.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { BudgetOp } from '../../metrics/log/budget.ts';
import { defined } from '../../platform/defined.ts';

const fileName = 'loads-perf.json';

/** The fields of results.json that are read. */
const figure = z.union([z.number(), z.literal('Infinity'), z.null()]).optional();
const loadSchema = z.object({
  testId: z.string(),
  system: z.string(),
  scenario: z.string(),
  level: z.string(),
  startedAt: z.string(),
  log: z.string(),
  end: z.object({ reachedMs: z.number() }),
  judgements: z.array(
    z.object({
      metric: z.string(),
      task: z.string().optional(),
      background: z.string().optional(),
      limit: z.string(),
      bound: z.object({ op: z.string(), limit: z.number() }),
    }),
  ),
  statistics: z.object({
    rows: z.array(
      z.object({
        kind: z.string(),
        requests: z.number(),
        errors: z.number(),
        ms: z.record(z.string(), figure),
        requestsPerSecond: figure,
      }),
    ),
  }),
});
const resultsSchema = z.object({ loads: z.array(loadSchema) });
type Load = z.infer<typeof loadSchema>;

export interface PerformanceSample {
  readonly id: string;
  /** Unique for scenario, level and metric, since Allure averages values with the same key. */
  readonly key: string;
  readonly value: number;
  readonly start: number;
  readonly stop: number;
  readonly title: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  readonly group: string;
  readonly groupTitle: string;
  /** Allure ignores this field; it is for the quality gate. */
  readonly limit?: { readonly op: BudgetOp; readonly value: number };
}

/** The budgets' names of the figures, if they have one. */
const followed = {
  p50: { unit: 'ms', better: 'lower' },
  p95: { unit: 'ms', better: 'lower' },
  p99: { unit: 'ms', better: 'lower' },
  avg: { unit: 'ms', better: 'lower' },
  errorRate: { unit: '%', better: 'lower' },
  throughput: { unit: '/s', better: 'higher' },
} as const;
type Followed = keyof typeof followed;

/** Throws if the text is not a results.json. */
export function performanceSamples(resultsText: string): PerformanceSample[] {
  const { loads } = resultsSchema.parse(JSON.parse(resultsText));
  return loads.flatMap(samplesOf);
}

function samplesOf(load: Load): PerformanceSample[] {
  const all = load.statistics.rows.find(({ kind }) => kind === 'all');
  if (all === undefined || all.requests === 0) return [];
  const { ms, errors, requests } = all;
  const values: Readonly<Record<Followed, unknown>> = {
    p50: ms['p50'],
    p95: ms['p95'],
    p99: ms['p99'],
    avg: ms['avg'],
    errorRate: (errors / requests) * 100,
    throughput: okPerSecond(load),
  };
  const start = Date.parse(load.startedAt);
  const group = `${load.system} ${load.scenario} ${load.level}`;
  return (Object.keys(followed) as Followed[]).flatMap((name) => {
    const value = values[name];
    if (typeof value !== 'number') return [];
    const sample = {
      id: `${load.log} ${name}`,
      key: `${load.testId}.${name}`,
      value,
      start,
      stop: start + load.end.reachedMs,
      title: name,
      ...followed[name],
      group,
      groupTitle: group,
      limit: limitOn(load, name),
    };
    return [defined(sample)];
  });
}

/** The row of ok requests is below the one for all requests, if some did not end ok. */
function okPerSecond({ statistics: { rows } }: Load): unknown {
  const all = rows.findIndex(({ kind }) => kind === 'all');
  const below = rows[all + 1];
  return (below?.kind === 'okOnly' ? below : rows[all])?.requestsPerSecond;
}

function limitOn({ judgements }: Load, name: Followed): PerformanceSample['limit'] {
  const own = judgements.find(({ metric, task, background }) => {
    return metric === name && task === undefined && background === undefined;
  });
  if (own === undefined) return undefined;
  const { op, limit } = own.bound;
  return { op: op as BudgetOp, value: name === 'errorRate' ? limit * 100 : limit };
}

/** Does nothing if there are no results. */
export function writePerformance(resultsDir: string, resultsPath: string): void {
  if (!existsSync(resultsPath)) return;
  const samples = performanceSamples(readFileSync(resultsPath, 'utf8'));
  mkdirSync(resultsDir, { recursive: true });
  writeFileSync(join(resultsDir, fileName), `${JSON.stringify(samples, null, 2)}\n`);
}

/** Rules for Allure's quality gate: each figure with a budget must meet it. */
export function gateRules(resultsDir: string): Record<string, { key: string; value: number }>[] {
  if (!existsSync(resultsDir) || !readdirSync(resultsDir).includes(fileName)) return [];
  const text = readFileSync(join(resultsDir, fileName), 'utf8');
  const samples = JSON.parse(text) as readonly PerformanceSample[];
  return samples.flatMap(({ key, limit }) => {
    if (limit === undefined || limit.op === '=') return [];
    const rule = limit.op.startsWith('<') ? 'metricMax' : 'metricMin';
    return [{ [rule]: { key, value: limit.value } }];
  });
}
