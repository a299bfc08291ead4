/** Ratios of the system's own counters, read by the monitor: how much they grew over the judged phases. */
import { figures } from '../../metrics/definitions.ts';
import { pointsText } from '../../metrics/figure-text.ts';
import type { FigureSubject } from '../../metrics/log/budget.ts';
import type { Ratio, Reading } from '../../metrics/log/monitor-reading.ts';
import { wilsonInterval } from '../../metrics/percentile.ts';
import type { Result } from '../../metrics/result/result.ts';
import { defined } from '../../platform/defined.ts';
import { isOfWhole, nothing, type BudgetOn, type Observation } from './observation.ts';
import { observeRecordedShare } from './rate.ts';
import { overlapMs, readingsOf } from '../../metrics/result/readings.ts';
import { lastSpans } from './last-spans.ts';

/** A reading at the border of a phase comes some milliseconds late, so this share of a span may lie outside. */
const outside = 0.1;
/** If more than this share of the judged time was not read, the figure is unknown. */
const unread = 0.1;
/** If rounded percentages make a share more uncertain than this, the row says so. */
const toldFrom = 0.01;

/** If the monitor never read it, the users may have recorded it, such as cache hits. */
export function observeRatio(result: Result, budget: BudgetOn<FigureSubject>): Observation {
  const { metric } = budget.subject;
  const readings = isOfWhole(budget)
    ? readingsOf(result, metric).filter(({ ratios = {} }) => metric in ratios)
    : [];
  if (readings.length === 0) return observeRecordedShare(result, budget, metric);
  const spans = lastSpans(result, budget.lastMs, readings);
  const judgedMs = spans.reduce((sum, [startMs, endMs]) => sum + endMs - startMs, 0);
  const inside = readings.filter((reading) => {
    const insideMs = overlapMs(reading, spans);
    return insideMs > 0 && insideMs >= (1 - outside) * (reading.toMs - reading.fromMs);
  });
  const readMs = inside.reduce((sum, reading) => sum + overlapMs(reading, spans), 0);
  if (readMs < (1 - unread) * judgedMs) return nothing;
  return observationOf(sumOf(inside, metric), budget, inside.length);
}

/** The sum over the spans, and how far off the part may be since the system rounds its percentages. */
interface Sum extends Pick<Ratio, 'part' | 'whole'> {
  readonly error: number;
}

/**
 * The growth in a span is the difference of two rounded figures, so it may be below 0 or above the total.
 * Between consecutive spans the rounding errors cancel out, and only the first and the last remain. So
 * the sum is limited to its bounds, not each span.
 */
function sumOf(readings: readonly Reading[], metric: string): Sum {
  const ratios = readings.map(({ ratios: own }) => own![metric]!);
  const decimals = Math.max(...ratios.map(({ rounded }) => rounded?.decimals ?? 0));
  const halfStep = 0.5 * 10 ** -decimals * 0.01;
  let [part, whole, roundedOf] = [0, 0, 0];
  ratios.forEach((ratio, i) => {
    part += ratio.part;
    whole += ratio.whole;
    const { before = 0, after = 0 } = ratio.rounded ?? {};
    const continues = readings[i - 1]?.toMs === readings[i]!.fromMs;
    const between = continues ? (ratios[i - 1]?.rounded?.after ?? 0) : 0;
    roundedOf += after + (continues ? -between : before);
  });
  return { part, whole, error: halfStep * roundedOf };
}

function observationOf(
  { part, whole, error }: Sum,
  { subject }: BudgetOn<FigureSubject>,
  spansRead: number,
): Observation {
  const { unit, over } = figures[subject.metric];
  const isProportion = unit === 'share' && over === 'samples';
  // More hits than requests means that the mapping is wrong. No figure is better than a wrong one.
  if (!(whole > 0) || (isProportion && isBeyond(part, whole, error))) return nothing;
  // A counted total is a number of samples; a measured one (seconds) is not.
  const samples = Number.isInteger(whole) ? whole : spansRead;
  if (!isProportion) return { value: part / whole, interval: undefined, samples, needed: 1 };
  const within = error === 0 ? part : Math.min(whole, Math.max(0, Math.round(part)));
  const uncertain = error / whole;
  const [low, high] = wilsonInterval(within, whole);
  return defined({
    value: within / whole,
    interval: [Math.max(0, low - uncertain), Math.min(1, high + uncertain)] as const,
    samples,
    needed: 1,
    remarks: uncertain > toldFrom ? [remarkOn(uncertain)] : undefined,
  });
}

/**
 * Whether the part exceeds the whole by more than rounding explains. A truncated percentage may be off by
 * twice as much as a rounded one.
 */
function isBeyond(part: number, whole: number, error: number): boolean {
  const most = 2 * error;
  return part > whole + most || part < -most;
}

function remarkOn(uncertain: number): string {
  const points = pointsText(Math.min(1, uncertain)).replace(/^\+/, '±');
  return (
    `the system reports a rounded percentage since its start, so this share is uncertain by ${points}: ` +
    `judge a longer time, restart the system before the load, or let it report its counts`
  );
}
