/** A run beside its baseline, as plain text: what `toMatchBaseline` says, and the end of a test prints. */
import type { MetricComparison } from '../../baselines/comparison.ts';
import type { Snapshot } from '../../baselines/snapshot.ts';
import { changeText, sortedWorstFirst, valueText } from './comparison-text.ts';
import { textTable, wrapped, type Column } from './text-table.ts';

const width = 100;

const columns: readonly Column[] = [
  { title: 'verdict' },
  { title: 'metric', elastic: 'wrap' },
  { title: 'baseline', align: 'right' },
  { title: 'observed', align: 'right' },
  { title: 'change', align: 'right' },
  { title: 'tolerance', align: 'right' },
];

/** The headline first; evidence of whatever is not plainly a pass below the table. */
export function baselineText({ headline, comparisons, notes }: Snapshot): string {
  const explained = comparisons.filter(({ verdict }) => verdict !== 'pass');
  const lines = [
    ...explained.map((one) => `${one.verdict}: ${metricName(one)}: ${one.evidence}`),
    ...notes,
  ];
  const sections = [
    wrapped(headline, width),
    comparisons.length === 0
      ? []
      : textTable(columns, sortedWorstFirst(comparisons).map(row), width),
    [...new Set(lines)].flatMap((line) => wrapped(line, width)),
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
}

function row(comparison: MetricComparison): string[] {
  const { verdict, baseline, observed, unit, tolerance } = comparison;
  const figures = [valueText(baseline, unit), valueText(observed, unit), changeText(comparison)];
  return [verdict, metricName(comparison), ...figures, tolerance];
}

function metricName({ task, metric }: MetricComparison): string {
  return task === undefined ? metric : `${task}: ${metric}`;
}
