/**
 * The rule for plain figures: no histograms, no plan. `significance: 'off'` is the thresholds alone: a
 * figure that passes its threshold is critical, whatever it rests on, and so are errors where the
 * baseline had none. It cries wolf on noise. `on` asks for evidence, which counts give for errors and
 * nothing gives for the rest.
 */
import { formatMs } from '../platform/duration.ts';
import { defined } from '../platform/defined.ts';
import {
  compareErrorRate,
  countsText,
  passesTolerance,
  type ErrorSides,
} from './compare-errors.ts';
import type { Judged } from './compare-latency.ts';
import type { MetricComparison } from './comparison.ts';
import { percentText } from './figure-texts.ts';
import type { PlainFigures } from './plain-figures.ts';
import { exceeds, reaches, type ComparedPercentile, type Tolerances } from './tolerances.ts';

/** The same test, or the same task of it, on both sides. */
export interface PlainPair {
  readonly test: string;
  readonly task?: string;
  readonly baseline: PlainFigures;
  readonly observed: PlainFigures;
}

export interface PlainOptions {
  readonly tolerances: Tolerances;
  readonly significance: 'on' | 'off';
}

/** Plain figures have only these of the percentiles that tolerances name. */
export const latencyFigures: Readonly<Partial<Record<ComparedPercentile, NumberKey>>> = {
  p50: 'medianMs',
  p95: 'p95Ms',
  p99: 'p99Ms',
  avg: 'averageMs',
};

/** Vector-store timeouts, in percentage points; of sandbox violations none is accepted. */
const vectorTimeoutPoints = 0.1;

/** Latencies, error rate and throughput always; the others where a side has them. */
export function plainRule(pair: PlainPair, options: PlainOptions): MetricComparison[] {
  const { test, task, baseline, observed } = pair;
  const has = (key: NumberKey): boolean =>
    baseline[key] !== undefined || observed[key] !== undefined;
  const percentiles = Object.keys(options.tolerances.latency) as ComparedPercentile[];
  const judged = [
    ...percentiles.map((metric) => latency(pair, metric, options)),
    errorRate(pair, options),
    throughput(pair, options),
    ...(has('vectorTimeoutShare') ? [vectorTimeouts(pair, options)] : []),
    ...(has('sandboxViolations') ? [sandboxViolations(pair)] : []),
  ];
  return judged.map((one) => ({ test, ...defined({ task }), ...one }));
}

type NumberKey = Exclude<keyof PlainFigures, 'users'>;
type Head = Pick<Judged, 'metric' | 'unit' | 'tolerance'>;
type Found = Pick<Judged, 'verdict' | 'evidence'>;

/** Judges the two figures where both sides have them. */
function compared(
  { baseline, observed }: PlainPair,
  key: NumberKey,
  head: Head,
  judge: (was: number, is: number) => Found,
): Judged {
  const [was, is] = [baseline[key], observed[key]];
  const found: Found =
    was === undefined || is === undefined
      ? { verdict: 'no-data', evidence: missingText(was, is) }
      : judge(was, is);
  return { ...head, baseline: was, observed: is, ...found };
}

function missingText(was: number | undefined, is: number | undefined): string {
  if (was === undefined && is === undefined) return 'neither side has this figure';
  return `the ${was === undefined ? 'baseline' : 'run'} has no such figure`;
}

/** What a threshold says of a change; with significance, that it is no evidence, and why. */
function beyond(
  { significance }: PlainOptions,
  { tolerance }: Head,
  change: string,
  why: string,
): Found {
  const evidence = `${change}; the threshold is ${tolerance}`;
  if (significance === 'off') return { verdict: 'critical', evidence };
  return { verdict: 'inconclusive', evidence: `${evidence}, but ${why}` };
}

function within({ tolerance }: Head, change: string): Found {
  return { verdict: 'pass', evidence: `${change}; within ${tolerance}` };
}

const oneFigure = 'one figure does not tell how far runs differ by chance';
const noCounts = 'a rate without its counts does not tell how far it differs by chance';

function latency(pair: PlainPair, metric: ComparedPercentile, options: PlainOptions): Judged {
  const { latency: thetas, latencyFloorMs } = options.tolerances;
  const theta = thetas[metric]!;
  const head = { metric, unit: 'ms', tolerance: percentText(theta) } as const;
  const key = latencyFigures[metric];
  if (key === undefined) {
    const evidence = `plain figures have no ${metric}`;
    return { ...head, baseline: undefined, observed: undefined, verdict: 'no-data', evidence };
  }
  return compared(pair, key, head, (was, is) => {
    if (was === 0 || was === Infinity) {
      const evidence = `no change can be told from a baseline of ${was === 0 ? '0 ms' : '∞'}`;
      return { verdict: 'no-data', evidence };
    }
    const change =
      is === Infinity
        ? 'more requests failed than the percentile leaves room for'
        : `${formatMs(was)} became ${formatMs(is)}, ${percentText(is / was - 1)}`;
    if (!reaches(is / was - 1, theta)) return within(head, change);
    if (options.significance === 'on' && !reaches(is - was, latencyFloorMs)) {
      return { verdict: 'pass', evidence: `${change}; by less than ${formatMs(latencyFloorMs)}` };
    }
    return beyond(options, head, change, oneFigure);
  });
}

function errorRate(pair: PlainPair, options: PlainOptions): Judged {
  const { tolerances, significance } = options;
  const sides = countsOf(pair);
  if (sides !== undefined && significance === 'on') return compareErrorRate(sides, tolerances);
  const tolerance = `+${tolerances.errorRatePoints} points`;
  const head = { metric: 'errorRate', unit: 'share', tolerance } as const;
  return compared(pair, 'errorShare', head, (was, is) => {
    const told = sides === undefined ? sharesText(was, is) : countsText(sides);
    if (was === 0 && is === 0) return { verdict: 'pass', evidence: `no errors: ${told}` };
    if (was === 0) {
      return significance === 'off'
        ? { verdict: 'critical', evidence: told }
        : { verdict: 'inconclusive', evidence: `${told}, but ${noCounts}` };
    }
    const change = `${told}: ${pointsChange(is - was)}`;
    return passesTolerance(is, was, tolerances.errorRatePoints)
      ? beyond(options, head, change, noCounts)
      : within(head, change);
  });
}

/** `undefined` where a side has a rate alone: it has too few digits to count with. */
function countsOf({ baseline, observed }: PlainPair): ErrorSides | undefined {
  const shares = [observed, baseline].map(({ failures, requests }) =>
    failures === undefined || requests === undefined
      ? undefined
      : { hits: failures, total: requests },
  );
  const [now, before] = shares;
  if (now === undefined || before === undefined) return undefined;
  return { observed: now, baseline: before, observedSections: [], baselineSections: [] };
}

function sharesText(was: number, is: number): string {
  const now = `${points(is)} %`;
  if (was === 0 && is > 0) return `errors where the baseline had none: ${now}`;
  return `${now}, of the baseline ${points(was)} %`;
}

function throughput(pair: PlainPair, options: PlainOptions): Judged {
  const { throughputDrop } = options.tolerances;
  const tolerance = percentText(-throughputDrop);
  const head = { metric: 'throughput', unit: 'per second', tolerance } as const;
  return compared(pair, 'requestsPerSecond', head, (was, is) => {
    if (was === 0) return { verdict: 'no-data', evidence: 'the baseline completed nothing' };
    const change = `${rate(was)} became ${rate(is)}, ${percentText(is / was - 1)}`;
    return exceeds(1 - is / was, throughputDrop)
      ? beyond(options, head, change, oneFigure)
      : within(head, change);
  });
}

function vectorTimeouts(pair: PlainPair, options: PlainOptions): Judged {
  const tolerance = `+${vectorTimeoutPoints} points`;
  const head = { metric: 'vectorTimeoutRate', unit: 'share', tolerance } as const;
  return compared(pair, 'vectorTimeoutShare', head, (was, is) => {
    const change = `${points(was)} % became ${points(is)} %: ${pointsChange(is - was)}`;
    return reaches(is - was, vectorTimeoutPoints / 100)
      ? beyond(options, head, change, noCounts)
      : within(head, change);
  });
}

/** None is accepted, whatever the baseline had: one is evidence enough. */
function sandboxViolations(pair: PlainPair): Judged {
  const head = { metric: 'sandboxViolations', unit: 'count', tolerance: 'none' } as const;
  const judged = compared(pair, 'sandboxViolations', head, () => {
    return { verdict: 'pass', evidence: 'no violation' };
  });
  const count = pair.observed.sandboxViolations ?? 0;
  if (count === 0) return judged;
  const violations = `${count} violation${count === 1 ? '' : 's'}`;
  const evidence = `${violations} of the sandbox, and none is accepted`;
  return { ...judged, verdict: 'critical', evidence };
}

function pointsChange(change: number): string {
  return `${change < 0 ? '−' : '+'}${points(Math.abs(change))} points`;
}

function points(share: number): string {
  return String(Number((share * 100).toPrecision(3)));
}

function rate(perSecond: number): string {
  return `${Number(perSecond.toPrecision(3))} /s`;
}
