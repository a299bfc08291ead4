/** The budgets that every load test has, and the latency limits from which other limits are derived. */
import { quantileOf, trends, type TrendName } from '../metrics/definitions.ts';
import type { Budget } from '../metrics/log/budget.ts';
import { defined } from '../platform/defined.ts';
import { parseBudget } from './parse.ts';

/** Used if there is no latency limit, and the least limit of `longestStall`. */
const assumedLatencyMs = 2000;

const fixedDefaults = [
  ['errorRate', '< 1 %'],
  ['degradedRate', '< 5 %'],
  ['throttledRate', '< 1 %'],
  ['droppedIterations', '= 0'],
] as const;

interface DefaultsFor {
  readonly hasOnset?: boolean;
  /** The background load that they apply to. */
  readonly background?: Budget['background'];
}

/**
 * The stated budgets, and the defaults whose metrics are not stated. A budget of a task or label replaces
 * no default, since it says nothing about the rest of the run.
 */
export function withDefaults(
  stated: readonly Budget[],
  { hasOnset = false, background }: DefaultsFor = {},
): Budget[] {
  const ofRun = new Set(stated.filter(({ task }) => task === undefined).map(({ key }) => key));
  const stall = `< ${durationText(Math.max(largestLatencyMs(stated), assumedLatencyMs))}`;
  const defaults = [...fixedDefaults, ['longestStall', stall] as const]
    .filter(([key]) => !ofRun.has(key))
    .map(([key, limit]) => parseBudget(defined({ key, limit, background, isDefault: true })));
  return [...stated, ...(hasOnset ? onsetBudgets(stated) : []), ...defaults];
}

/** The limits on percentiles, applied also to the first seconds of a spike. */
function onsetBudgets(stated: readonly Budget[]): Budget[] {
  return stated
    .filter(({ subject, op }) => {
      const isPercentile = subject.kind === 'trend' && quantileOf(subject.statistic) !== undefined;
      return isPercentile && (op === '<' || op === '<=');
    })
    .map((budget) => {
      // These rows are not stated by the test, so they must not abort the run.
      const own = { phase: 'onset', abortOnFail: undefined } as const;
      return defined({ ...budget, ...own, delayMs: undefined });
    });
}

/** The smallest upper limit on a latency, in ms; 2000 if none is stated. */
export function tightestLatencyMs(budgets: readonly Budget[]): number {
  const limits = latencyLimitsMs(budgets);
  return limits.length === 0 ? assumedLatencyMs : Math.min(...limits);
}

/** The largest upper limit on a latency, in ms; 2000 if none is stated. */
export function largestLatencyMs(budgets: readonly Budget[]): number {
  const limits = latencyLimitsMs(budgets);
  return limits.length === 0 ? assumedLatencyMs : Math.max(...limits);
}

function latencyLimitsMs(budgets: readonly Budget[]): number[] {
  return budgets
    .filter(({ subject }) => subject.kind === 'trend' && isLatency(subject.metric))
    .filter(({ op }) => op === '<' || op === '<=')
    .map(({ limit }) => limit);
}

/** Built-in trends only: what a user's own trend measures is not known here. */
function isLatency(metric: string): boolean {
  return Object.hasOwn(trends, metric) && trends[metric as TrendName].isLatency;
}

function durationText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}
