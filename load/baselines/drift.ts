/**
 * Whether latency drifts away over a run while the baseline's runs stood still: the sign of a service
 * that gets more than it can do. Its percentiles depend on how long one watches.
 */
import { tQuantile } from '../analysis/distributions.ts';
import { mean, sampleVariance } from '../analysis/log-difference.ts';
import { risingShare } from '../analysis/mann-kendall.ts';
import { totalRise } from '../analysis/theil-sen.ts';
import { changeText } from './figure-texts.ts';
import { logOf, latencyOf, sectionLogs, type Measured, type MeasuredBaseline } from './measured.ts';
import { reaches } from './tolerances.ts';

/**
 * Kendall's S of 32 of 45: of ten sections in random order about 2 of 1000 rise as steadily. Queues
 * remember, so the baseline's own rises are asked as well.
 */
const steadyRise = 0.7;

/** A sentence where the run drifts, by its sections' medians; `undefined` where it does not. */
export function driftOf(
  run: Measured,
  { runs, whole }: MeasuredBaseline,
  theta: number,
): string | undefined {
  const limit = Math.log1p(theta);
  const logs = sectionLogs(run, 'p50');
  const rise = totalRise(logs);
  if (!(risingShare(logs) >= steadyRise)) return undefined;
  const rises = runs.map((one) => totalRise(sectionLogs(one, 'p50')));
  const centre = mean(rises);
  if (!reaches(rise - Math.max(0, centre), limit)) return undefined;
  const spread = Math.sqrt(sampleVariance(rises) * (1 + 1 / runs.length));
  if (!(rise > centre + tQuantile(0.99, runs.length - 1) * spread)) return undefined;
  // It must end slower than the baseline was, not begin faster.
  const end = mean(logs.slice(-Math.ceil(logs.length / 3)));
  if (!reaches(end - logOf(latencyOf(whole, 'p50')), limit)) return undefined;
  return (
    `the median went ${changeText(rise)} from the first to the last tenth of the run, and the ` +
    `baseline's ${changeText(centre)}: more comes in than is done`
  );
}
