import { expect, test, type TestInfo } from '@playwright/test';
import { existsSync } from 'node:fs';
import { baselinePath, writeBaseline } from '../../../load/baselines/baseline-file.ts';
import { captureRun } from '../../../load/baselines/capture.ts';
import { compareWithBaseline } from '../../../load/baselines/compare-with-baseline.ts';
import type { JudgedLoad } from '../../../load/budgets/judged-load.ts';
import type { GeneratorLateness } from '../../../load/budgets/judge.ts';
import { makeLoad, repeat } from '../budgets/make-result.ts';

const environment = 'local';
const phase = { name: 'steady state', startMs: 0, endMs: 20_000, judged: true } as const;

const late: Readonly<Record<string, GeneratorLateness>> = {
  'a little': { p99Ms: 20, longestMs: 20, lostShare: 0.05, smeared: undefined },
  'a sixth lost': { p99Ms: 20, longestMs: 20, lostShare: 0.16, smeared: undefined },
  'much lost': { p99Ms: 20, longestMs: 20, lostShare: 0.4, smeared: undefined },
  smeared: {
    p99Ms: 900,
    longestMs: 900,
    lostShare: 0,
    smeared: { phase: 'steady state', lagP95Ms: 900 },
  },
};

/** A load by a machine that was late in a way, or with a fault of the instrument. */
function load(ms: number, why?: string): JudgedLoad {
  const intervals = Array.from({ length: 20 }, () => ({ series: [{ okMs: repeat(ms, 20) }] }));
  const made = makeLoad({ stream: { phases: [phase] }, intervals });
  if (why === undefined) return made;
  const { verdict: judged } = made;
  if (why === 'accounting') {
    const invalid = [{ rule: 'accounting' as const, limit: 0, text: 'requests were lost' }];
    return { ...made, verdict: { ...judged, verdict: 'invalid', invalid } };
  }
  return { ...made, verdict: { ...judged, lateness: late[why]! } };
}

/** Returns the verdicts on a load's average, p95, errors and throughput against three runs of 100 ms. */
function verdicts(testInfo: TestInfo, compared: JudgedLoad): string[] {
  const baselines = testInfo.outputPath('baselines');
  const { plan } = compared;
  const run = captureRun(load(100), { environment });
  writeBaseline(baselinePath(baselines, { environment, ...plan }), {
    schema: 1,
    testId: plan.testId,
    environment,
    runs: [run, run, run],
  });
  const runFolder = testInfo.outputPath('run');
  const asked = { options: {}, environment, mode: 'default', isRequired: true } as const;
  const { snapshot } = compareWithBaseline(compared, { ...asked, baselines, runFolder });
  return snapshot.comparisons
    .filter(({ metric }) => metric !== 'p50')
    .map(({ metric, verdict }) => `${metric} ${verdict}`);
}

test('a late machine changes nothing of what its lateness does not explain', ({}, testInfo) => {
  const rest = ['errorRate pass', 'throughput pass'];
  for (const [ms, verdict] of [
    [100, 'pass'],
    [50, 'improved'],
    [300, 'critical'],
  ] as const) {
    const latencies = [`avg ${verdict}`, `p95 ${verdict}`];
    expect(verdicts(testInfo, load(ms, 'a little'))).toEqual([...latencies, ...rest]);
  }
});

test('where a part of the load was not sent, counts do not compare, and then latencies that are no worse', ({}, testInfo) => {
  const rest = ['errorRate inconclusive', 'throughput inconclusive'];
  expect(verdicts(testInfo, load(100, 'a sixth lost'))).toEqual(['avg pass', 'p95 pass', ...rest]);
  for (const why of ['much lost', 'smeared']) {
    const unsure = ['avg inconclusive', 'p95 inconclusive'];
    expect(verdicts(testInfo, load(100, why))).toEqual([...unsure, ...rest]);
    const slower = ['avg critical', 'p95 critical'];
    expect(verdicts(testInfo, load(300, why))).toEqual([...slower, ...rest]);
  }
});

test('what is spoiled as a whole says nothing', ({}, testInfo) => {
  const metrics = ['avg', 'p95', 'errorRate', 'throughput'];
  const nothing = metrics.map((metric) => `${metric} inconclusive`);
  expect(verdicts(testInfo, load(100, 'accounting'))).toEqual(nothing);
  expect(verdicts(testInfo, load(300, 'accounting'))).toEqual(nothing);
});

test('a load that was steered becomes no baseline, and is compared with none', ({}, testInfo) => {
  const stages = [{ atMs: 5000, of: 'users', from: 5, to: 9 }] as const;
  const steered = { ...load(300), stages };
  expect(verdicts(testInfo, steered)).toEqual([]);
  const baselines = testInfo.outputPath('fresh');
  const asked = { options: {}, environment, isRequired: true, baselines } as const;
  const of = (mode: 'all' | 'default') =>
    compareWithBaseline(steered, { ...asked, mode, runFolder: testInfo.outputPath('run') })
      .snapshot;
  expect(of('all')).toMatchObject({
    pass: false,
    headline: expect.stringMatching(/^Baseline not written: .*the load was steered while it ran/),
  });
  expect(of('default')).toMatchObject({
    pass: true,
    headline: expect.stringMatching(/^Baseline not compared: the load was steered/),
  });
  expect(existsSync(baselines)).toBe(false);
});
