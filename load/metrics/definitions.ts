/**
 * The one table of built-in metrics: name, unit, direction, who it is over, and how it is observed (a
 * file of budgets/observe/ each). Budgets, reports and the reference in docs/budgets.md read it. What
 * one system alone has is declared by its user, in the same terms (`MetricDeclaration`).
 */
import { errorOutcomes, type Outcome } from './outcome.ts';

export type Unit = 'ms' | 'share' | 'perSecond' | 'count' | 'bytes' | 'number';

/** Distributions; budgets name one with a statistic, as `service.p95`. */
interface TrendDefinition {
  readonly unit: Unit;
  /** A time that a user of the system waits for: its limit says how fine the instrument must be. */
  readonly isLatency: boolean;
  /**
   * `scheduled`: a value per request, and a request that did not end ok counts as slower than any limit.
   * `samples`: over what was recorded.
   */
  readonly over: 'scheduled' | 'samples';
  readonly what: string;
}

/** How a figure comes out of a result. */
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
  /** All scheduled requests, what was recorded or read, or the judged time. */
  readonly over: 'scheduled' | 'samples' | 'time';
  readonly observed: FigureKind;
  /** The outcomes that count, for `outcomeShare` and `outcomeCount`. */
  readonly outcomes?: readonly Outcome[];
  /** The rate whose hits are counted, for `ratePerSecond`. */
  readonly hitsOf?: string;
  readonly what: string;
}

/** Histograms of integers: thousandths of the unit (for `ms`: microseconds). */
export const trends = {
  responseTime: perRequest('from when the request was due to the last byte of its answer'),
  service: perRequest('from when the request was sent to the last byte of its answer'),
  scheduleLag: told('from when the request was due to when it was sent, which includes waiting for a free user'),
  dns: recorded('name look-up, where the request paid for one'),
  connect: recorded('TCP connect, where the request paid for one'),
  tls: recorded('TLS handshake, where the request paid for one'),
  retryAfter: told('the wait that a 429 asked for'),
  ttft: perRequest('time to first token: from when the request was sent to the first chunk with content'),
  ttftResponse: perRequest('time to first token from when the request was due'),
  ttfa: recorded('time to first answer token: the first token that is not reasoning'),
  interToken: recorded('mean time between the output tokens of a stream'),
  chunkGap: recorded('time between two chunks of a stream'),
} as const satisfies Record<string, TrendDefinition>;

export type TrendName = keyof typeof trends;

/**
 * A part of a request that its answer tells by name (`Server-Timing`) is a trend of that name: `hop.pool`, in ms,
 * over what was told.
 */
export const hopPrefix = 'hop.';

export function isHop(name: string): boolean {
  return /^hop\.[\w-]+$/.test(name);
}

/** Single figures of a run; budgets name them as they are. */
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
    'share of all scheduled requests that got a tolerated 503',
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
  cacheHitRate: ratio('share', 'higher', 'samples', 'share of answers that came from the cache'),
  averageBatchSize: ratio('number', 'higher', 'samples', 'mean size of an inference batch'),
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

/** How a figure must not climb over the run: budgets state the share that it may. */
export interface RiseDefinition {
  /** The unit of the figure itself; the climb is a share. */
  readonly unit: Unit;
  /** A climb of less, in the unit, never counts. */
  readonly least: number;
  /** Whose readings tell it; otherwise the requests do. */
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
 * A metric that a user definition declares of its own, as it does in the log's plan, too.
 *
 * @example
 * const metrics = {
 *   cost: { kind: 'trend', unit: 'EUR', better: 'lower' },
 *   emptyRate: { kind: 'rate', over: 'scheduled' },
 * } as const satisfies Record<string, MetricDeclaration>;
 * defineUser({ system: 'shop', metrics, tasks });
 */
export interface MetricDeclaration {
  /**
   * Adds up, has a last value, is a share of what was recorded as 1 or 0, is a distribution, or is how
   * far two shares are apart and is never recorded.
   */
  readonly kind: 'counter' | 'gauge' | 'rate' | 'trend' | 'difference';
  /** Free text, shown in reports; `ms`, `bytes` and the like give budgets their units. */
  readonly unit?: string | undefined;
  /**
   * `scheduled`, of a rate: of all scheduled requests, so that what ended before it was recorded is no
   * hit. `run`, of a counter: over all load streams and phases, from the first request to the last.
   */
  readonly over?: 'scheduled' | 'run' | undefined;
  /** The two shares of a difference: rates of this user, or built-in shares such as `cacheHitRate`. */
  readonly of?: readonly [string, string] | undefined;
  /** What it is and which way is better, for the reference. */
  readonly better?: 'lower' | 'higher' | undefined;
  readonly what?: string | undefined;
}

export type MetricDeclarations = Readonly<Record<string, MetricDeclaration>>;

/** Statistics of a trend. `avg` is over what was recorded, the others over what the trend's `over` says. */
export const statistics = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'avg', 'max'] as const;

export type Statistic = (typeof statistics)[number];

/** The quantile of a percentile's name; `undefined` for `avg` and `max`. */
export function quantileOf(statistic: Statistic): number | undefined {
  // Not Number('99.9') / 100 = 0.9990000000000001: a rank must not move by a rounding error.
  return statistic.startsWith('p') ? Math.round(Number(statistic.slice(1)) * 10) / 1000 : undefined;
}

function perRequest(what: string): TrendDefinition {
  return { unit: 'ms', over: 'scheduled', isLatency: true, what };
}

function recorded(what: string): TrendDefinition {
  return { unit: 'ms', over: 'samples', isLatency: true, what };
}

/** A time, but none that an answer took. */
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

/** The monitor reads two counters of the system: what one gained as a multiple of the other. */
function ratio(
  unit: Unit,
  better: 'lower' | 'higher',
  over: 'samples' | 'time',
  what: string,
): FigureDefinition {
  return { unit, better, over, observed: 'ratio', what };
}

/** The worst of what the monitor reads. */
function level(unit: Unit, better: 'lower' | 'higher', what: string): FigureDefinition {
  return { unit, better, over: 'samples', observed: 'level', what };
}
