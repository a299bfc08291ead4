/**
 * The one table of built-in metrics. Budgets, reports and baselines read names, units and directions
 * here. Trends are histograms of integers: thousandths of their unit (for `ms`: microseconds).
 */
export type Unit =
  'ms' | 'share' | 'perSecond' | 'count' | 'bytes' | 'tokens' | 'perMinute' | 'number';

export interface MetricDefinition {
  readonly unit: Unit;
  /** Which way is better; `none` where neither is. */
  readonly better: 'lower' | 'higher' | 'none';
  /** How samples become a figure: a histogram, a sum, a share of the scheduled requests, the last value. */
  readonly aggregation: 'trend' | 'counter' | 'share' | 'gauge' | 'derived';
  /**
   * Trends only. `scheduled`: a value per request, and a request that did not end ok counts as slower
   * than any limit. `samples`: over what was recorded.
   */
  readonly over?: 'scheduled' | 'samples';
  readonly what: string;
}

/** Distributions of one value per request; budgets name them as `service.p95`. */
export const trends = {
  responseTime: perRequest('from when the request was due to the last byte of its answer'),
  service: perRequest('from the hand-over to the socket layer to the last byte of the answer'),
  scheduleLag: trend('from when the request was due to its hand-over to the socket layer'),
  generatorLag: trend('the part of the schedule lag that this machine caused'),
  dns: trend('name look-up, where the request paid for one'),
  connect: trend('TCP connect, where the request paid for one'),
  tls: trend('TLS handshake, where the request paid for one'),
  retryAfter: trend('what a 429 asked to wait'),
  ttft: perRequest('time to first token: from the hand-over to the first chunk with content'),
  ttftResponse: perRequest('time to first token from when the request was due'),
  ttfa: trend('time to first answer token: the first that is no reasoning'),
  interToken: trend('mean time between the output tokens of a stream'),
  chunkGap: trend('time between two chunks of a stream'),
} as const satisfies Record<string, MetricDefinition>;

export type TrendName = keyof typeof trends;

/** Single figures of a run; budgets name them as they are. */
export const figures = {
  errorRate: share('lower', 'failed, timeout, invalid and dropped, of all scheduled requests'),
  okRate: share('higher', 'ok, of all scheduled requests'),
  degradedRate: share('lower', 'tolerated 503, of all scheduled requests'),
  throttledRate: share('lower', '429, of all scheduled requests'),
  vectorTimeoutRate: share('lower', 'vector-store timeouts, of all scheduled requests'),
  toolSuccessRate: share('higher', 'tool calls that succeeded, of all scheduled'),
  cacheHitRate: share('higher', 'answers from the cache'),
  achievableHitRate: share('higher', 'texts sent before, of all sent: what a cache could answer'),
  cacheHitRateGap: derived('share', 'lower', 'between the cache hit rate and the achievable one'),
  goodput: share('higher', 'requests that met all stated limits, of all scheduled'),
  throughput: derived('perSecond', 'higher', 'requests that ended ok, per second'),
  averageBatchSize: derived('number', 'higher', 'mean size of an inference batch'),
  targetCpu: derived('share', 'lower', "CPU time of the system's process, of one core"),
  targetCpuPeak: derived('share', 'lower', "highest reading of the system's CPU, of its machine"),
  targetMemory: derived('bytes', 'lower', "highest reading of the system's memory"),
  targetDescriptors: derived('count', 'lower', "highest reading of the system's open descriptors"),
  poolAvailable: derived('count', 'higher', 'fewest free connections of its pool in a reading'),
  speedUp: derived('number', 'higher', 'throughput, as a multiple of that of an earlier load'),
  droppedIterations: derived('count', 'lower', 'iterations that were due and never started'),
  sandboxViolations: derived('count', 'lower', 'probes that got out of the sandbox'),
  longestStall: derived('ms', 'lower', 'longest span with 5 or more in flight and no progress'),
} as const satisfies Record<string, MetricDefinition>;

export type FigureName = keyof typeof figures;

/**
 * Figures that must not climb over the run; budgets name them as they are and state the share that they
 * may. A climb of less than `least`, in the unit, never counts.
 */
export const rises = {
  'rise.p95': { unit: 'ms', least: 0, what: 'p95' },
  'rise.targetMemory': { unit: 'bytes', least: 10_000_000, what: "the target's memory" },
  'rise.targetDescriptors': { unit: 'count', least: 10, what: "the target's descriptor count" },
} as const satisfies Record<string, { unit: Unit; least: number; what: string }>;

export type RiseName = keyof typeof rises;

/** Statistics of a trend. `avg` is over the `ok` requests, the others over all scheduled ones. */
export const statistics = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'avg', 'max'] as const;

export type Statistic = (typeof statistics)[number];

/** The quantile of a percentile's name; `undefined` for `avg` and `max`. */
export function quantileOf(statistic: Statistic): number | undefined {
  // Not Number('99.9') / 100 = 0.9990000000000001: a rank must not move by a rounding error.
  return statistic.startsWith('p') ? Math.round(Number(statistic.slice(1)) * 10) / 1000 : undefined;
}

function perRequest(what: string): MetricDefinition {
  return { unit: 'ms', better: 'lower', aggregation: 'trend', over: 'scheduled', what };
}

function trend(what: string): MetricDefinition {
  return { unit: 'ms', better: 'lower', aggregation: 'trend', over: 'samples', what };
}

function share(better: 'lower' | 'higher', what: string): MetricDefinition {
  return { unit: 'share', better, aggregation: 'share', what };
}

function derived(unit: Unit, better: 'lower' | 'higher', what: string): MetricDefinition {
  return { unit, better, aggregation: 'derived', what };
}
