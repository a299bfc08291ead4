/** What a test's history says of a run, in the words of a comparison. */
import { formatMs } from '../platform/duration.ts';
import { defined } from '../platform/defined.ts';
import type { MetricComparison } from './comparison.ts';
import { judgeHistory, type HistoryFinding, type HistoryLine } from './history.ts';
import { tolerancesOf, type ComparisonOptions } from './tolerances.ts';

export interface HistoryComparison {
  readonly comparisons: readonly MetricComparison[];
  /** Unlike the runs before, though not beyond what they predict. */
  readonly notes: readonly string[];
}

/**
 * Nothing where there are too few earlier runs. Lines older than `since` (ISO 8601) are not asked, nor is
 * the run's own, if it is there already.
 */
export function compareWithHistory(
  lines: readonly HistoryLine[],
  now: HistoryLine,
  system: string,
  options: ComparisonOptions,
  since = '',
): HistoryComparison {
  const earlier = lines.filter(({ runId, startedAt }) => runId !== now.runId && startedAt >= since);
  const findings = judgeHistory(earlier, now, tolerancesOf(system, options));
  const judged = findings.filter(({ verdict }) => verdict !== 'too few');
  return {
    comparisons: judged.map((finding) => comparisonOf(finding, now.testId)),
    notes: judged.filter(({ verdict }) => verdict === 'warning').map(warningText),
  };
}

function comparisonOf(finding: HistoryFinding, test: string): MetricComparison {
  const { task, metric, verdict, expected, observed, limit = NaN } = finding;
  const isThroughput = metric === 'throughput';
  return {
    test,
    ...defined({ task }),
    metric: `history ${metric}`,
    unit: isThroughput ? 'per second' : 'ms',
    baseline: expected,
    observed,
    verdict: verdict === 'regression' ? 'regression' : 'pass',
    tolerance: `${isThroughput ? 'at least' : 'at most'} ${text(limit, metric)}`,
    evidence: `${text(observed, metric)}; ${rangeText(finding)}`,
  };
}

function warningText(finding: HistoryFinding): string {
  const name = finding.task === undefined ? finding.metric : `${finding.task}: ${finding.metric}`;
  const { expected = NaN, observed, metric } = finding;
  return (
    `${name}: ${text(observed, metric)} is unlike the ${finding.earlier} runs before it ` +
    `(${text(expected, metric)} in the mean), but no regression`
  );
}

function rangeText({ earlier, limit = NaN, metric }: HistoryFinding): string {
  const side = metric === 'throughput' ? 'at least' : 'at most';
  return `the ${earlier} runs before it predict ${side} ${text(limit, metric)} of 99 in 100`;
}

function text(value: number, metric: HistoryFinding['metric']): string {
  return metric === 'throughput' ? `${Number(value.toPrecision(3))} /s` : formatMs(value);
}
