/**
 * A percentile against the baseline's: red only where the tolerance is passed and the evidence is
 * there. Beside it whether the generator was fine enough to tell, and whether latency drifts away.
 */
import {
  logDifference,
  lowerBound,
  mean,
  pValueOf,
  smallestDetectable,
  type LogDifference,
} from '../analysis/log-difference.ts';
import { formatMs } from '../platform/duration.ts';
import { quantileOf } from '../metrics/definitions.ts';
import { scheduledOf } from '../metrics/outcome.ts';
import { quantileInterval } from '../metrics/percentile.ts';
import type { MetricComparison } from './comparison.ts';
import { driftOf } from './drift.ts';
import { changeText, percentText, pText, sharePercent } from './figure-texts.ts';
import {
  lackOf,
  latencyEstimate,
  latencyOf,
  logOf,
  type Measured,
  type MeasuredBaseline,
} from './measured.ts';
import { reaches, type ComparedPercentile, type Tolerances } from './tolerances.ts';

export type Judged = Omit<MetricComparison, 'test' | 'task'>;

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
    baseline,
    observed,
    tolerance: percentText(thetaOf(sides)),
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

function thetaOf({ metric, tolerances }: Sides): number {
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
  const limit = Math.log1p(thetaOf(sides));
  const lower = lowerBound(difference);
  const isLarge = reaches(observed - baseline, sides.tolerances.latencyFloorMs);
  const isCritical = isLarge && lower > limit;
  const sure = `${changeText(difference.difference)}, with 95 % confidence at least ${changeText(lower)}`;
  const drift = driftBeyondLag(sides);
  if (drift !== undefined) return { verdict: 'saturated', evidence: drift };
  const lagMs = coarseLagMs(sides, observed);
  // Evidence that stands with all of the lag taken off is the target's own.
  if (lagMs !== undefined && !(isCritical && lower + Math.log(1 - lagMs / observed) > limit)) {
    const evidence =
      `this machine started requests up to ${formatMs(lagMs)} late (p99): too coarse to tell ` +
      `${percentText(thetaOf(sides))} of ${formatMs(observed)}; rerun on a quieter machine`;
    return { verdict: 'inconclusive', evidence };
  }
  if (isCritical) return { verdict: 'critical', evidence: sure };
  if (isLarge && reaches(difference.difference, limit)) {
    if (lower > 0) return { verdict: 'regression', evidence: sure };
    return withoutEvidence(sides, difference, observed);
  }
  if (isImproved(sides, difference, observed)) {
    const evidence = `${changeText(difference.difference)} (${pText(1 - pValueOf(difference))})`;
    return { verdict: 'improved', evidence };
  }
  return {
    verdict: 'pass',
    evidence: `${changeText(difference.difference)}; ${seenText(difference)}`,
  };
}

/**
 * Beyond the tolerance, without evidence. What a run of the baseline itself showed, or what one of so
 * many equal runs shows as often as not (for 5 + 1 runs p ≥ 0.11), is nothing to look into.
 */
function withoutEvidence({ before, metric }: Sides, found: LogDifference, observed: number): Found {
  const change = changeText(found.difference);
  const slowest = Math.max(...before.runs.map(({ whole }) => latencyOf(whole, metric)));
  if (slowest >= observed) {
    const evidence = `${change}, and one of the baseline's own runs had ${formatMs(slowest)}; ${seenText(found)}`;
    return { verdict: 'pass', evidence };
  }
  const equalRuns = before.runs.length + 1;
  if (1 - (1 - pValueOf(found)) ** equalRuns >= 0.5) {
    const evidence =
      `${change}, which one of ${equalRuns} equal runs shows as often as not ` +
      `(${pText(pValueOf(found))}); ${seenText(found)}`;
    return { verdict: 'pass', evidence };
  }
  const evidence =
    `${change}, but runs of this length and number differ that much by chance ` +
    `(${pText(pValueOf(found))}); run longer, or add runs to the baseline`;
  return { verdict: 'inconclusive', evidence };
}

function seenText(difference: LogDifference): string {
  const smallest = percentText(smallestDetectable(difference));
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
    reaches(gain.difference, Math.log1p(thetaOf(sides))) &&
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
  const toBeTold = Math.max(thetaOf(sides) * observed, tolerances.latencyFloorMs);
  return lagMs * coarseness > toBeTold ? lagMs : undefined;
}

/**
 * One side's percentile lies among requests that did not end ok. How slow the observed percentile is at
 * least is told by its order statistics, without the sections.
 */
function compareUnbounded(sides: Sides, baseline: number, observed: number): Found {
  const { run, before, metric } = sides;
  const notOk = sharePercent(notOkShare(observed === Infinity ? run.whole : before.whole));
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
  if (lower > Math.log1p(thetaOf(sides))) return { verdict: 'critical', evidence };
  const drift = driftBeyondLag(sides);
  if (drift !== undefined) return { verdict: 'saturated', evidence: `${drift}; ${evidence}` };
  return { verdict: lower > 0 ? 'regression' : 'inconclusive', evidence };
}

/** A drift is told by the medians: it is the target's own where these stay apart without the lag. */
function driftBeyondLag(sides: Sides): string | undefined {
  const { metric, run, before } = sides;
  const drift = metric === 'avg' ? undefined : driftOf(run, before, thetaOf(sides));
  const [now, was] = [run.whole, before.whole].map((one) => latencyOf(one, 'p50'));
  const lagMs = coarseLagMs(sides, now!);
  const isOwn = lagMs === undefined || (now! - lagMs) / was! > 1 + thetaOf(sides);
  return isOwn ? drift : undefined;
}

function notOkShare({ outcomes }: Measured['whole']): number {
  const scheduled = scheduledOf(outcomes);
  return (scheduled - (outcomes.ok ?? 0)) / scheduled;
}
