/**
 * Controls false alarms. A suite compares dozens of figures at once, and of a hundred that are unchanged
 * a few look worse by chance. Over all comparisons of one run of the suite, regressions are kept at a
 * false discovery rate of 5 %; the others become inconclusive. The same holds for improvements; those not
 * kept become a pass. Critical evidence and drift are not filtered.
 */
import { keptDiscoveries } from '../analysis/false-discoveries.ts';
import type { MetricComparison } from './comparison.ts';

const falseDiscoveryRate = 0.05;

type Tested = MetricComparison & { readonly pValue: number };

export function controlFalseAlarms(
  comparisons: readonly MetricComparison[],
): readonly MetricComparison[] {
  const tested = comparisons.filter(isTested);
  const worse = droppedOf(tested, ({ pValue }) => pValue);
  const better = droppedOf(tested, ({ pValue }) => 1 - pValue);
  const tests = tested.length;
  return comparisons.map((one): MetricComparison => {
    if (one.verdict === 'regression' && worse.has(one)) return weakened(one, 'inconclusive', tests);
    if (one.verdict === 'improved' && better.has(one)) return weakened(one, 'pass', tests);
    return one;
  });
}

const withoutTest: ReadonlySet<string> = new Set(['provisional', 'incomparable', 'no-data']);

function isTested(one: MetricComparison): one is Tested {
  return one.pValue !== undefined && !withoutTest.has(one.verdict);
}

function droppedOf(
  tested: readonly Tested[],
  pValueOf: (one: Tested) => number,
): ReadonlySet<MetricComparison> {
  const kept = keptDiscoveries(tested.map(pValueOf), falseDiscoveryRate);
  return new Set(tested.filter((_, index) => !kept[index]));
}

function weakened(
  one: MetricComparison,
  verdict: MetricComparison['verdict'],
  tests: number,
): MetricComparison {
  const evidence = `${one.evidence}; too weak among ${tests} comparisons at once, so it may be chance`;
  return { ...one, verdict, evidence };
}
