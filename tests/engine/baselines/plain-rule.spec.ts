import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { looseFiguresSchema, plainComparisons } from '../../../load/baselines/plain-rule.ts';
import { compareRuns } from '../../../load/baselines/compare.ts';
import { defaultTolerances } from '../../../load/baselines/tolerances.ts';
import { makeBaseline, makeRun } from './make-run.ts';

const verdictLists = z.object({
  critical: z.array(z.string()).optional(),
  inconclusive: z.array(z.string()).optional(),
  pass: z.array(z.string()),
});
const known = z.object({ api_gateway: looseFiguresSchema, rag_service: looseFiguresSchema });
const expectedVerdicts = z.object({
  expected: z.object({ plain_threshold_rule: verdictLists, with_evidence: verdictLists }),
});

function read(name: string): unknown {
  return JSON.parse(readFileSync(`tests/engine/baselines/known/source-${name}.json`, 'utf8'));
}

const before = known.parse(read('baseline'));
const now = known.parse(read('progressive'));
const { expected } = expectedVerdicts.parse(read('progressive'));

/** The names that the data uses. */
const named: Readonly<Record<string, string>> = { errorRate: 'error_rate_pct', throughput: 'rps' };

function verdictsOf(significance: 'on' | 'off'): Map<string, string> {
  const systems = ['api_gateway', 'rag_service'] as const;
  const options = { tolerances: defaultTolerances, significance };
  const found = systems.flatMap((test) =>
    plainComparisons({ test }, now[test], [before[test]], options),
  );
  return new Map(
    found.map(({ test, metric, verdict }) => [`${test}.${named[metric] ?? metric}`, verdict]),
  );
}

for (const [significance, lists] of [
  ['off', expected.plain_threshold_rule],
  ['on', expected.with_evidence],
] as const) {
  test(`the known data has its expected verdicts with significance ${significance}`, () => {
    const verdicts = verdictsOf(significance);
    const wanted = Object.entries(lists).flatMap(([verdict, names]) =>
      (names ?? []).map((name) => [name, verdict] as const),
    );
    expect(wanted.length).toBe(3);
    for (const [name, verdict] of wanted) expect(verdicts.get(name), name).toBe(verdict);
    // Medians rose by 25 % and 5 %; the later run has no p95.
    expect(verdicts.get('api_gateway.p50')).toBe('pass');
    expect(verdicts.get('api_gateway.p95')).toBe('no-data');
  });
}

const figures = { p95_latency_ms: 200, rps: 50, total_requests: 1000, total_failures: 10 };
const boundaries = [
  {
    what: 'exactly +50 % p95',
    change: { p95_latency_ms: 300 },
    metric: 'p95',
    verdict: 'critical',
  },
  { what: 'just below it', change: { p95_latency_ms: 299.9 }, metric: 'p95', verdict: 'pass' },
  { what: 'exactly −30 %', change: { rps: 35 }, metric: 'throughput', verdict: 'pass' },
  { what: 'a little more', change: { rps: 34.9 }, metric: 'throughput', verdict: 'critical' },
  { what: '+0.5 points', change: { total_failures: 15 }, metric: 'errorRate', verdict: 'critical' },
  { what: '+0.4 points', change: { total_failures: 14 }, metric: 'errorRate', verdict: 'pass' },
] as const;

for (const { what, change, metric, verdict } of boundaries) {
  test(`the plain rule at its boundary: ${what} is ${verdict}`, () => {
    const judge = (significance: 'on' | 'off'): string | undefined =>
      plainComparisons({ test: 't' }, { ...figures, ...change }, [figures], {
        ...{ tolerances: defaultTolerances, significance },
      }).find((one) => one.metric === metric)?.verdict;
    expect(judge('off')).toBe(verdict);
    expect(judge('on')).toBe(verdict === 'critical' ? 'inconclusive' : 'pass');
  });
}

test('runs with histograms can be judged by the plain rule, even one alone', () => {
  const failing = makeRun({ failed: (section) => (section === 0 ? 1 : 0) });
  const { comparisons } = compareRuns(failing, makeBaseline().slice(0, 1), { significance: 'off' });
  const errors = comparisons.find(({ metric }) => metric === 'errorRate');
  expect(errors).toMatchObject({ verdict: 'critical' });
  expect(errors?.evidence).toContain('errors where the baseline had none: 1 of 1000 failed');
  expect(errors?.pValue).toBeUndefined();
});
