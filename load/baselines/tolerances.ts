/** How much worse a run may be than its baseline before evidence is required. */
import { z } from 'zod';
import { knownKeys } from '../platform/wrong-fields.ts';

const accepted = {
  share: 'accepted is a share above 0, such as 0.5 for 50 %',
  points: 'accepted are percentage points above 0, such as 0.5',
  drop: 'accepted is a share above 0, at most 1, such as 0.3 for −30 %',
  ms: 'accepted are milliseconds, 0 or more',
  count: 'accepted is a whole number, 0 or more',
};
const above0 = (error: string) => z.number({ error }).positive({ error });
const share = above0(accepted.share);
const points = above0(accepted.points);

export const comparedPercentiles = ['p50', 'p75', 'p90', 'p95', 'p99', 'avg'] as const;

const tolerancesShape = {
  /** Latencies as a share of the baseline's: 0.5 is +50 %. Default: avg, p50 and p95. */
  latency: z.partialRecord(z.enum(comparedPercentiles), share, {
    error: knownKeys(comparedPercentiles),
  }),
  /** Smaller changes in ms are neither a regression nor a drift, whatever their share. */
  latencyFloorMs: z.number({ error: accepted.ms }).nonnegative({ error: accepted.ms }),
  /** Percentage points: 0.5 is from 1 % to 1.5 %. */
  errorRatePoints: points,
  /** As a share of the baseline's: 0.3 means that −30 % still passes. */
  throughputDrop: above0(accepted.drop).max(1, { error: accepted.drop }),
  /** Percentage points, for plain figures; a load has budgets for it. */
  vectorTimeoutPoints: points,
  /** The accepted number in plain figures, whatever the baseline had; a load has budgets for it. */
  sandboxViolations: z.int({ error: accepted.count }).nonnegative({ error: accepted.count }),
};
const error = knownKeys(Object.keys(tolerancesShape));
const everyTolerance = z.strictObject(tolerancesShape, { error });
export type Tolerances = z.infer<typeof everyTolerance>;

/** Stated tolerances replace the defaults. */
const tolerancesSchema = everyTolerance.partial();
export type ComparedPercentile = keyof Tolerances['latency'];

/** The values of the pipelines that this suite replaces. `thresholds.json` states them and may change them. */
export const defaultTolerances: Tolerances = {
  latency: { avg: 0.5, p50: 0.5, p95: 0.5 },
  latencyFloorMs: 5,
  errorRatePoints: 0.5,
  throughputDrop: 0.3,
  vectorTimeoutPoints: 0.1,
  sandboxViolations: 0,
};

/** Tolerances for all systems and for each. A test may state them, or a file for all tests. */
const thresholdsShape = {
  tolerances: tolerancesSchema,
  /** By system; they override `tolerances`. */
  systems: z.record(z.string(), tolerancesSchema),
};

const optionsShape = {
  /** `off`: thresholds alone, without a test of significance. */
  significance: z.enum(['on', 'off'], { error: 'accepted are on, off' }),
  ...thresholdsShape,
};
export const comparisonOptionsSchema = z
  .strictObject(optionsShape, { error: knownKeys(Object.keys(optionsShape)) })
  .partial();

/**
 * A comparison with a baseline tolerates changes up to these: latencies and throughput as shares, errors
 * as percentage points.
 * @example
 * const options: ComparisonOptions = { tolerances: { latency: { p95: 0.2 }, throughputDrop: 0.1 } };
 * expect(result).toMatchBaseline(options);
 */
export type ComparisonOptions = z.infer<typeof comparisonOptionsSchema>;
export type Thresholds = Pick<ComparisonOptions, keyof typeof thresholdsShape>;

export const thresholdsFileSchema = z
  .strictObject(
    { schema: z.number(), ...thresholdsShape },
    { error: knownKeys(['schema', ...Object.keys(thresholdsShape)]) },
  )
  .partial();

/** The defaults, overridden by each of `stated` in turn: for all systems, then for this one. */
export function tolerancesOf(system: string, ...stated: readonly Thresholds[]): Tolerances {
  const layers = stated.flatMap(({ tolerances = {}, systems = {} }) => {
    const own = Object.keys(systems).filter((name) => isSameSystem(name, system));
    return [tolerances, ...own.map((name) => systems[name] ?? {})];
  });
  return layers.reduce<Tolerances>(
    (all, layer) => ({
      ...all,
      ...given(layer),
      latency: { ...all.latency, ...given(layer.latency ?? {}) },
    }),
    defaultTolerances,
  );
}

/** One key for all spellings of a system: some tools write `web_shop` for `web-shop`. */
export function systemKey(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]+/g, '-');
}

export function isSameSystem(a: string, b: string): boolean {
  return systemKey(a) === systemKey(b);
}

/** `value ≥ limit`, tolerating floating point errors of sums: 0.015 − 0.01 reaches 0.005. */
export function reaches(value: number, limit: number): boolean {
  return value >= limit - 1e-9 * Math.max(1e-3, Math.abs(limit));
}

/** `value > limit`, tolerating floating point errors of products: 0.7 × 50 is not above 35. */
export function exceeds(value: number, limit: number): boolean {
  return value > limit + 1e-9 * Math.max(1e-3, Math.abs(limit));
}

/** Removes fields that are undefined. */
function given<T extends object>(some: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(some).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
