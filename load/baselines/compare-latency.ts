/**
 * Compares a percentile or the average with the baseline's. It is red only if the tolerance is exceeded
 * with evidence, also after subtracting what the load generator's own lateness may have added. Also
 * checks whether latency drifts. A late generator only makes a system look slower, so results that are
 * not worse are valid.
 */
import {
  logDifference,
  lowerBound,
  mean,
  pValueOf,
  smallestDetectable,
  type LogDifference,
} from '../analysis/log-difference.ts';
import { medianOf } from '../analysis/theil-sen.ts';
import { defined, known } from '../platform/defined.ts';
import { formatMs } from '../platform/duration.ts';
import { quantileOf } from '../metrics/definitions.ts';
import { chanceText, changeText, logChangeText, shareText } from '../metrics/figure-text.ts';
import { scheduledOf } from '../metrics/outcome.ts';
import { quantileInterval } from '../metrics/percentile.ts';
import { redVerdicts, type Judged } from './comparison.ts';
import { driftOf } from './drift.ts';
import {
  lackOf,
  latencyEstimate,
  latencyOf,
  latencyWithoutLag,
  logOf,
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
  // An average is over requests that ended ok; without any there is none.
  const isNone = Number.isNaN(baseline) || Number.isNaN(observed);
  const none = isNone ? 'no request ended ok on one side' : undefined;
  const lack = lackOf(run, metric) ?? lackInBaseline(before, metric) ?? none;
  if (lack !== undefined) return { ...head, verdict: 'no-data', evidence: lack };
  if (!Number.isFinite(baseline) || !Number.isFinite(observed)) {
    return { ...head, ...compareUnbounded(sides, baseline, observed) };
  }
  const difference = differenceOf(sides, baseline);
  const { verdict, evidence, pValue } = verdictOf(sides, difference, baseline, observed);
  return {
    ...head,
    verdict,
    evidence,
    pValue: pValue ?? pValueOf(difference),
    smallestDetectable: smallestDetectable(difference),
    ...defined({ baselineRange: rangeOf(before, metric) }),
  };
}

/** Undefined if there is one run or no run has the figure. */
function rangeOf({ runs }: MeasuredBaseline, metric: ComparedPercentile) {
  const figures = runs.map(({ whole }) => latencyOf(whole, metric)).filter(Number.isFinite);
  if (figures.length < 2) return undefined;
  return [Math.min(...figures), Math.max(...figures)] as const;
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
): Found & Pick<Judged, 'pValue'> {
  const found = worseOf(sides, difference, observed - baseline, 'with lag');
  if (found !== undefined) {
    const isRed = redVerdicts.has(found.verdict);
    return isRed ? withoutLag(sides, found, difference, baseline) : found;
  }
  const change = logChangeText(difference.difference);
  if (isImproved(sides, difference, observed)) {
    const evidence = `${change} (${chanceText(1 - pValueOf(difference))})`;
    return { verdict: 'improved', evidence };
  }
  const smallest = changeText(smallestDetectable(difference));
  const evidence = `${change}; a change of ${smallest} would have been seen`;
  return { verdict: 'pass', evidence };
}

type Lag = 'with lag' | 'without lag';

const relief = 'rerun on a quieter machine';

/** `undefined` if the tolerance is not exceeded. */
function worseOf(
  sides: Sides,
  difference: LogDifference,
  riseMs: number,
  lag: Lag,
): Found | undefined {
  const drift = driftIn(sides, lag);
  if (drift !== undefined) return { verdict: 'saturated', evidence: drift };
  const limit = Math.log1p(toleratedChange(sides));
  const isPassed = reaches(difference.difference, limit);
  if (!isPassed || !reaches(riseMs, sides.tolerances.latencyFloorMs)) return undefined;
  const lower = lowerBound(difference);
  const change = logChangeText(difference.difference);
  const sure = `${change}, with 95 % confidence at least ${logChangeText(lower)}`;
  if (lower > limit) return { verdict: 'critical', evidence: sure };
  if (lower > 0) return { verdict: 'regression', evidence: sure };
  const evidence =
    `${change}, but runs of this length and number differ that much by chance ` +
    `(${chanceText(pValueOf(difference))}); run longer, or add runs to the baseline`;
  return { verdict: 'inconclusive', evidence };
}

/** Reduces a red result to the part that does not depend on this machine's lateness. */
function withoutLag(
  sides: Sides,
  found: Found,
  difference: LogDifference,
  baseline: number,
): Found & Pick<Judged, 'pValue'> {
  const { metric, run } = sides;
  const observed = latencyWithoutLag(run, metric);
  if (observed === undefined) {
    const evidence = `${found.evidence}; but too few requests were untouched by this machine's own lateness: ${relief}`;
    return { verdict: 'inconclusive', evidence, pValue: 1 };
  }
  const change = { ...difference, difference: logOf(observed) - logOf(baseline) };
  const remaining = worseOf(sides, change, observed - baseline, 'without lag');
  if (remaining?.verdict === found.verdict) return found;
  const pValue = pValueOf(change);
  const lag = `this machine's own lateness (${formatMs(run.lagMs[metric] ?? 0)} at ${metric})`;
  if (remaining !== undefined && redVerdicts.has(remaining.verdict)) {
    return { ...remaining, evidence: `${remaining.evidence}, without ${lag}`, pValue };
  }
  const rest = `${logChangeText(change.difference)} (${chanceText(pValue)})`;
  const evidence = `${found.evidence}; but without ${lag} it is ${rest}: ${relief}`;
  return { verdict: 'inconclusive', evidence, pValue };
}

function driftIn(sides: Sides, lag: Lag): string | undefined {
  const { metric, run, before, tolerances } = sides;
  if (metric === 'avg') return undefined;
  const limits = { theta: toleratedChange(sides), floorMs: tolerances.latencyFloorMs, lag };
  return driftOf(run, before, limits);
}

/**
 * An improvement must be faster than the merged runs and than the mean of their logarithms. Slow runs
 * dominate the merged figure, and compared with it alone every calm run would be an improvement.
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

/**
 * The percentile of one side is among requests that did not end ok. The observed percentile's order
 * statistics give its lower bound, without the sections.
 */
function compareUnbounded(sides: Sides, baseline: number, observed: number): Found {
  const { run, before, metric } = sides;
  const notOk = shareText(notOkShare(observed === Infinity ? run.whole : before.whole));
  const usual = medianOf(before.runs.map(({ whole }) => latencyOf(whole, metric)));
  if (baseline === Infinity && usual < Infinity) return compareWithUsual(sides, usual, observed);
  if (observed !== Infinity) {
    return { verdict: 'improved', evidence: `the baseline had no ${metric}: ${notOk} were not ok` };
  }
  if (baseline === Infinity) {
    return { verdict: 'pass', evidence: `neither has a ${metric}: ${notOk} were not ok` };
  }
  const { responseTime, outcomes } = run.whole;
  const q = quantileOf(metric) ?? 0.5;
  const [atLeast] = quantileInterval(responseTime, q, scheduledOf(outcomes));
  // A machine that is in time would not have been faster than this either.
  const lower = logOf(atLeast / 1000 - (run.lagMs[metric] ?? 0)) - logOf(baseline);
  const evidence = `${notOk} of the requests were not ok, and count as slower than any other`;
  if (lower > Math.log1p(toleratedChange(sides))) return { verdict: 'critical', evidence };
  const drift = driftIn(sides, 'without lag');
  if (drift !== undefined) return { verdict: 'saturated', evidence: `${drift}; ${evidence}` };
  return { verdict: lower > 0 ? 'regression' : 'inconclusive', evidence };
}

/** Only a few of the baseline's runs had so many failures that all runs together have no percentile. */
function compareWithUsual(sides: Sides, usual: number, observed: number): Found {
  const isPassed =
    reaches(observed - usual, sides.tolerances.latencyFloorMs) &&
    reaches(Math.log(observed / usual), Math.log1p(toleratedChange(sides)));
  const evidence =
    `the baseline's middle run has ${formatMs(usual)}, but some of its runs failed too often to compare: ` +
    'measure it again with -u';
  return { verdict: isPassed ? 'inconclusive' : 'pass', evidence };
}

function notOkShare({ outcomes }: Measured['whole']): number {
  const scheduled = scheduledOf(outcomes);
  return (scheduled - (outcomes.ok ?? 0)) / scheduled;
}
