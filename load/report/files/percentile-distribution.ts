/**
 * The percentile distribution in HdrHistogram's format (`.hgrm`), for its plotter and other tools:
 * response times in ms of the ok requests of the judged phases.
 */
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import { bucketCount } from '../../metrics/histogram.ts';
import { scheduledOf } from '../../metrics/outcome.ts';
import { rankOf } from '../../metrics/percentile.ts';
import { outcomesOf, selectSeries, trendOf } from '../../metrics/result/select.ts';
import type { TrendHistogram } from '../../metrics/trend-histogram.ts';
import { sumOf } from '../../platform/lists.ts';
import { counted } from '../../platform/words.ts';

/** Lines per halving of the distance to 100 %, as by HdrHistogram's default. */
const ticksPerHalf = 5;
/** Each doubling of the values uses half of this number of buckets; the first uses all. */
const subBuckets = 2048;
const doublings = Math.ceil((2 * bucketCount) / subBuckets) - 1;

export function percentileDistribution(load: JudgedLoad): string {
  const series = selectSeries(load);
  const histogram = trendOf(series, 'responseTime');
  const others = scheduledOf(outcomesOf(series)) - histogram.count;
  const { count } = histogram;
  const [mean, deviation] = count === 0 ? [0, 0] : [histogram.mean / 1000, deviationMs(histogram)];
  const max = count === 0 ? 0 : histogram.max / 1000;
  return [
    `${'Value'.padStart(12)} ${'Percentile'.padStart(14)} ${'TotalCount'.padStart(10)} ${'1/(1-Percentile)'.padStart(14)}`,
    '',
    ...linesOf(histogram),
    `#[Mean    = ${padded(mean, 12)}, StdDeviation   = ${padded(deviation, 12)}]`,
    `#[Max     = ${padded(max, 12)}, Total count    = ${String(count).padStart(12)}]`,
    `#[Buckets = ${String(doublings).padStart(12)}, SubBuckets     = ${String(subBuckets).padStart(12)}]`,
    ...(others === 0
      ? []
      : [`#[${counted(others, 'request')} did not end ok, and are in no line above]`]),
    '',
  ].join('\n');
}

function linesOf(histogram: TrendHistogram): string[] {
  const { count } = histogram;
  const lines: string[] = [];
  let level = 0;
  while (count > 0) {
    const rank = rankOf(level, count);
    const value = histogram.valueAtRank(rank) / 1000;
    const reached = countUpTo(histogram, rank);
    const line = (share: number): string =>
      `${padded(value, 12)} ${share.toFixed(12)} ${String(reached).padStart(10)}`;
    lines.push(`${line(level)} ${padded(1 / (1 - level), 14, 2)}`);
    // All values are included: the last line has no remaining share to divide by.
    if (reached >= count) lines.push(line(1));
    if (reached >= count) break;
    const halvings = Math.floor(Math.log2(1 / (1 - level))) + 1;
    level += 1 / (ticksPerHalf * 2 ** halvings);
  }
  return lines;
}

/** How many values are at most the one of that rank, to the precision of the buckets. */
function countUpTo(histogram: TrendHistogram, rank: number): number {
  let seen = 0;
  for (const [, count] of histogram.buckets()) {
    seen += count;
    if (seen >= rank) return seen;
  }
  return seen;
}

function deviationMs(histogram: TrendHistogram): number {
  const { count, mean } = histogram;
  const squares = sumOf(histogram.buckets(), ([value, times]) => times * (value - mean) ** 2);
  return Math.sqrt(squares / count) / 1000;
}

function padded(value: number, width: number, digits = 3): string {
  return value.toFixed(digits).padStart(width);
}
