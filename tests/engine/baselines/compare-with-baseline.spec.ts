import { expect, test, type TestInfo } from '@playwright/test';
import { baselinePath, writeBaseline } from '../../../load/baselines/baseline-file.ts';
import { captureRun } from '../../../load/baselines/capture.ts';
import { compareWithBaseline } from '../../../load/baselines/compare-with-baseline.ts';
import type { JudgedLoad } from '../../../load/budgets/judged-load.ts';
import type { Doubt } from '../../../load/budgets/standing/standing.ts';
import { makeLoad, repeat } from '../budgets/make-result.ts';

const environment = 'local';
const phase = { name: 'steady state', startMs: 0, endMs: 20_000, judged: true } as const;

const doubts: Readonly<Record<Doubt['cause'], Doubt>> = {
  late: { cause: 'late' },
  notOffered: { cause: 'notOffered', lostShare: 0.4, limit: 0.2 },
  smeared: { cause: 'smeared', phase: 'steady state', lagP95Ms: 900 },
};

/** A load with nothing but rows that this machine leaves undecided, or with a fault of the instrument. */
function load(ms: number, why?: Doubt['cause'] | 'accounting'): JudgedLoad {
  const intervals = Array.from({ length: 20 }, () => ({ series: [{ okMs: repeat(ms, 20) }] }));
  const made = makeLoad({ stream: { phases: [phase] }, intervals });
  if (why === undefined) return made;
  const { verdict: judged } = made;
  if (why === 'accounting') {
    const invalid = [{ rule: why, limit: 0, text: 'requests were lost' }];
    return { ...made, verdict: { ...judged, verdict: 'invalid', invalid } };
  }
  const judgements = judged.judgements.map((one) => ({ ...one, doubt: doubts[why] }));
  return { ...made, verdict: { ...judged, verdict: 'invalid', judgements } };
}

/** What is found of a load's p95, errors and throughput beside three runs of 100 ms. */
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

test('by a generator that was late, what is no worse or better stands, and nothing else', ({}, testInfo) => {
  const rest = ['errorRate pass', 'throughput pass'];
  expect(verdicts(testInfo, load(100, 'late'))).toEqual(['p95 pass', ...rest]);
  expect(verdicts(testInfo, load(50, 'late'))).toEqual(['p95 improved', ...rest]);
  expect(verdicts(testInfo, load(300, 'late'))).toEqual(['p95 inconclusive', ...rest]);
  expect(verdicts(testInfo, load(300))).toEqual(['p95 critical', ...rest]);
});

test('what an instrument measured that is wrong as a whole, or offered less load, says nothing', ({}, testInfo) => {
  const nothing = ['p95 inconclusive', 'errorRate inconclusive', 'throughput inconclusive'];
  expect(verdicts(testInfo, load(100, 'accounting'))).toEqual(nothing);
  expect(verdicts(testInfo, load(100, 'notOffered'))).toEqual(nothing);
  expect(verdicts(testInfo, load(100, 'smeared'))).toEqual(nothing);
});
