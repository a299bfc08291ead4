/**
 * The one table of built-in metrics: name, unit, direction, population, and how it is observed (one file
 * each in budgets/observe/). Budgets, reports and the reference in docs/budgets.md read it. Metrics of a
 * single system are declared by its user in the same terms (`MetricDeclaration`).
 */
import { errorOutcomes, type Outcome } from './outcome.ts';

export type Unit = 'ms' | 'share' | 'perSecond' | 'count' | 'bytes' | 'number';

/** Distributions. A budget names one with a statistic, such as `service.p95`. */
interface TrendDefinition {
  readonly unit: Unit;
  /**
   * True for a time that a user of the system waits for. Its limit decides how precise the measurement
   * must be.
   */
  readonly isLatency: boolean;
  /**
   * `scheduled`: over all scheduled requests; one that did not end ok counts as slower than any limit.
   * `samples`: over the recorded values.
   */
  readonly over: 'scheduled' | 'samples';
  readonly what: string;
}

/** How a figure is computed from a result. */
export const figureKinds = [
  'outcomeShare',
  'outcomeCount',
  'rate',
  'ratePerSecond',
  'throughput',
  'stall',
  'speedUp',
  'ratio',
  'level',
] as const;

type FigureKind = (typeof figureKinds)[number];

export interface FigureDefinition {
  readonly unit: Unit;
  readonly better: 'lower' | 'higher';
  /** Over all scheduled requests, over recorded or monitored values, or over the judged time. */
  readonly over: 'scheduled' | 'samples' | 'time';
  readonly observed: FigureKind;
  /** The outcomes that count, for `outcomeShare` and `outcomeCount`. */
  readonly outcomes?: readonly Outcome[];
  /** The rate whose hits are counted, for `ratePerSecond`. */
  readonly hitsOf?: string;
  /**
   * How requests that a late generator sends at once change a ratio of the system. `batched`: more of
   * them are in a batch. `cached`: they cannot use each other's answers. Default: not at all.
   */
  readonly whenBunched?: 'batched' | 'cached';
  readonly what: string;
}

/** Histograms of integers: thousandths of the unit (for `ms`: microseconds). */
export const trends = {
  responseTime: perRequest('from when the request was due to the last byte of its answer'),
  service: perRequest('from when the request was sent to the last byte of its answer'),
  scheduleLag: told(
    'from when the request was due to when it was sent, which includes waiting for a free user',
  ),
  dns: recorded('name look-up, where the request paid for one'),
  connect: recorded('TCP connect, where the request paid for one'),
  tls: recorded('TLS handshake, where the request paid for one'),
  retryAfter: told('the wait that a 429 asked for'),
  ttft: perRequest(
    'time to first token: from when the request was sent to the first chunk with content',
  ),
  ttftResponse: perRequest('time to first token from when the request was due'),
  ttfa: recorded('time to first answer token: the first token that is not reasoning'),
  interToken: recorded('mean time between the output tokens of a stream'),
  chunkGap: recorded('time between two chunks of a stream'),
} as const satisfies Record<string, TrendDefinition>;

export type TrendName = keyof typeof trends;

/**
 * A part of a request that its answer names (`Server-Timing`) is a trend with that name, such as
 * `hop.pool`, in ms, over the answers that have it.
 */
export const hopPrefix = 'hop.';

export function isHop(name: string): boolean {
  return /^hop\.[\w-]+$/.test(name);
}

/** Single figures of a run. A budget uses their name alone. */
export const figures = {
  errorRate: outcomeShare(
    'lower',
    errorOutcomes,
    'share of all scheduled requests that ended failed, timeout, invalid or dropped',
  ),
  okRate: outcomeShare('higher', ['ok'], 'share of all scheduled requests that ended ok'),
  degradedRate: outcomeShare(
    'lower',
    ['degraded'],
    'share of all scheduled requests that got a 503 which their task tolerates',
  ),
  throttledRate: outcomeShare(
    'lower',
    ['throttled'],
    'share of all scheduled requests that got a 429',
  ),
  goodput: {
    unit: 'share',
    better: 'higher',
    over: 'scheduled',
    observed: 'rate',
    what: 'share of all scheduled requests that met all limits on latency',
  },
  goodputPerSecond: {
    unit: 'perSecond',
    better: 'higher',
    over: 'time',
    observed: 'ratePerSecond',
    hitsOf: 'goodput',
    what: 'requests per second that met all limits on latency',
  },
  throughput: {
    unit: 'perSecond',
    better: 'higher',
    over: 'time',
    observed: 'throughput',
    what: 'requests per second that ended ok',
  },
  speedUp: {
    unit: 'number',
    better: 'higher',
    over: 'time',
    observed: 'speedUp',
    what: 'throughput as a multiple of the throughput of an earlier load (`comparedWith`)',
  },
  droppedIterations: {
    unit: 'count',
    better: 'lower',
    over: 'scheduled',
    observed: 'outcomeCount',
    outcomes: ['dropped'],
    what: 'iterations that were due but never started',
  },
  longestStall: {
    unit: 'ms',
    better: 'lower',
    over: 'time',
    observed: 'stall',
    what: 'longest span in which 5 or more requests were in flight and none made progress',
  },
  cacheHitRate: {
    ...ratio('share', 'higher', 'samples', 'share of answers that came from the cache'),
    whenBunched: 'cached',
  },
  averageBatchSize: {
    ...ratio('number', 'higher', 'samples', 'mean size of an inference batch'),
    whenBunched: 'batched',
  },
  targetCpu: ratio(
    'share',
    'lower',
    'time',
    "the system's CPU time as a share of all cores of its machine",
  ),
  targetCpuPeak: level('share', 'lower', 'the highest reading of the same share'),
  targetCores: ratio('number', 'lower', 'time', 'number of cores that the system keeps busy'),
  targetMemory: level('bytes', 'lower', "highest reading of the system's memory"),
  targetDescriptors: level('count', 'lower', "highest reading of the system's open descriptors"),
  poolAvailable: level('count', 'higher', 'lowest reading of the free connections in its pool'),
} as const satisfies Record<string, FigureDefinition>;

export type FigureName = keyof typeof figures;

/** A figure that must not rise over the run. A budget states how much it may rise, as a share. */
export interface RiseDefinition {
  /** The unit of the figure; the rise itself is a share. */
  readonly unit: Unit;
  /** A smaller rise, in the unit of the figure, never counts. */
  readonly least: number;
  /** The monitored figure that is observed. Without it the requests are. */
  readonly figure?: FigureName;
  readonly what: string;
}

export const rises = {
  'rise.p95': { unit: 'ms', least: 0, what: 'p95' },
  'rise.targetMemory': {
    unit: 'bytes',
    least: 10_000_000,
    figure: 'targetMemory',
    what: "the target's memory",
  },
  'rise.targetDescriptors': {
    unit: 'count',
    least: 10,
    figure: 'targetDescriptors',
    what: "the target's descriptor count",
  },
} as const satisfies Record<string, RiseDefinition>;

export type RiseName = keyof typeof rises;

/**
 * A metric that a user definition declares. The log's plan holds it in the same form.
 * @example
 * const metrics = {
 *   cost: { kind: 'trend', unit: 'EUR', better: 'lower' },
 *   emptyRate: { kind: 'rate', over: 'scheduled' },
 * } as const satisfies Record<string, MetricDeclaration>;
 * defineUser({ system: 'shop', metrics, tasks });
 */
export interface MetricDeclaration {
  /**
   * `counter`: a sum. `gauge`: the last value. `rate`: the share of ones among recorded ones and zeros.
   * `trend`: a distribution. `difference`: the difference of two shares; it is not recorded.
   */
  readonly kind: 'counter' | 'gauge' | 'rate' | 'trend' | 'difference';
  /** Free text, shown in reports. With `ms`, `bytes` and similar units, budgets use their units. */
  readonly unit?: string | undefined;
  /**
   * For a rate, `scheduled` means of all scheduled requests, so a request that ended before a value was
   * recorded is no hit. For a counter, `run` means over all load streams and phases.
   */
  readonly over?: 'scheduled' | 'run' | undefined;
  /** The two shares of a difference: rates of this user, or built-in shares such as `cacheHitRate`. */
  readonly of?: readonly [string, string] | undefined;
  /** The reference shows what the metric is and which way is better. */
  readonly better?: 'lower' | 'higher' | undefined;
  readonly what?: string | undefined;
}

export type MetricDeclarations = Readonly<Record<string, MetricDeclaration>>;

/**
 * Statistics of a trend. `avg` is over the recorded values, the others over the population of the trend's
 * `over`.
 */
export const statistics = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'avg', 'max'] as const;

export type Statistic = (typeof statistics)[number];

/** The quantile of a percentile's name; `undefined` for `avg` and `max`. */
export function quantileOf(statistic: Statistic): number | undefined {
  // Not Number('99.9') / 100 = 0.9990000000000001, since a rounding error must not change a rank.
  return statistic.startsWith('p') ? Math.round(Number(statistic.slice(1)) * 10) / 1000 : undefined;
}

function perRequest(what: string): TrendDefinition {
  return { unit: 'ms', over: 'scheduled', isLatency: true, what };
}

function recorded(what: string): TrendDefinition {
  return { unit: 'ms', over: 'samples', isLatency: true, what };
}

/** A time that is not the duration of an answer. */
function told(what: string): TrendDefinition {
  return { unit: 'ms', over: 'samples', isLatency: false, what };
}

function outcomeShare(
  better: 'lower' | 'higher',
  outcomes: readonly Outcome[],
  what: string,
): FigureDefinition {
  return { unit: 'share', better, over: 'scheduled', observed: 'outcomeShare', outcomes, what };
}

/**
 * A ratio of two counters of the system that the monitor reads: the growth of one divided by that of the
 * other.
 */
function ratio(
  unit: Unit,
  better: 'lower' | 'higher',
  over: 'samples' | 'time',
  what: string,
): FigureDefinition {
  return { unit, better, over, observed: 'ratio', what };
}

/** The worst of the monitor's readings. */
function level(unit: Unit, better: 'lower' | 'higher', what: string): FigureDefinition {
  return { unit, better, over: 'samples', observed: 'level', what };
}
