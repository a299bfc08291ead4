/** Whether latency drifts over a run although it did not in the baseline's runs. */
import { tQuantile } from '../analysis/distributions.ts';
import { mean, sampleVariance } from '../analysis/log-difference.ts';
import { risingShare } from '../analysis/mann-kendall.ts';
import { totalRise } from '../analysis/theil-sen.ts';
import { logChangeText } from '../metrics/figure-text.ts';
import { latencyOf, medianLogs, type Measured, type MeasuredBaseline } from './measured.ts';
import { reaches } from './tolerances.ts';

/**
 * Kendall's S of 32 of 45: of ten sections in random order, about 2 of 1000 rise as steadily. Queues
 * carry over between sections, so the baseline's own rises are checked as well.
 */
const steadyRise = 0.7;

interface DriftLimits {
  /** As a share: 0.5 is +50 %. */
  readonly theta: number;
  readonly floorMs: number;
  /** Whether this machine's lateness is included. */
  readonly lag: 'with lag' | 'without lag';
}

/**
 * Drift shows that a service receives more than it can handle; its percentiles then depend on the length
 * of the test. The medians of its sections rise steadily, by more than the tolerance and the floor, and
 * end that far above the baseline. Returns a sentence, or `undefined` without drift.
 */
export function driftOf(
  run: Measured,
  { runs, whole }: MeasuredBaseline,
  { theta, floorMs, lag }: DriftLimits,
): string | undefined {
  const limit = Math.log1p(theta);
  const logs = medianLogs(run, lag);
  const rise = totalRise(logs);
  if (!(risingShare(logs) >= steadyRise)) return undefined;
  const rises = runs.map((one) => totalRise(medianLogs(one, 'with lag')));
  const centre = mean(rises);
  const beyond = rise - Math.max(0, centre);
  if (!reaches(beyond, limit)) return undefined;
  const spread = Math.sqrt(sampleVariance(rises) * (1 + 1 / runs.length));
  if (!(rise > centre + tQuantile(0.99, runs.length - 1) * spread)) return undefined;
  // The run must end slower than the baseline, not merely begin faster.
  const endMs = Math.exp(mean(logs.slice(-Math.ceil(logs.length / 3))));
  const usualMs = latencyOf(whole, 'p50');
  if (!reaches(Math.log(endMs / usualMs), limit)) return undefined;
  const riseMs = endMs * -Math.expm1(-beyond);
  if (!reaches(Math.min(riseMs, endMs - usualMs), floorMs)) return undefined;
  return (
    `the median changed by ${logChangeText(rise)} from the first to the last tenth of the run, and the ` +
    `baseline's by ${logChangeText(centre)}: more requests come in than are completed`
  );
}
