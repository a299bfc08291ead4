/** A comparison with a baseline as text, the same on a terminal and in Markdown. */
import type { ComparisonVerdict, MetricComparison } from '../../baselines/comparison.ts';
import type { Snapshot } from '../../baselines/snapshot.ts';
import { changeText, figureText, pointsText, type Dimension } from '../../metrics/figure-text.ts';
import { groupedBy } from '../../platform/lists.ts';
import { counted } from '../../platform/words.ts';
import { figures, paragraphs, textTable, words, wrapped, type Column } from './text-table.ts';

/** The worst first, the order for readers. */
const worstFirst: readonly ComparisonVerdict[] = [
  'saturated',
  'critical',
  'regression',
  'inconclusive',
  'provisional',
  'incomparable',
  'no-data',
  'improved',
  'pass',
];

/** `2 critical, 1 inconclusive, 9 pass`. */
export function verdictCounts(comparisons: readonly MetricComparison[]): string {
  const groups = groupedBy(sortedWorstFirst(comparisons), ({ verdict }) => verdict);
  return [...groups].map(([name, { length }]) => `${length} ${name.replace('-', ' ')}`).join(', ');
}

export function sortedWorstFirst(comparisons: readonly MetricComparison[]): MetricComparison[] {
  return worstFirst.flatMap((verdict) => comparisons.filter((one) => one.verdict === verdict));
}

/** The subject of a comparison: `web-shop-baseline-1-user, buy: p95`. */
export function subjectText({ test, task, metric }: MetricComparison): string {
  return `${test}${task === undefined ? '' : `, ${task}`}: ${metric}`;
}

const dimensions: Readonly<Record<MetricComparison['unit'], Dimension>> = {
  ms: 'time',
  share: 'share',
  'per second': 'perSecond',
  count: 'number',
};

export function valueText(value: number | undefined, unit: MetricComparison['unit']): string {
  return figureText(value, dimensions[unit]);
}

/** `+67 %`; for shares in points; `–` if there is no ratio. */
function comparedChange({ baseline, observed, unit }: MetricComparison): string {
  if (baseline === undefined || observed === undefined || !Number.isFinite(baseline)) return '–';
  if (observed === Infinity) return '–';
  if (unit === 'share') return pointsText(observed - baseline);
  return baseline === 0 ? '–' : changeText(observed / baseline - 1);
}

const width = 100;

const columns: readonly Column[] = [
  ...words('verdict'),
  { title: 'metric', elastic: 'wrap' },
  ...figures('baseline', 'observed', 'change', 'tolerance'),
];

/** The first paragraph of `baselineText`. */
export function baselineHeadline({ headline }: Pick<Snapshot, 'headline'>): string {
  return wrapped(headline, width).join('\n');
}

/**
 * The message of `toMatchBaseline`, also printed at the end of a test: the headline first, and below the
 * table the evidence of everything that is not clearly a pass.
 */
export function baselineText({ headline, comparisons, notes }: Snapshot): string {
  const explained = comparisons.filter(({ verdict }) => verdict !== 'pass');
  const lines = [
    ...sharingEvidence(explained).map(
      ({ one, count }) => `${one.verdict}: ${metricsText(one, count)}: ${one.evidence}`,
    ),
    ...notes,
  ];
  const rows = sortedWorstFirst(comparisons).map(row);
  return paragraphs([
    wrapped(headline, width),
    rows.length === 0 ? [] : textTable(columns, rows, width),
    [...new Set(lines)].flatMap((line) => wrapped(line, width)),
  ]);
}

/**
 * Merges comparisons of a test with the same verdict and reason: the first one, with their number. A
 * different plan, for example, is the reason for every metric.
 */
export function sharingEvidence(
  comparisons: readonly MetricComparison[],
): { readonly one: MetricComparison; readonly count: number }[] {
  const groups = groupedBy(comparisons, ({ test, verdict, evidence }) =>
    JSON.stringify([test, verdict, evidence]),
  );
  return [...groups.values()].map((group) => ({ one: group[0]!, count: group.length }));
}

function metricsText(one: MetricComparison, count: number): string {
  return count === 1 ? metricName(one) : counted(count, 'metric');
}

function row(one: MetricComparison): string[] {
  return [one.verdict, metricName(one), ...comparedFigures(one), one.tolerance];
}

/** Baseline, this run, and the change between them. */
export function comparedFigures(one: MetricComparison): string[] {
  const { baseline, observed, unit } = one;
  return [valueText(baseline, unit), valueText(observed, unit), comparedChange(one)];
}

function metricName({ task, metric }: MetricComparison): string {
  return task === undefined ? metric : `${task}: ${metric}`;
}
