/** What the rounds of a pair say of one metric: a mean difference, and how sure it is (Student's t). */
import { tQuantile, tUpperTail } from '../analysis/distributions.ts';
import { mean, sampleVariance } from '../analysis/log-difference.ts';

/** The differences of one metric, a value a round; what is worse on side B is above 0. */
export interface Differences {
  readonly values: readonly number[];
  /** Less than this is not told apart, however alike the rounds are. */
  readonly resolution: number;
}

export interface Estimate {
  readonly mean: number;
  /** Standard deviation of a round. */
  readonly deviation: number;
  readonly rounds: number;
  readonly resolution: number;
}

/** `undefined` below two rounds: of one nobody knows how far the next would be from it. */
export function estimateOf({ values, resolution }: Differences): Estimate | undefined {
  if (values.length < 2) return undefined;
  const deviation = Math.sqrt(sampleVariance(values));
  return { mean: mean(values), deviation, rounds: values.length, resolution };
}

/** The two-sided interval in which the true difference lies with this confidence. */
export function intervalOf(estimate: Estimate, confidence: number): [number, number] {
  const { mean: centre, rounds, resolution } = estimate;
  const t = tQuantile((1 + confidence) / 2, rounds - 1);
  const half = Math.max(t * standardError(estimate), resolution);
  return [centre - half, centre + half];
}

/** One-sided: how likely a mean at least as large is where the true difference is `floor` or less. */
export function chanceOfMore(estimate: Estimate, floor: number): number {
  const error = standardError(estimate);
  const excess = estimate.mean - floor;
  if (error === 0) return excess > 0 ? 0 : 1;
  return tUpperTail(excess / error, estimate.rounds - 1);
}

/** Rounds after which a difference of `tolerance` would be told from none, in nine cases of ten. */
export function roundsNeeded({ deviation, rounds }: Estimate, tolerance: number): number {
  const t = tQuantile(0.995, rounds - 1);
  return Math.ceil((((t + 1.28) * deviation) / tolerance) ** 2);
}

function standardError({ deviation, rounds }: Estimate): number {
  return deviation / Math.sqrt(rounds);
}
