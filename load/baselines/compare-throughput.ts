/**
 * Compares throughput with the baseline's. In an open model it is achieved over offered, since arrivals
 * do not wait for answers.
 */
import {
  logDifference,
  lowerBound,
  mean,
  pValueOf,
  smallestDetectable,
  type LogDifference,
} from '../analysis/log-difference.ts';
import { chanceText, changeText, logChangeText } from '../metrics/figure-text.ts';
import { defined, known } from '../platform/defined.ts';
import type { Judged } from './comparison.ts';
import {
  throughputEstimate,
  throughputOf,
  type Measured,
  type MeasuredBaseline,
} from './measured.ts';
import { exceeds, type Tolerances } from './tolerances.ts';

export function compareThroughput(
  run: Measured,
  { runs }: MeasuredBaseline,
  { throughputDrop }: Tolerances,
): Judged {
  const baseline = mean(runs.map(throughputOf));
  const observed = throughputOf(run);
  const head = {
    metric: 'throughput',
    unit: run.openModel ? ('share' as const) : ('per second' as const),
    baseline: known(baseline),
    observed: known(observed),
    tolerance: changeText(-throughputDrop),
  };
  if (!(baseline > 0)) return { ...head, verdict: 'no-data', evidence: 'nothing in the baseline' };
  if (!(observed > 0)) return { ...head, verdict: 'critical', evidence: 'no request ended ok' };
  const change = logDifference(
    throughputEstimate(run),
    runs.map(throughputEstimate),
    Math.log(baseline),
  );
  // From here on a loss is a positive number.
  const loss = { ...change, difference: -change.difference };
  // A run with a single section does not show how much sections differ.
  const measures = defined({
    pValue: known(pValueOf(loss)),
    smallestDetectable: known(detectableDrop(loss)),
  });
  return { ...head, ...verdictOf(loss, throughputDrop), ...measures };
}

function verdictOf(loss: LogDifference, drop: number): Pick<Judged, 'verdict' | 'evidence'> {
  const limit = -Math.log1p(-drop);
  const lower = lowerBound(loss);
  const p = chanceText(pValueOf(loss));
  const by = logChangeText(-loss.difference);
  if (exceeds(loss.difference, limit)) {
    const evidence = `${by}, with 95 % confidence at least ${logChangeText(-lower)}`;
    if (lower > limit) return { verdict: 'critical', evidence };
    if (lower > 0) return { verdict: 'regression', evidence };
    return {
      verdict: 'inconclusive',
      evidence: `${by}, but runs differ that much by chance (${p}); run longer or add runs to the baseline`,
    };
  }
  const gain = { ...loss, difference: -loss.difference };
  if (exceeds(gain.difference, limit) && lowerBound(gain) > 0) {
    return { verdict: 'improved', evidence: `${by} (${chanceText(pValueOf(gain))})` };
  }
  const smallest = changeText(-detectableDrop(loss));
  return { verdict: 'pass', evidence: `${by}; a drop of ${smallest} would have been seen` };
}

/** As a positive share below 1. */
function detectableDrop(loss: LogDifference): number {
  return 1 - 1 / (1 + smallestDetectable(loss));
}
