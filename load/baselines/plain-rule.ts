/**
 * The comparison of plain figures, as results of other tools and old baselines have them: no
 * histograms, no plan. `significance: 'off'` is the threshold rule alone, in which errors where the
 * baseline had none are critical whatever their rate. `on` asks for evidence, which counts give for
 * errors and nothing gives for latencies.
 */
import type { z } from 'zod';
import type { Share } from '../analysis/fisher.ts';
import { formatMs } from '../duration.ts';
import { plainFiguresSchema } from './baseline-run.ts';
import { compareErrorRate, countsText, passesTolerance } from './compare-errors.ts';
import type { Judged } from './compare-latency.ts';
import type { MetricComparison } from './comparison.ts';
import { percentText } from './figure-texts.ts';
import { exceeds, reaches, type Tolerances } from './tolerances.ts';

/** Figures of a file that nobody here wrote: each may be missing, anything else in it is left alone. */
export const looseFiguresSchema = plainFiguresSchema.partial();
export type LooseFigures = z.infer<typeof looseFiguresSchema>;

export interface PlainOptions {
  readonly tolerances: Tolerances;
  readonly significance: 'on' | 'off';
}

/** A note for every comparison of plain figures. */
export const noPlanNote =
  'plain figures carry no plan: whether both sides sent the same load was not checked';

const latencyFigures = {
  p50: 'median_latency_ms',
  p95: 'p95_latency_ms',
  p99: 'p99_latency_ms',
  avg: 'avg_latency_ms',
} as const;

/** Of several baselines each figure's middle one counts; errors are added up. */
export function plainComparisons(
  name: Pick<MetricComparison, 'test' | 'task'>,
  observed: LooseFigures,
  baselines: readonly LooseFigures[],
  options: PlainOptions,
): MetricComparison[] {
  const { latency } = options.tolerances;
  const metrics = (Object.keys(latencyFigures) as (keyof typeof latencyFigures)[]).filter(
    (metric) => latency[metric] !== undefined,
  );
  const judged = [
    ...metrics.map((metric) => {
      const figure = latencyFigures[metric];
      const before = middle(baselines.map((one) => one[figure]));
      return plainLatency(metric, observed[figure] ?? undefined, before, options);
    }),
    plainErrors(observed, baselines, options),
    plainThroughput(observed.rps, middle(baselines.map(({ rps }) => rps)), options),
  ];
  return judged.map((one) => ({ ...name, ...one }));
}

const noEvidence = 'plain figures carry no evidence of how much runs differ by chance';

function plainLatency(
  metric: keyof typeof latencyFigures,
  observed: number | undefined,
  baseline: number | undefined,
  { tolerances, significance }: PlainOptions,
): Judged {
  const theta = tolerances.latency[metric] ?? 0.5;
  const head = {
    ...({ metric, unit: 'ms', tolerance: percentText(theta) } as const),
    ...{ baseline, observed },
  };
  if (observed === undefined || baseline === undefined || !(baseline > 0)) {
    return { ...head, verdict: 'no-data', evidence: 'one side has no such figure' };
  }
  const change = observed / baseline - 1;
  const text = `${formatMs(observed)}, was ${formatMs(baseline)} (${percentText(change)})`;
  const isPassed =
    reaches(change, theta) && reaches(observed - baseline, tolerances.latencyFloorMs);
  if (!isPassed) return { ...head, verdict: 'pass', evidence: text };
  if (significance === 'off') return { ...head, verdict: 'critical', evidence: text };
  return { ...head, verdict: 'inconclusive', evidence: `${text}; ${noEvidence}` };
}

function plainErrors(
  observed: LooseFigures,
  baselines: readonly LooseFigures[],
  { tolerances, significance }: PlainOptions,
): Judged {
  const now = shareIn(observed);
  const before = baselines.map(shareIn).filter((share) => share !== undefined);
  const sum = (of: 'hits' | 'total'): number => before.reduce((total, one) => total + one[of], 0);
  const sides = {
    observed: now ?? { hits: 0, total: 0 },
    baseline: { hits: sum('hits'), total: sum('total') },
    ...{ observedSections: [], baselineSections: [] },
  };
  const judged = compareErrorRate(sides, tolerances);
  if (significance === 'on' || judged.verdict === 'no-data') return judged;
  const isPassed = passesTolerance(sides.observed, sides.baseline, tolerances.errorRatePoints);
  const { metric, unit, tolerance } = judged;
  const head = { metric, unit, tolerance, baseline: judged.baseline, observed: judged.observed };
  return { ...head, verdict: isPassed ? 'critical' : 'pass', evidence: countsText(sides) };
}

/** From the counts; a rate alone has too few digits to count with. */
function shareIn({ total_failures, total_requests }: LooseFigures): Share | undefined {
  if (total_failures === undefined || total_requests === undefined) return undefined;
  return { hits: total_failures, total: total_requests };
}

function plainThroughput(
  observed: number | undefined,
  baseline: number | undefined,
  { tolerances, significance }: PlainOptions,
): Judged {
  const { throughputDrop } = tolerances;
  const head = {
    ...({
      metric: 'throughput',
      unit: 'per second',
      tolerance: percentText(-throughputDrop),
    } as const),
    ...{ baseline, observed },
  };
  if (observed === undefined || baseline === undefined || !(baseline > 0)) {
    return { ...head, verdict: 'no-data', evidence: 'one side has no such figure' };
  }
  const change = observed / baseline - 1;
  const text = `${observed} per second, was ${baseline} (${percentText(change)})`;
  if (!exceeds(-change, throughputDrop)) return { ...head, verdict: 'pass', evidence: text };
  if (significance === 'off') return { ...head, verdict: 'critical', evidence: text };
  return { ...head, verdict: 'inconclusive', evidence: `${text}; ${noEvidence}` };
}

function middle(values: readonly (number | null | undefined)[]): number | undefined {
  const known = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  return known[Math.floor((known.length - 1) / 2)];
}
