/**
 * A percentile against the baseline's: red only where the tolerance is passed and the evidence is
 * there. Beside it whether the generator was fine enough to tell, and whether latency drifts away.
 */
import { tQuantile } from '../analysis/distributions.ts';
import {
  logDifference,
  lowerBound,
  mean,
  pValueOf,
  sampleVariance,
  smallestDetectable,
  type LogDifference,
} from '../analysis/log-difference.ts';
import { risingShare } from '../analysis/mann-kendall.ts';
import { totalRise } from '../analysis/theil-sen.ts';
import { known } from '../platform/defined.ts';
import { formatMs } from '../platform/duration.ts';
import { quantileOf } from '../metrics/definitions.ts';
import { chanceText, changeText, logChangeText, shareText } from '../metrics/figure-text.ts';
import { scheduledOf } from '../metrics/outcome.ts';
import { quantileInterval } from '../metrics/percentile.ts';
import type { Judged } from './comparison.ts';
import {
  lackOf,
  latencyEstimate,
  latencyOf,
  logOf,
  sectionLogs,
  type Measured,
  type MeasuredBaseline,
} from './measured.ts';
import { reaches, type ComparedPercentile, type Tolerances } from './tolerances.ts';

interface Sides {
  readonly metric: ComparedPercentile;
  readonly run: Measured;
  readonly before: MeasuredBaseline;
  readonly tolerances: Tolerances;
}

export function compareLatency(
  metric: ComparedPercentile,
  run: Measured,
  before: MeasuredBaseline,
  tolerances: Tolerances,
): Judged {
  const sides = { metric, run, before, tolerances };
  const baseline = latencyOf(before.whole, metric);
  const observed = latencyOf(run.whole, metric);
  const head = {
    metric,
    unit: 'ms' as const,
    baseline: known(baseline),
    observed: known(observed),
    tolerance: changeText(toleratedChange(sides)),
  };
  const lack = lackOf(run, metric) ?? lackInBaseline(before, metric);
  if (lack !== undefined) return { ...head, verdict: 'no-data', evidence: lack };
  if (!Number.isFinite(baseline) || !Number.isFinite(observed)) {
    return { ...head, ...compareUnbounded(sides, baseline, observed) };
  }
  const difference = differenceOf(sides, baseline);
  const found = verdictOf(sides, difference, baseline, observed);
  return {
    ...head,
    ...found,
    pValue: pValueOf(difference),
    smallestDetectable: smallestDetectable(difference),
  };
}

function toleratedChange({ metric, tolerances }: Sides): number {
  return tolerances.latency[metric] ?? 0.5;
}

function lackInBaseline(
  { runs }: MeasuredBaseline,
  metric: ComparedPercentile,
): string | undefined {
  const lack = runs.map((one) => lackOf(one, metric)).find((text) => text !== undefined);
  return lack === undefined ? undefined : `a run of the baseline has ${lack}`;
}

function differenceOf({ metric, run, before }: Sides, baseline: number): LogDifference {
  const estimates = before.runs
    .map((one) => latencyEstimate(one, metric))
    .filter(({ log }) => Number.isFinite(log));
  return logDifference(latencyEstimate(run, metric), estimates, logOf(baseline));
}

type Found = Pick<Judged, 'verdict' | 'evidence'>;

function verdictOf(
  sides: Sides,
  difference: LogDifference,
  baseline: number,
  observed: number,
): Found {
  const limit = Math.log1p(toleratedChange(sides));
  const lower = lowerBound(difference);
  const isLarge = reaches(observed - baseline, sides.tolerances.latencyFloorMs);
  const isCritical = isLarge && lower > limit;
  const sure = `${logChangeText(difference.difference)}, with 95 % confidence at least ${logChangeText(lower)}`;
  const drift = driftBeyondLag(sides);
  if (drift !== undefined) return { verdict: 'saturated', evidence: drift };
  const lagMs = coarseLagMs(sides, observed);
  // Evidence that stands with all of the lag taken off is the target's own.
  if (lagMs !== undefined && !(isCritical && lower + Math.log(1 - lagMs / observed) > limit)) {
    const evidence =
      `this machine started requests up to ${formatMs(lagMs)} late (p99): too coarse to tell ` +
      `${changeText(toleratedChange(sides))} of ${formatMs(observed)}; rerun on a quieter machine`;
    return { verdict: 'inconclusive', evidence };
  }
  if (isCritical) return { verdict: 'critical', evidence: sure };
  if (isLarge && reaches(difference.difference, limit)) {
    if (lower > 0) return { verdict: 'regression', evidence: sure };
    return withoutEvidence(sides, difference, observed);
  }
  if (isImproved(sides, difference, observed)) {
    const evidence = `${logChangeText(difference.difference)} (${chanceText(1 - pValueOf(difference))})`;
    return { verdict: 'improved', evidence };
  }
  return {
    verdict: 'pass',
    evidence: `${logChangeText(difference.difference)}; ${seenText(difference)}`,
  };
}

/**
 * Beyond the tolerance, without evidence. What a run of the baseline itself showed, or what one of so
 * many equal runs shows as often as not (for 5 + 1 runs p ≥ 0.11), is nothing to look into.
 */
function withoutEvidence({ before, metric }: Sides, found: LogDifference, observed: number): Found {
  const change = logChangeText(found.difference);
  const slowest = Math.max(...before.runs.map(({ whole }) => latencyOf(whole, metric)));
  if (slowest >= observed) {
    const evidence = `${change}, and one of the baseline's own runs had ${formatMs(slowest)}; ${seenText(found)}`;
    return { verdict: 'pass', evidence };
  }
  const equalRuns = before.runs.length + 1;
  if (1 - (1 - pValueOf(found)) ** equalRuns >= 0.5) {
    const evidence =
      `${change}, which one of ${equalRuns} equal runs shows as often as not ` +
      `(${chanceText(pValueOf(found))}); ${seenText(found)}`;
    return { verdict: 'pass', evidence };
  }
  const evidence =
    `${change}, but runs of this length and number differ that much by chance ` +
    `(${chanceText(pValueOf(found))}); run longer, or add runs to the baseline`;
  return { verdict: 'inconclusive', evidence };
}

function seenText(difference: LogDifference): string {
  const smallest = changeText(smallestDetectable(difference));
  return `a change of ${smallest} would have been seen`;
}

/**
 * Faster than the runs merged, and than the mean of their logarithms: slow runs weigh more in what is
 * merged, and against that alone every calm run would be an improvement.
 */
function isImproved(sides: Sides, found: LogDifference, observed: number): boolean {
  const { before, metric, tolerances } = sides;
  const own = before.runs.map(({ whole }) => latencyOf(whole, metric));
  const baseline = Math.min(latencyOf(before.whole, metric), Math.exp(mean(own.map(logOf))));
  const gain = { ...found, difference: logOf(baseline) - logOf(observed) };
  return (
    reaches(baseline - observed, tolerances.latencyFloorMs) &&
    reaches(gain.difference, Math.log1p(toleratedChange(sides))) &&
    lowerBound(gain) > 0
  );
}

/** What is to be told apart must be so many times the generator's lag. */
export const coarseness = 5;

/**
 * The generator's lag p99, of this run or the middle one of the baseline, where it is more than a fifth
 * of what is to be told apart. A single late run among the baseline's does not count.
 */
function coarseLagMs(sides: Sides, observed: number): number | undefined {
  const { run, before, tolerances } = sides;
  const lags = before.runs.map(({ generatorLagP99Ms }) => generatorLagP99Ms).sort((a, b) => a - b);
  const lagMs = Math.max(run.generatorLagP99Ms, lags[Math.floor((lags.length - 1) / 2)] ?? 0);
  const toBeTold = Math.max(toleratedChange(sides) * observed, tolerances.latencyFloorMs);
  return lagMs * coarseness > toBeTold ? lagMs : undefined;
}

/**
 * One side's percentile lies among requests that did not end ok. How slow the observed percentile is at
 * least is told by its order statistics, without the sections.
 */
function compareUnbounded(sides: Sides, baseline: number, observed: number): Found {
  const { run, before, metric } = sides;
  const notOk = shareText(notOkShare(observed === Infinity ? run.whole : before.whole));
  if (observed !== Infinity) {
    return { verdict: 'improved', evidence: `the baseline had no ${metric}: ${notOk} were not ok` };
  }
  if (baseline === Infinity) {
    return { verdict: 'pass', evidence: `neither has a ${metric}: ${notOk} were not ok` };
  }
  const { responseTime, outcomes } = run.whole;
  const q = quantileOf(metric) ?? 0.5;
  const [atLeast] = quantileInterval(responseTime, q, scheduledOf(outcomes));
  const lower = Math.log(atLeast / 1000 / baseline);
  const evidence = `${notOk} of the requests were not ok, and count as slower than any`;
  if (lower > Math.log1p(toleratedChange(sides))) return { verdict: 'critical', evidence };
  const drift = driftBeyondLag(sides);
  if (drift !== undefined) return { verdict: 'saturated', evidence: `${drift}; ${evidence}` };
  return { verdict: lower > 0 ? 'regression' : 'inconclusive', evidence };
}

/** A drift is told by the medians: it is the target's own where these stay apart without the lag. */
function driftBeyondLag(sides: Sides): string | undefined {
  const { metric, run, before } = sides;
  const drift = metric === 'avg' ? undefined : driftOf(run, before, toleratedChange(sides));
  const [now, was] = [run.whole, before.whole].map((one) => latencyOf(one, 'p50'));
  const lagMs = coarseLagMs(sides, now!);
  const isOwn = lagMs === undefined || (now! - lagMs) / was! > 1 + toleratedChange(sides);
  return isOwn ? drift : undefined;
}

/**
 * Kendall's S of 32 of 45: of ten sections in random order about 2 of 1000 rise as steadily. Queues
 * remember, so the baseline's own rises are asked as well.
 */
const steadyRise = 0.7;

/**
 * Whether latency drifts away over a run while the baseline's runs stood still: the sign of a service
 * that gets more than it can do, whose percentiles depend on how long one watches. A sentence where it does, by its sections' medians; `undefined` where not.
 */
function driftOf(
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
    `the median went ${logChangeText(rise)} from the first to the last tenth of the run, and the ` +
    `baseline's ${logChangeText(centre)}: more comes in than is done`
  );
}

function notOkShare({ outcomes }: Measured['whole']): number {
  const scheduled = scheduledOf(outcomes);
  return (scheduled - (outcomes.ok ?? 0)) / scheduled;
}
