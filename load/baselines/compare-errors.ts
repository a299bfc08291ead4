/**
 * Compares the error rate with the baseline's. Errors that are evenly spread are tested with Fisher's
 * exact test. If they come in clusters, whole sections are resampled instead of requests, since one bad
 * moment would otherwise look like many independent errors.
 */
import { chiSquaredUpperTail, poissonUpperTail, tQuantile } from '../analysis/distributions.ts';
import { fisherGreater, permutationGreater, type Share } from '../analysis/share-tests.ts';
import { chanceText, shareText } from '../metrics/figure-text.ts';
import { wilsonInterval } from '../metrics/percentile.ts';
import { burstMs } from '../metrics/result/error-bursts.ts';
import { known } from '../platform/defined.ts';
import type { Judged } from './comparison.ts';
import { errorShare, type Measured, type MeasuredBaseline } from './measured.ts';
import { reaches, type Tolerances } from './tolerances.ts';
import { counted } from '../platform/words.ts';

const significant = 0.01;
/** 99th percentile of the normal distribution. */
const significantZ = 2.3263;
const burstErrors = 10;
/** The significance of a burst: how unlikely it must be among evenly spread errors. */
const burstSignificance = 0.001;

export interface ErrorSides {
  readonly observed: Share;
  readonly baseline: Share;
  /** Sections of the run and of the baseline's runs; empty if only counts are known. */
  readonly observedSections: readonly Share[];
  readonly baselineSections: readonly (readonly Share[])[];
}

export function errorSides(run: Measured, { runs, whole }: MeasuredBaseline): ErrorSides {
  return {
    observed: errorShare(run.whole),
    baseline: errorShare(whole),
    observedSections: run.sections.map(errorShare),
    baselineSections: runs.map(({ sections }) => sections.map(errorShare)),
  };
}

export function compareErrorRate(sides: ErrorSides, { errorRatePoints }: Tolerances): Judged {
  const { observed, baseline } = sides;
  const head = {
    metric: 'errorRate',
    unit: 'share' as const,
    tolerance: `+${errorRatePoints} points`,
    baseline: known(rateOf(baseline)),
    observed: known(rateOf(observed)),
  };
  if (observed.total === 0 || baseline.total === 0) {
    return { ...head, verdict: 'no-data', evidence: 'no requests on one side' };
  }
  if (observed.hits + baseline.hits === 0) {
    // No test is made here. Each test without an error would weaken the evidence of the others.
    const evidence = `no errors: 0 of ${observed.total}; baseline 0 of ${baseline.total}`;
    return { ...head, verdict: 'pass', evidence };
  }
  const { pValue, test, dispersion } = errorTest(sides);
  const counts = countsText(sides);
  const divided =
    dispersion > 1
      ? `, counts divided by ${Number(dispersion.toPrecision(2))}, because the baseline's own runs differ so much`
      : '';
  const evidence = `${counts} (${test}${divided}, ${chanceText(pValue)})`;
  const judged = (verdict: Judged['verdict'], more = ''): Judged => {
    return { ...head, verdict, evidence: `${evidence}${more}`, pValue };
  };
  const [now, before] = [rateOf(observed), rateOf(baseline)];
  if (passesTolerance(now, before, errorRatePoints)) {
    if (pValue >= significant) return judged('inconclusive');
    const rise = leastRise(thinned(observed, dispersion), thinned(baseline, dispersion));
    const isCritical = rise > errorRatePoints / 100;
    return judged(isCritical && test === 'Fisher' ? 'critical' : 'regression');
  }
  if (passesTolerance(before, now, errorRatePoints)) {
    const better = fisherGreater(thinned(baseline, dispersion), thinned(observed, dispersion));
    if (better < significant && test === 'Fisher') return judged('improved');
  }
  if (baseline.hits === 0 && mostRateOf(observed) >= errorRatePoints / 100) {
    return judged('inconclusive', `; too few requests to be sure of less than ${head.tolerance}`);
  }
  return judged('pass');
}

/** Whether the rate rose by the stated points, also from a baseline without errors. */
export function passesTolerance(observed: number, baseline: number, points: number): boolean {
  return reaches(observed - baseline, points / 100);
}

/**
 * `15 of 1500 failed; baseline 1 of 300`. If the baseline has no error, it says so in words instead of a
 * ratio.
 */
export function countsText({
  observed,
  baseline,
}: Pick<ErrorSides, 'observed' | 'baseline'>): string {
  const now = `${observed.hits} of ${observed.total} failed (${shareText(rateOf(observed))})`;
  if (baseline.hits === 0 && observed.hits > 0) {
    return `errors where the baseline had none: ${now}; baseline 0 of ${baseline.total}`;
  }
  const before = `${baseline.hits} of ${baseline.total} (${shareText(rateOf(baseline))})`;
  return `${now}; baseline ${before}`;
}

interface ErrorTest {
  readonly pValue: number;
  readonly test: 'Fisher' | 'permutation';
  /** How much more the baseline's runs differ than chance explains; 1 means no more. */
  readonly dispersion: number;
}

function errorTest(sides: ErrorSides): ErrorTest {
  const { observed, baseline, observedSections, baselineSections } = sides;
  // One bad run among good ones: its errors are one event, not independent errors.
  const dispersion = dispersionOfRuns(baselineSections.map(together));
  const pValue = fisherGreater(thinned(observed, dispersion), thinned(baseline, dispersion));
  const isClustered = [observedSections, ...baselineSections].some((one) => dispersionOf(one) > 1);
  if (!isClustered) return { pValue, test: 'Fisher', dispersion };
  const ofSections = permutationGreater(observedSections, baselineSections.flat());
  // With sections resampled, the errors of the bad run would still look independent.
  if (dispersion > 1 && pValue > ofSections) return { pValue, test: 'Fisher', dispersion };
  return { pValue: ofSections, test: 'permutation', dispersion: 1 };
}

/** With few runs φ is itself uncertain. Using t in place of z keeps the level of `significant`. */
function dispersionOfRuns(runs: readonly Share[]): number {
  const dispersion = dispersionOf(runs);
  if (dispersion === 1) return 1;
  const t = tQuantile(1 - significant, runs.length - 1);
  return dispersion * (t / significantZ) ** 2;
}

/**
 * φ = χ²/df of the parts' error rates if they are more uneven than chance explains, else 1 (McCullagh &
 * Nelder, "Generalized Linear Models", 4.5).
 */
function dispersionOf(parts: readonly Share[]): number {
  const { hits, total } = together(parts);
  const used = parts.filter((part) => part.total > 0);
  // With few errors the χ² approximation is poor: five in one of ten sections are a cluster, two are
  // chance.
  if (hits < 5 || hits === total || used.length < 2) return 1;
  const rate = hits / total;
  const chiSquared = used.reduce(
    (sum, part) => sum + (part.hits - part.total * rate) ** 2 / (part.total * rate * (1 - rate)),
    0,
  );
  const df = used.length - 1;
  return chiSquaredUpperTail(chiSquared, df) < significant ? Math.max(1, chiSquared / df) : 1;
}

function together(parts: readonly Share[]): Share {
  const sum = (of: (part: Share) => number): number => parts.reduce((all, one) => all + of(one), 0);
  return { hits: sum(({ hits }) => hits), total: sum(({ total }) => total) };
}

function thinned({ hits, total }: Share, dispersion: number): Share {
  if (dispersion === 1) return { hits, total };
  return { hits: Math.round(hits / dispersion), total: Math.round(total / dispersion) };
}

/** Lower end of Newcombe's hybrid interval of a difference of shares (Statistics in Medicine 17, 1998). */
function leastRise(observed: Share, baseline: Share): number {
  const [low] = wilsonInterval(observed.hits, observed.total);
  const [, high] = wilsonInterval(baseline.hits, baseline.total);
  const now = rateOf(observed);
  const before = rateOf(baseline);
  return now - before - Math.hypot(now - low, high - before);
}

/** Upper end of the rate's interval (Wilson). */
function mostRateOf({ hits, total }: Share): number {
  return wilsonInterval(hits, total)[1];
}

/** NaN if there were no requests. */
function rateOf({ hits, total }: Share): number {
  return hits / total;
}

/**
 * Finds a burst of errors where the baseline had none. It is red by itself, however small the rate over
 * the whole run; `undefined` if there is none. If errors spread over the run would sometimes give ten
 * errors in five seconds by chance, only the error rate judges them.
 */
export function compareBurst(run: Measured, { runs }: MeasuredBaseline): Judged | undefined {
  const densest = run.densestErrors;
  if (densest === undefined || densest.errors < burstErrors) return undefined;
  const windows = run.judgedMs / Math.max(burstMs, densest.endMs - densest.startMs);
  // The expected number of errors in the span if they were as frequent as outside of it.
  const outside = Math.max(0, errorShare(run.whole).hits - densest.errors);
  const expected = outside / Math.max(1, windows - 1);
  const pValue = Math.min(1, poissonUpperTail(densest.errors, expected) * Math.max(1, windows));
  if (!(pValue < burstSignificance)) return undefined;
  const before = Math.max(0, ...runs.map(({ densestErrors }) => densestErrors?.errors ?? 0));
  const seconds = (ms: number): string => String(Number((ms / 1000).toFixed(1)));
  const evidence =
    `${counted(densest.errors, 'error')} from second ${seconds(densest.startMs)} to ` +
    `${seconds(densest.endMs)} of the run; the baseline's worst such span had ${before}`;
  return {
    metric: 'errorBurst',
    unit: 'count',
    baseline: before,
    observed: densest.errors,
    tolerance: `fewer than ${burstErrors} in 5 s`,
    verdict: before >= burstErrors ? 'pass' : 'regression',
    evidence,
    pValue,
  };
}
