/**
 * The rule for plain figures, without histograms or plan. `significance: 'off'` uses the thresholds
 * alone: a figure that exceeds its threshold is critical, whatever it is based on, and so are errors if
 * the baseline had none. This gives false alarms on noise. `on` requires evidence, which only counts of
 * errors can give.
 */
import { formatMs } from '../platform/duration.ts';
import { defined } from '../platform/defined.ts';
import {
  compareErrorRate,
  countsText,
  passesTolerance,
  type ErrorSides,
} from './compare-errors.ts';
import {
  changeText,
  figureBesideLimit,
  figureText,
  pointsText,
  shareText,
} from '../metrics/figure-text.ts';
import { storedMs, type BaselineRun, type StoredFigures } from './baseline-run.ts';
import type { Judged, MetricComparison } from './comparison.ts';
import { exceeds, reaches, type ComparedPercentile, type Tolerances } from './tolerances.ts';

/** The figures of one test or one of its tasks. Figures that were not measured are absent. */
export interface PlainFigures {
  readonly users?: string;
  readonly averageMs?: number;
  readonly medianMs?: number;
  /** `Infinity` if more requests failed than the percentile allows. */
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  readonly requestsPerSecond?: number;
  readonly requests?: number;
  readonly failures?: number;
  readonly errorShare?: number;
}

/** The same test, or the same task of it, on both sides. */
interface PlainPair {
  readonly test: string;
  readonly task?: string;
  readonly baseline: PlainFigures;
  readonly observed: PlainFigures;
}

export interface PlainOptions {
  readonly tolerances: Tolerances;
  readonly significance: 'on' | 'off';
}

/** The percentiles among the plain figures. */
export const latencyFigures: Readonly<Partial<Record<ComparedPercentile, NumberKey>>> = {
  p50: 'medianMs',
  p95: 'p95Ms',
  p99: 'p99Ms',
  avg: 'averageMs',
};

/** Latencies, error rate and throughput. */
export function plainRule(pair: PlainPair, options: PlainOptions): MetricComparison[] {
  const { test, task } = pair;
  const percentiles = Object.keys(options.tolerances.latency) as ComparedPercentile[];
  const judged = [
    ...percentiles.map((metric) => latency(pair, metric, options)),
    errorRate(pair, options),
    throughput(pair, options),
  ];
  const isBroken = pair.baseline.errorShare === 1;
  return judged.map((one) => {
    return { test, ...defined({ task }), ...(isBroken ? unlikeAny(one) : one) };
  });
}

/** If nothing was answered, no figure is a pass or an improvement. */
function unlikeAny(one: Judged): Judged {
  if (one.verdict === 'no-data') return one;
  return { ...one, verdict: 'no-data', evidence: 'every request of the baseline failed' };
}

type NumberKey = Exclude<keyof PlainFigures, 'users'>;
type Head = Pick<Judged, 'metric' | 'unit' | 'tolerance'>;
type Found = Pick<Judged, 'verdict' | 'evidence'>;

/** Judges the two figures if both sides have them. */
export function compared(
  was: number | undefined,
  is: number | undefined,
  head: Head,
  judge: (was: number, is: number) => Found,
): Judged {
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

/** The verdict of a threshold on a change. With significance it says that there is no evidence, and why. */
export function beyond(
  { significance }: PlainOptions,
  { tolerance }: Head,
  change: string,
  why: string,
): Found {
  const evidence = `${change}; the threshold is ${tolerance}`;
  if (significance === 'off') return { verdict: 'critical', evidence };
  return { verdict: 'inconclusive', evidence: `${evidence}, but ${why}` };
}

export function within({ tolerance }: Head, change: string): Found {
  return { verdict: 'pass', evidence: `${change}; within ${tolerance}` };
}

const oneFigure = 'one figure does not tell how far runs differ by chance';
export const noCounts = 'a rate without its counts does not tell how far it differs by chance';

function latency(pair: PlainPair, metric: ComparedPercentile, options: PlainOptions): Judged {
  const { latency: thetas, latencyFloorMs } = options.tolerances;
  const theta = thetas[metric]!;
  const head = { metric, unit: 'ms', tolerance: changeText(theta) } as const;
  const key = latencyFigures[metric];
  if (key === undefined) {
    const evidence = `plain figures have no ${metric}`;
    return { ...head, baseline: undefined, observed: undefined, verdict: 'no-data', evidence };
  }
  return compared(pair.baseline[key], pair.observed[key], head, (was, is) => {
    // Locust rounds to whole milliseconds, so a quick answer is 0 ms on both sides.
    if (was === 0 && !reaches(is, latencyFloorMs)) {
      const evidence = `0 ms became ${formatMs(is)}; by less than ${formatMs(latencyFloorMs)}`;
      return { verdict: 'pass', evidence };
    }
    if (was === 0 || was === Infinity) {
      const evidence = `no change can be told from a baseline of ${was === 0 ? '0 ms' : '∞'}`;
      return { verdict: 'no-data', evidence };
    }
    // An answer always takes some time, so this was not measured.
    if (is === 0 && reaches(was, latencyFloorMs)) {
      return { verdict: 'no-data', evidence: `${formatMs(was)} can't have become 0 ms` };
    }
    const change =
      is === Infinity
        ? 'more requests failed than the percentile leaves room for'
        : `${formatMs(was)} became ${formatMs(is)}, ${changeText(is / was - 1)}`;
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
  return compared(pair.baseline.errorShare, pair.observed.errorShare, head, (was, is) => {
    const told = sides === undefined ? sharesText(was, is) : countsText(sides);
    if (was === 0 && is === 0) return { verdict: 'pass', evidence: `no errors: ${told}` };
    if (was === 0) {
      return significance === 'off' || is === 1
        ? { verdict: 'critical', evidence: told }
        : { verdict: 'inconclusive', evidence: `${told}, but ${noCounts}` };
    }
    const change = `${told}: ${pointsText(is - was)}`;
    return passesTolerance(is, was, tolerances.errorRatePoints)
      ? beyond(options, head, change, noCounts)
      : within(head, change);
  });
}

/** `undefined` if a side has only a rate, which is too rounded to compute counts from. */
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
  if (was === 0 && is > 0) return `errors where the baseline had none: ${shareText(is)}`;
  return `${figureBesideLimit(is, was, 'share')}; baseline ${shareText(was)}`;
}

function throughput(pair: PlainPair, options: PlainOptions): Judged {
  const { throughputDrop } = options.tolerances;
  const { baseline, observed } = pair;
  const tolerance = changeText(-throughputDrop);
  const head = { metric: 'throughput', unit: 'per second', tolerance } as const;
  return compared(baseline.requestsPerSecond, observed.requestsPerSecond, head, (was, is) => {
    if (was === 0) return { verdict: 'no-data', evidence: 'the baseline completed nothing' };
    const change = `${figureText(was, 'perSecond')} became ${figureBesideLimit(is, was, 'perSecond')}, ${changeText(is / was - 1)}`;
    return exceeds(1 - is / was, throughputDrop)
      ? beyond(options, head, change, oneFigure)
      : within(head, change);
  });
}

/**
 * Compares runs with histograms by this rule, with one figure per side. Tasks missing in the baseline are
 * left out.
 */
export function compareRunsPlainly(
  run: BaselineRun,
  baseline: readonly BaselineRun[],
  tolerances: Tolerances,
): MetricComparison[] {
  const options = { tolerances, significance: 'off' } as const;
  const test = run.testId;
  const before = middleFigures(baseline.map(({ all }) => figuresOfStored(all.figures)));
  const observed = figuresOfStored(run.all.figures);
  const whole = plainRule({ test, baseline: before, observed }, options);
  if (run.tasks.length === 1) return whole;
  const tasks = run.tasks.flatMap(({ name, figures }) => {
    const known = baseline.flatMap((one) => one.tasks.filter((task) => task.name === name));
    if (known.length === 0) return [];
    const was = middleFigures(known.map((task) => figuresOfStored(task.figures)));
    const is = figuresOfStored(figures);
    return plainRule({ test, task: name, baseline: was, observed: is }, options);
  });
  return [...tasks, ...whole];
}

function figuresOfStored(figures: StoredFigures): PlainFigures {
  const { rps, total_requests: requests, total_failures: failures } = figures;
  return defined({
    averageMs: storedMs(figures, 'avg_latency_ms'),
    medianMs: storedMs(figures, 'median_latency_ms'),
    p95Ms: storedMs(figures, 'p95_latency_ms'),
    p99Ms: storedMs(figures, 'p99_latency_ms'),
    requestsPerSecond: rps,
    requests,
    failures,
    errorShare: requests === 0 ? undefined : failures / requests,
  });
}

/** Each figure is the median of the runs; requests and failures are added up. */
function middleFigures(runs: readonly PlainFigures[]): PlainFigures {
  const sum = (key: 'requests' | 'failures'): number =>
    runs.reduce((total, figures) => total + (figures[key] ?? 0), 0);
  const [requests, failures] = [sum('requests'), sum('failures')];
  const keys = ['averageMs', 'medianMs', 'p95Ms', 'p99Ms', 'requestsPerSecond'] as const;
  const middles = keys.map((key) => [key, middle(runs.map((figures) => figures[key]))] as const);
  const errorShare = requests === 0 ? undefined : failures / requests;
  return defined({ ...Object.fromEntries(middles), requests, failures, errorShare });
}

function middle(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return known[Math.floor((known.length - 1) / 2)];
}
