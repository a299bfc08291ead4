/** The words and figures of a comparison, the same on a terminal and in Markdown. */
import type { ComparisonVerdict, MetricComparison } from '../../baselines/comparison.ts';
import { figureText } from '../../budgets/figure-text.ts';

/** The worst first: the order in which a reader wants them. */
export const worstFirst: readonly ComparisonVerdict[] = [
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
  return worstFirst
    .map((verdict) => ({ verdict, count: comparisons.filter(has(verdict)).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict.replace('-', ' ')}`)
    .join(', ');
}

export function sortedWorstFirst(comparisons: readonly MetricComparison[]): MetricComparison[] {
  return worstFirst.flatMap((verdict) => comparisons.filter(has(verdict)));
}

function has(verdict: ComparisonVerdict) {
  return (one: MetricComparison): boolean => one.verdict === verdict;
}

/** What is compared in one phrase: `web-shop-baseline-1-user, buy: p95`. */
export function subjectText({ test, task, metric }: MetricComparison): string {
  return `${test}${task === undefined ? '' : `, ${task}`}: ${metric}`;
}

export function valueText(value: number | undefined, unit: MetricComparison['unit']): string {
  const dimension = { ms: 'time', share: 'share', 'per second': 'perSecond', count: 'number' };
  return figureText(value, dimension[unit] as Parameters<typeof figureText>[1]);
}

/** `+66.7 %`, of shares in points; nothing where there is no ratio to tell. */
export function changeText({ baseline, observed, unit }: MetricComparison): string {
  if (baseline === undefined || observed === undefined || !Number.isFinite(baseline)) return '–';
  if (observed === Infinity) return '–';
  if (unit === 'share') return signed(100 * (observed - baseline), 'points');
  return baseline === 0 ? '–' : signed(100 * (observed / baseline - 1), '%');
}

function signed(value: number, unit: string): string {
  const digits = Number(Math.abs(value).toPrecision(3));
  const text = String(digits < 1e-6 ? 0 : digits);
  if (text === '0') return `0 ${unit}`;
  return `${value < 0 ? '−' : '+'}${text} ${unit}`;
}
