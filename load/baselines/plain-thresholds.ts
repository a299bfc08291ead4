/**
 * The plain threshold rule (`significance: 'off'`): a figure is critical when it passes its threshold,
 * whatever it rests on. It cries wolf on noise; it is here for those who come with such thresholds.
 */
import { formatMs } from '../duration.ts';
import type { MetricComparison } from './comparison.ts';
import type { PlainFigures } from './plain-figures.ts';

/** The same test, or the same task of it, on both sides. */
export interface PlainPair {
  readonly test: string;
  readonly task?: string;
  readonly baseline: PlainFigures;
  readonly observed: PlainFigures;
}

/** One way to judge plain figures; a pair becomes a finding per metric. */
export type PlainRule = (pair: PlainPair) => MetricComparison[];

export interface PlainThresholds {
  /** Shares of the baseline's figure. */
  readonly p95Increase: number;
  readonly throughputDecrease: number;
  /** Shares of the requests: 0.005 is half a percentage point. */
  readonly errorRateIncrease: number;
  readonly vectorTimeoutRateIncrease: number;
}

export const sourceThresholds: PlainThresholds = {
  ...{ p95Increase: 0.5, throughputDecrease: 0.3 },
  ...{ errorRateIncrease: 0.005, vectorTimeoutRateIncrease: 0.001 },
};

/** 0.015 − 0.01 is 0.004999999999999999: a threshold that is just reached must count as reached. */
const epsilon = 1e-9;

type Judged = Pick<MetricComparison, 'verdict' | 'evidence'>;

/** p95, error rate and throughput always; the others where a side has them. */
export function plainThresholdRule(
  pair: PlainPair,
  thresholds: PlainThresholds = sourceThresholds,
): MetricComparison[] {
  const { baseline, observed } = pair;
  const has = (key: keyof PlainFigures): boolean =>
    baseline[key] !== undefined || observed[key] !== undefined;
  return [
    p95(pair, thresholds.p95Increase),
    errorRate(pair, thresholds.errorRateIncrease),
    throughput(pair, thresholds.throughputDecrease),
    ...(has('vectorTimeoutShare')
      ? [vectorTimeouts(pair, thresholds.vectorTimeoutRateIncrease)]
      : []),
    ...(has('sandboxViolations') ? [sandboxViolations(pair)] : []),
  ];
}

type Head = Pick<MetricComparison, 'metric' | 'unit' | 'tolerance'>;

/** Judges the two figures where both sides have them. */
function compared(
  { test, task, baseline, observed }: PlainPair,
  key: 'p95Ms' | 'errorShare' | 'requestsPerSecond' | 'vectorTimeoutShare' | 'sandboxViolations',
  head: Head,
  judge: (was: number, is: number) => Judged,
): MetricComparison {
  const [was, is] = [baseline[key], observed[key]];
  const judged: Judged =
    was === undefined || is === undefined
      ? { verdict: 'no-data', evidence: missingText(was, is) }
      : judge(was, is);
  return {
    ...{ test, ...(task === undefined ? {} : { task }), ...head },
    ...{ baseline: was, observed: is, ...judged },
  };
}

function missingText(was: number | undefined, is: number | undefined): string {
  if (was === undefined && is === undefined) return 'neither side has this figure';
  return `the ${was === undefined ? 'baseline' : 'run'} has no such figure`;
}

function p95(pair: PlainPair, increase: number): MetricComparison {
  const tolerance = `+${percentText(increase)}`;
  return compared(pair, 'p95Ms', { metric: 'p95', unit: 'ms', tolerance }, (was, is) => {
    if (was === 0 || was === Infinity) {
      const evidence = `no change can be told from a baseline of ${was === 0 ? '0 ms' : '∞'}`;
      return { verdict: 'no-data', evidence };
    }
    const change =
      is === Infinity
        ? 'more requests failed than the percentile leaves room for'
        : `${formatMs(was)} became ${formatMs(is)}, ${changeText(is / was - 1)}`;
    return thresholded(is / was - 1 >= increase - epsilon, change, tolerance);
  });
}

function errorRate(pair: PlainPair, increase: number): MetricComparison {
  const tolerance = `+${points(increase)} points`;
  const head = { metric: 'errorRate', unit: 'share', tolerance } as const;
  return compared(pair, 'errorShare', head, (was, is) => {
    const counts = `${ofRequests(pair.baseline)}, then ${ofRequests(pair.observed)}`;
    if (was === 0 && is === 0) return { verdict: 'pass', evidence: `no errors: ${counts}` };
    if (was === 0) {
      return { verdict: 'critical', evidence: `errors where the baseline had none: ${counts}` };
    }
    const change = `${counts}: ${pointsChange(is - was)}`;
    return thresholded(is - was >= increase - epsilon, change, tolerance);
  });
}

function throughput(pair: PlainPair, decrease: number): MetricComparison {
  const tolerance = `−${percentText(decrease)}`;
  const head = { metric: 'throughput', unit: 'per second', tolerance } as const;
  return compared(pair, 'requestsPerSecond', head, (was, is) => {
    if (was === 0) return { verdict: 'no-data', evidence: 'the baseline completed nothing' };
    const change = `${rate(was)} became ${rate(is)}, ${changeText(is / was - 1)}`;
    // Exactly the threshold passes.
    return thresholded(is < was * (1 - decrease) - epsilon * was, change, tolerance);
  });
}

function vectorTimeouts(pair: PlainPair, increase: number): MetricComparison {
  const tolerance = `+${points(increase)} points`;
  const head = { metric: 'vectorTimeoutRate', unit: 'share', tolerance } as const;
  return compared(pair, 'vectorTimeoutShare', head, (was, is) => {
    const change = `${percentText(was)} became ${percentText(is)}: ${pointsChange(is - was)}`;
    return thresholded(is - was >= increase - epsilon, change, tolerance);
  });
}

/** None is accepted, whatever the baseline had. */
function sandboxViolations(pair: PlainPair): MetricComparison {
  const head = { metric: 'sandboxViolations', unit: 'count', tolerance: 'none' } as const;
  const violations = pair.observed.sandboxViolations;
  const comparison = compared(pair, 'sandboxViolations', head, (_, is) =>
    is === 0
      ? { verdict: 'pass', evidence: 'no violation' }
      : { verdict: 'critical', evidence: violationsText(is) },
  );
  if (violations === undefined || violations === 0) return comparison;
  return { ...comparison, verdict: 'critical', evidence: violationsText(violations) };
}

function violationsText(count: number): string {
  return `${count} violation${count === 1 ? '' : 's'} of the sandbox, and none is accepted`;
}

function thresholded(isPassed: boolean, change: string, tolerance: string): Judged {
  return isPassed
    ? { verdict: 'critical', evidence: `${change}; the threshold is ${tolerance}` }
    : { verdict: 'pass', evidence: `${change}; within ${tolerance}` };
}

function ofRequests({ failures, requests, errorShare = 0 }: PlainFigures): string {
  const share = percentText(errorShare);
  return failures === undefined || requests === undefined
    ? share
    : `${failures} of ${requests} requests (${share})`;
}

function changeText(change: number): string {
  const text = percentText(Math.abs(change));
  return `${change < 0 ? '−' : '+'}${text}`;
}

function pointsChange(change: number): string {
  return `${change < 0 ? '−' : '+'}${points(Math.abs(change))} points`;
}

function points(share: number): string {
  return String(Number((share * 100).toPrecision(3)));
}

function percentText(share: number): string {
  return `${points(share)} %`;
}

function rate(perSecond: number): string {
  return `${Number(perSecond.toPrecision(3))} /s`;
}
