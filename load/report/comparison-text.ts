/** A run beside its baseline, as plain text: what `toMatchBaseline` says, and the end of a test prints. */
import { redVerdicts, type MetricComparison } from '../baselines/comparison.ts';
import type { Snapshot } from '../baselines/snapshot.ts';
import { figureText } from '../budgets/figure-text.ts';
import type { Dimension } from '../budgets/units.ts';
import { textTable, wrapped, type Column } from './text-table.ts';

const width = 100;

const columns: readonly Column[] = [
  { title: 'verdict' },
  { title: 'metric', elastic: 'wrap' },
  { title: 'baseline', align: 'right' },
  { title: 'observed', align: 'right' },
  { title: 'tolerance', align: 'right' },
];

const dimensions: Readonly<Record<MetricComparison['unit'], Dimension>> = {
  ...{ ms: 'time', share: 'share', 'per second': 'perSecond', count: 'number' },
};

/** The headline first; evidence of whatever is not plainly a pass below the table. */
export function comparisonText({ headline, comparisons, notes }: Snapshot): string {
  const explained = comparisons.filter(({ verdict }) => verdict !== 'pass');
  const lines = [
    ...explained.map((one) => `${one.verdict}: ${metricName(one)}: ${one.evidence}`),
    ...notes,
  ];
  const sections = [
    wrapped(headline, width),
    comparisons.length === 0 ? [] : textTable(columns, inOrder(comparisons).map(row), width),
    [...new Set(lines)].flatMap((line) => wrapped(line, width)),
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
}

/** What is red first, else as they came. */
function inOrder(comparisons: readonly MetricComparison[]): MetricComparison[] {
  const rank = ({ verdict }: MetricComparison): number => (redVerdicts.has(verdict) ? 0 : 1);
  return [...comparisons].sort((a, b) => rank(a) - rank(b));
}

function row(comparison: MetricComparison): string[] {
  const { verdict, baseline, observed, unit, tolerance } = comparison;
  const figure = (value: number | undefined): string => figureText(value, dimensions[unit]);
  return [verdict, metricName(comparison), figure(baseline), figure(observed), tolerance];
}

function metricName({ task, metric }: MetricComparison): string {
  return task === undefined ? metric : `${task}: ${metric}`;
}
