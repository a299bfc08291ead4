/**
 * What a budget observes in a result. Latencies and rates are over the requests that were *scheduled*
 * in the judged phases, throughput over those that *ended* in them.
 */
import { quantileOf, type FigureName, type Statistic } from '../../metrics/definitions.ts';
import { errorsOf, scheduledOf, type OutcomeCounts } from '../../metrics/outcome.ts';
import {
  quantileInterval,
  samplesNeeded,
  statisticOf,
  wilsonInterval,
} from '../../metrics/percentile.ts';
import { judgedMs, type Result } from '../../metrics/result/result.ts';
import { outcomesOf, populationOf, selectSeries, trendOf } from '../../metrics/result/select.ts';
import type { SeriesTotal } from '../../metrics/result/series-totals.ts';
import type { Budget } from '../parse.ts';
import { judgedPoints } from '../judged-points.ts';
import { isLevel, observeLevel } from './observe-levels.ts';
import { observeMonitored } from './observe-monitored.ts';
import { observeRise, type Rise } from './observe-rise.ts';
import { longestOf, stallsIn } from '../stalls.ts';
import { worstLatency, worstShare, worstThroughput, type Worst } from '../worst.ts';

export interface Observation {
  /** In the base unit of the budget's dimension (units.ts); `undefined` where nothing was recorded. */
  readonly value: number | undefined;
  /** Two-sided 95 % interval of a percentile or a rate. */
  readonly interval?: readonly [number, number] | undefined;
  readonly samples: number;
  readonly needed: number;
  /** Trends over all scheduled requests: the share of those that have no value, being not ok. */
  readonly notOkShare?: number | undefined;
  readonly worst?: Worst | undefined;
  /** Where the metric is a `rise.…`: the line and its evidence. */
  readonly rise?: Rise | undefined;
}

/** Shares that the outcomes alone give. */
export const outcomeShares = {
  errorRate: errorsOf,
  okRate: ({ ok = 0 }) => ok,
  degradedRate: ({ degraded = 0 }) => degraded,
  throttledRate: ({ throttled = 0 }) => throttled,
} as const satisfies Partial<Record<FigureName, (outcomes: OutcomeCounts) => number>>;

/** Recorded shares that are of all scheduled requests: what ended before it was asked is no hit. */
const sharesOfScheduled: readonly string[] = ['vectorTimeoutRate', 'toolSuccessRate', 'goodput'];

const nothing: Observation = { value: undefined, samples: 0, needed: 1 };

export function observe(result: Result, budget: Budget): Observation {
  const { subject, task, labels } = budget;
  const series = selectSeries(result, { task, labels });
  if (subject.kind === 'trend') return observeTrend(result, budget, series);
  if (subject.kind === 'rate') return observeRate(series, subject.metric);
  if (subject.kind === 'rise') return observeRise(result, subject.metric);
  if (subject.kind === 'counter') return observeCounter(series, subject.metric, budget.scale);
  const { metric } = subject;
  if (metric in outcomeShares) {
    return observeOutcomes(result, budget, series, metric as keyof typeof outcomeShares);
  }
  if (metric === 'throughput') return observeThroughput(result, budget, series);
  if (metric === 'droppedIterations') return observeDropped(series);
  if (metric === 'longestStall') return observeStall(result, series);
  if (metric === 'sandboxViolations') return observeViolations(result, budget);
  if (metric === 'cacheHitRateGap') return observeGap(result, budget);
  if (metric === 'speedUp') return observeSpeedUp(result, budget);
  const figure = metric as FigureName;
  const observeRead = isLevel(figure) ? observeLevel : observeMonitored;
  const read = isOfWhole(budget) ? observeRead(result, figure, budget.line.lastMs) : undefined;
  if (read !== undefined) return read;
  // Figures that nobody recorded (yet) have no series that carries them: no samples, never a pass.
  return observeRate(series, metric);
}

function observeTrend(
  result: Result,
  { subject, task, labels, scale, op }: Budget,
  selected: readonly SeriesTotal[],
): Observation {
  const { metric, statistic } = subject as { metric: string; statistic: Statistic };
  const isResponseTime = metric === 'responseTime';
  const series =
    isResponseTime || metric === 'service'
      ? selected
      : carriers(selected, ({ trends }) => trends.has(metric));
  const histogram = trendOf(series, metric);
  const population = populationOf(series, metric, histogram);
  const q = quantileOf(statistic);
  const needed = q === undefined ? 1 : samplesNeeded(q);
  if (population === 0) return { ...nothing, needed };
  const value = (statisticOf(histogram, statistic, population) / 1000) * scale;
  const isLabelled = Object.keys(labels).length > 0;
  const interval = q === undefined ? undefined : quantileInterval(histogram, q, population);
  return {
    value: Number.isNaN(value) ? undefined : value,
    interval: interval && [(interval[0] / 1000) * scale, (interval[1] / 1000) * scale],
    samples: q === undefined ? histogram.count : population,
    needed,
    notOkShare: Math.max(0, population - histogram.count) / population,
    worst: isResponseTime && !isLabelled ? worstLatency(result, task, statistic, op) : undefined,
  };
}

function observeOutcomes(
  result: Result,
  { task, labels, op }: Budget,
  series: readonly SeriesTotal[],
  metric: keyof typeof outcomeShares,
): Observation {
  const hitsOf = outcomeShares[metric];
  const outcomes = outcomesOf(series);
  const observation = shareOf(hitsOf(outcomes), scheduledOf(outcomes));
  if (Object.keys(labels).length > 0) return observation;
  return { ...observation, worst: worstShare(result, task, hitsOf, op) };
}

function observeRate(selected: readonly SeriesTotal[], metric: string): Observation {
  const series = carriers(selected, ({ rates }) => Object.hasOwn(rates, metric));
  let hits = 0;
  let total = 0;
  for (const { rates } of series) {
    const rate = Object.hasOwn(rates, metric) ? rates[metric] : undefined;
    hits += rate?.hits ?? 0;
    total += rate?.total ?? 0;
  }
  if (sharesOfScheduled.includes(metric)) total = Math.max(total, scheduledOf(outcomesOf(series)));
  return shareOf(hits, total);
}

/** Something that is declared and never counted, while requests ran, is 0: counters begin there. */
function observeCounter(
  series: readonly SeriesTotal[],
  metric: string,
  scale: number,
): Observation {
  const isCounted = series.some(({ counters }) => Object.hasOwn(counters, metric));
  const samples = Math.max(scheduledOf(outcomesOf(series)), isCounted ? 1 : 0);
  if (samples === 0) return nothing;
  return { value: counterOf(series, metric) * scale, samples, needed: 1 };
}

/** Probes are a stream of their own, beside the judged one, and count from the first to the last. */
function observeViolations(result: Result, { task, labels }: Budget): Observation {
  const series = result.plan.streams.flatMap((_, stream) =>
    selectSeries(result, { stream, task, labels, phases: 'all' }),
  );
  const counting = carriers(series, ({ counters }) => Object.hasOwn(counters, 'sandboxViolations'));
  if (counting.length === 0) return nothing;
  const samples = Math.max(1, scheduledOf(outcomesOf(counting)));
  return { value: counterOf(counting, 'sandboxViolations'), samples, needed: 1 };
}

/** Each side has its own source: the system's counters, and the texts that the users drew. */
function observeGap(result: Result, budget: Budget): Observation {
  const sideOf = (metric: FigureName): Observation =>
    observe(result, { ...budget, subject: { kind: 'figure', metric } });
  const sides = [sideOf('cacheHitRate'), sideOf('achievableHitRate')] as const;
  const [actual, achievable] = sides.map(({ value }) => value);
  if (actual === undefined || achievable === undefined) return nothing;
  const samples = Math.min(...sides.map((side) => side.samples));
  return { value: Math.abs(actual - achievable), samples, needed: 1 };
}

/** Against the throughput of the load that the plan names. */
function observeSpeedUp(result: Result, budget: Budget): Observation {
  const subject = { kind: 'figure', metric: 'throughput' } as const;
  const { value, samples } = observe(result, { ...budget, subject });
  const { comparedWith } = result.plan;
  if (comparedWith === undefined || value === undefined) return nothing;
  return { value: value / comparedWith.perSecond, samples, needed: 1 };
}

/** The monitor sees the whole system and no task or label of it. */
function isOfWhole({ task, labels }: Budget): boolean {
  return task === undefined && Object.keys(labels).length === 0;
}

function observeThroughput(
  result: Result,
  { task, op }: Budget,
  series: readonly SeriesTotal[],
): Observation {
  const durationMs = judgedMs(result);
  const ended = judgedPoints(result).map(({ tasks }) => tasks[task ?? '']?.outcomes ?? {});
  const ok = ended.reduce((sum, outcomes) => sum + (outcomes.ok ?? 0), 0);
  const all = ended.reduce((sum, outcomes) => sum + scheduledOf(outcomes), 0);
  // Requests that were scheduled and never ended are a throughput of 0, not a lack of data.
  const samples = all > 0 ? all : scheduledOf(outcomesOf(series));
  if (durationMs === 0 || samples === 0) return nothing;
  const worst = worstThroughput(result, task, op);
  return { value: (ok * 1000) / durationMs, samples, needed: 1, worst };
}

function observeDropped(series: readonly SeriesTotal[]): Observation {
  const outcomes = outcomesOf(series);
  const samples = scheduledOf(outcomes);
  return samples === 0 ? nothing : { value: outcomes.dropped ?? 0, samples, needed: 1 };
}

function observeStall(result: Result, series: readonly SeriesTotal[]): Observation {
  const samples = scheduledOf(outcomesOf(series));
  const longest = longestOf(stallsIn(result));
  if (longest === undefined) return samples === 0 ? nothing : { value: 0, samples, needed: 1 };
  const { startMs, endMs } = longest;
  const value = endMs - startMs;
  return { value, samples: Math.max(1, samples), needed: 1, worst: { startMs, endMs, value } };
}

function shareOf(hits: number, total: number): Observation {
  if (total === 0) return nothing;
  return { value: hits / total, interval: wilsonInterval(hits, total), samples: total, needed: 1 };
}

function counterOf(series: readonly SeriesTotal[], metric: string): number {
  return series.reduce(
    (sum, { counters }) => sum + (Object.hasOwn(counters, metric) ? counters[metric]! : 0),
    0,
  );
}

/**
 * The series of those requests (by task and name) that carry a metric at all. A task that never streams
 * has no time to first token, and must not count as one that never came; of a request that does, the
 * series in which nothing was recorded stay in. So do iterations of its task that never began: they are
 * counted under the task's name, for no request of theirs has one yet.
 */
function carriers(
  series: readonly SeriesTotal[],
  carries: (one: SeriesTotal) => boolean,
): readonly SeriesTotal[] {
  const nameOf = ({ stream, task, request }: SeriesTotal): string =>
    JSON.stringify([stream, task, request]);
  const carrying = series.filter(carries);
  const names = new Set(carrying.map(nameOf));
  const tasks = new Set(carrying.map(({ task }) => task));
  return series.filter((one) => names.has(nameOf(one)) || (tasks.has(one.task) && neverBegan(one)));
}

function neverBegan({ task, request, outcomes }: SeriesTotal): boolean {
  const { dropped = 0, interrupted = 0 } = outcomes;
  return request === task && dropped + interrupted === scheduledOf(outcomes);
}
