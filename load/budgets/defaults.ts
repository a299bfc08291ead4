/** The budgets that every load test has, and the latency limits that other limits depend on. */
import { quantileOf, trends, type TrendName } from '../metrics/definitions.ts';
import type { Budget } from '../metrics/log/budget.ts';
import { defined } from '../platform/defined.ts';
import { parseBudget } from './parse.ts';

/** What a row without a latency limit counts as, and the least that `longestStall` allows. */
const assumedLatencyMs = 2000;

const fixedDefaults = [
  ['errorRate', '< 1 %'],
  ['degradedRate', '< 5 %'],
  ['throttledRate', '< 1 %'],
  ['droppedIterations', '= 0'],
] as const;

interface DefaultsFor {
  readonly hasOnset?: boolean;
  /** The load in the background that they are of. */
  readonly background?: Budget['background'];
}

/**
 * The stated budgets and those defaults whose metric is not among them. A budget of a task or of a
 * label replaces no default: it says nothing about the rest of the run.
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

/** The limits on percentiles once more, over the first seconds of a spike alone. */
function onsetBudgets(stated: readonly Budget[]): Budget[] {
  return stated
    .filter(({ subject, op }) => {
      const isPercentile = subject.kind === 'trend' && quantileOf(subject.statistic) !== undefined;
      return isPercentile && (op === '<' || op === '<=');
    })
    .map((budget) => {
      // Nobody asked for an early end by what a spike begins with.
      const own = { phase: 'onset', abortOnFail: undefined } as const;
      return defined({ ...budget, ...own, delayMs: undefined });
    });
}

/** The smallest upper limit on a latency, in ms; 2000 where none is stated. */
export function tightestLatencyMs(budgets: readonly Budget[]): number {
  const limits = latencyLimitsMs(budgets);
  return limits.length === 0 ? assumedLatencyMs : Math.min(...limits);
}

/** The largest upper limit on a latency, in ms; 2000 where none is stated. */
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

/** Built-in ones: what a trend of the user's own is a time of, nobody knows here. */
function isLatency(metric: string): boolean {
  return Object.hasOwn(trends, metric) && trends[metric as TrendName].isLatency;
}

function durationText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}
