/** Comparisons made by hand, in the form that a run writes. */
import type { RunComparison } from '../../../load/baselines/comparison-file.ts';
import type { MetricComparison } from '../../../load/baselines/comparison.ts';

const gatewayTest = 'api-gateway-baseline-1-user';

/** A p95 that passed, of one task of the gateway's baseline test, with the given changes. */
export function made(more: Partial<MetricComparison> = {}): MetricComparison {
  return {
    test: gatewayTest,
    metric: 'p95',
    unit: 'ms',
    baseline: 210,
    observed: 212,
    verdict: 'pass',
    tolerance: '+50 %',
    evidence: 'D = 0.009 ± 0.05',
    ...more,
  };
}

export const slowChat = made({
  task: 'chat',
  verdict: 'critical',
  baseline: 205.4,
  observed: 412.9,
  pValue: 0.00012,
  evidence: '95 % sure of at least +84 %, and +50 % is allowed (p = 0.00012)',
});

export function madeRun(
  comparisons: readonly MetricComparison[],
  more: Partial<RunComparison> = {},
): RunComparison {
  const tests = [...new Set(comparisons.map(({ test }) => test))];
  return {
    schema: 1,
    runId: '2026-03-01T02-00-00-abcd',
    environment: 'ci',
    significance: 'evidence',
    tests: tests.map((test) => ({
      test,
      baseline: `baselines/ci/baseline/${test}.json, 5 runs`,
      rerun: `npx playwright test --project=baseline ${test.split('-baseline')[0]!}`,
    })),
    comparisons,
    notes: [],
    ...more,
  };
}
