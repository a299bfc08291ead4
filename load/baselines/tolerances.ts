/** What a run may lose against its baseline before evidence is asked for. */
import { z } from 'zod';

const share = z.number().positive();

export const comparedPercentiles = ['p50', 'p75', 'p90', 'p95', 'p99', 'avg'] as const;

const everyTolerance = z.strictObject({
  /** Latency percentiles, as a share of the baseline's: 0.5 is +50 %. p50 and p95, and whatever is named. */
  latency: z.partialRecord(z.enum(comparedPercentiles), share),
  /** Changes below this are no regression and no drift, whatever their share. */
  latencyFloorMs: z.number().nonnegative(),
  /** Percentage points: 0.5 is from 1 % to 1.5 %. */
  errorRatePoints: share,
  /** As a share of the baseline's: 0.3 is −30 %, which still passes. */
  throughputDrop: share.max(1),
});
export type Tolerances = z.infer<typeof everyTolerance>;

/** Those that are named replace the defaults. */
const tolerancesSchema = everyTolerance.partial();
export type ComparedPercentile = keyof Tolerances['latency'];

export const defaultTolerances: Tolerances = {
  latency: { p50: 0.5, p95: 0.5 },
  latencyFloorMs: 5,
  errorRatePoints: 0.5,
  throughputDrop: 0.3,
};

export const comparisonOptionsSchema = z
  .strictObject({
    /** `off`: thresholds alone, without a test of significance. */
    significance: z.enum(['on', 'off']),
    tolerances: tolerancesSchema,
    /** By system; over `tolerances`. */
    systems: z.record(z.string(), tolerancesSchema),
  })
  .partial();
export type ComparisonOptions = z.infer<typeof comparisonOptionsSchema>;

/** The defaults, changed for all systems, changed for this one. */
export function tolerancesOf(system: string, options: ComparisonOptions): Tolerances {
  const { tolerances = {}, systems = {} } = options;
  const own = Object.hasOwn(systems, system) ? systems[system] : undefined;
  const latency = { ...tolerances.latency, ...own?.latency };
  return {
    ...defaultTolerances,
    ...given(tolerances),
    ...given(own ?? {}),
    latency: { ...defaultTolerances.latency, ...given(latency) },
  };
}

/** `value ≥ limit`, forgiving what floating point makes of sums: 0.015 − 0.01 reaches 0.005. */
export function reaches(value: number, limit: number): boolean {
  return value >= limit - 1e-9 * Math.max(1e-3, Math.abs(limit));
}

/** `value > limit` beyond what floating point makes of products: 0.7 × 50 is not above 35. */
export function exceeds(value: number, limit: number): boolean {
  return value > limit + 1e-9 * Math.max(1e-3, Math.abs(limit));
}

/** What is there but undefined says nothing. */
function given<T extends object>(some: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(some).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
