/** A metric's mean difference over the rounds of a pair, and its uncertainty (Student's t). */
import { normalUpperTail, tQuantile, tUpperTail } from '../analysis/distributions.ts';
import { mean, sampleVariance } from '../analysis/log-difference.ts';

/** The differences of one metric, one value per round. It is above 0 if side B is worse. */
export interface Differences {
  readonly values: readonly number[];
  /** A smaller difference cannot be seen, however similar the rounds are. */
  readonly resolution: number;
}

export interface Estimate {
  readonly mean: number;
  /** Standard deviation of a single round. */
  readonly deviation: number;
  readonly rounds: number;
  readonly resolution: number;
}

/** `undefined` below two rounds, since one round shows no deviation. */
export function estimateOf({ values, resolution }: Differences): Estimate | undefined {
  if (values.length < 2) return undefined;
  const deviation = Math.sqrt(sampleVariance(values));
  return { mean: mean(values), deviation, rounds: values.length, resolution };
}

/** The two-sided interval that contains the true difference with this confidence. */
export function intervalOf(estimate: Estimate, confidence: number): [number, number] {
  const { mean: centre, rounds, resolution } = estimate;
  const t = tQuantile((1 + confidence) / 2, rounds - 1);
  const half = Math.max(t * standardError(estimate), resolution);
  return [centre - half, centre + half];
}

/** One-sided: the probability of a mean at least this large if the true difference is `floor` or less. */
export function chanceOfMore(estimate: Estimate, floor: number): number {
  const error = standardError(estimate);
  const excess = estimate.mean - floor;
  if (error === 0) return excess > 0 ? 0 : 1;
  return tUpperTail(excess / error, estimate.rounds - 1);
}

/**
 * How many rounds in all it takes until a difference of `tolerance` would be found in nine cases of ten,
 * and could be seen at all. ∞ if nothing is tolerated.
 */
export function roundsNeeded(estimate: Estimate, tolerance: number): number {
  if (tolerance <= 0) return Infinity;
  const { deviation, rounds, resolution } = estimate;
  const t = tQuantile(0.995, rounds - 1);
  const forDeviation = (((t + 1.28) * deviation) / tolerance) ** 2;
  // The resolution of a share becomes finer with each request.
  const forResolution = resolution < tolerance ? 0 : (rounds * resolution) / tolerance;
  return Math.ceil(Math.max(forDeviation, forResolution));
}

/**
 * How many deviations one further round may be away, as unlikely as `deviations` would be if the deviation
 * were known. From a few rounds it is itself uncertain.
 */
export function beyondChance(deviations: number, rounds: number): number {
  const chance = normalUpperTail(deviations);
  return tQuantile(1 - chance, rounds - 1) * Math.sqrt(1 + 1 / rounds);
}

function standardError({ deviation, rounds }: Estimate): number {
  return deviation / Math.sqrt(rounds);
}
