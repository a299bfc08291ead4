import { expect, test } from '@playwright/test';
import type { MetricComparison } from '../../../../load/baselines/comparison.ts';
import { regressionAnalysisMarkdown } from '../../../../load/report/files/regression-analysis.ts';
import { appendStepSummary } from '../../../../load/report/files/step-summary.ts';
import { readFileSync } from 'node:fs';
import { fault } from '../../../faults/fault-matrix.ts';
import { made, madeRun, slowChat } from '../../baselines/make-comparison.ts';
import { writeText } from '../../comparing/plain-files.ts';

const other = 'rag-service-baseline-1-user';

const mixed: readonly MetricComparison[] = [
  made(),
  slowChat,
  made({
    metric: 'throughput',
    unit: 'per second',
    baseline: 50,
    observed: 34.2,
    verdict: 'regression',
    tolerance: '−30 %',
    evidence: '50 /s became 34.2 /s',
  }),
  made({
    test: other,
    task: 'query',
    metric: 'errorRate',
    unit: 'share',
    baseline: 0,
    observed: 0.021,
    verdict: 'critical',
    tolerance: '+0.5 points',
    evidence: 'errors where the baseline had none: 0 of 1500, then 21 of 1000 requests.',
  }),
  made({
    test: other,
    metric: 'p95',
    observed: Infinity,
    verdict: 'saturated',
    evidence: 'p95 rose all through the run, and stood still in the baseline',
  }),
  made({
    test: other,
    metric: 'p99',
    verdict: 'inconclusive',
    baseline: 900,
    observed: 1500,
    evidence: 'tolerance passed without evidence; a longer or a paired rerun would tell',
    smallestDetectable: 0.8,
  }),
  made({
    test: other,
    metric: 'p50',
    verdict: 'improved',
    baseline: 100,
    observed: 60,
    smallestDetectable: 0.12,
    evidence: '95 % sure of at least −31 %',
  }),
];

const known: Readonly<Record<string, () => string>> = {
  'regression-analysis-mixed': () =>
    regressionAnalysisMarkdown(
      madeRun(mixed, { notes: ['CPU model: another than the baseline’s'] }),
    ),
  'regression-analysis-pass': () =>
    regressionAnalysisMarkdown(madeRun([made(), made({ task: 'chat' })])),
  'regression-analysis-nothing': () => regressionAnalysisMarkdown(madeRun([])),
};

for (const [name, text] of Object.entries(known)) {
  test(`the analysis as it was looked at: ${name}`, () => {
    expect(text()).toMatchSnapshot(`${name}.md`);
  });
}

test('where nothing could be judged it does not say that nothing regressed', () => {
  const text = regressionAnalysisMarkdown(madeRun([made({ verdict: 'incomparable' })]));
  expect(text).toContain('**No verdict** in 1 test');
});

test('of many regressions the worst are shown, and all are in the table', () => {
  const many = Array.from({ length: 30 }, (_, i) => made({ task: `t${i}`, verdict: 'regression' }));
  const text = regressionAnalysisMarkdown(
    madeRun([...many, made({ task: 'x', verdict: 'saturated' })]),
  );
  expect(text.split('\n').filter((line) => line.startsWith('| regression'))).toHaveLength(11 + 30);
  expect(text).toContain('\n\nand 19 more.\n');
  expect(text.indexOf('| saturated')).toBeLessThan(text.indexOf('| regression'));
});

test('a reason that all metrics of a test share is told once', () => {
  const evidence = 'timeScale: 0.1, was 1';
  const metrics = ['p50', 'p95', 'throughput'];
  const comparisons = [
    ...metrics.map((metric) => made({ metric, verdict: 'incomparable', evidence })),
    made({ test: other, metric: 'p95', verdict: 'incomparable', evidence }),
  ];
  const page = regressionAnalysisMarkdown(madeRun(comparisons));
  const told = page.split('\n').filter((line) => line.includes('TimeScale: 0.1, was 1'));
  expect(told).toHaveLength(2);
  expect(told[0]).toMatch(/3 metrics: incomparable\./);
  expect(told[1]).toMatch(/rag-service-baseline-1-user: p95: incomparable\./);
});

test('names and evidence of others do nothing', { annotation: fault(33) }, () => {
  const evil = '</details><script>|@team\n# x ```';
  const one = made({ test: evil, task: evil, metric: evil, evidence: evil, verdict: 'critical' });
  const run = madeRun([one], { runId: evil, environment: evil, notes: [evil] });
  const tests = [{ test: evil, baseline: evil, rerun: `echo ${evil}` }];
  const text = regressionAnalysisMarkdown({ ...run, tests });
  expect(text.match(/<\/details>/g)).toHaveLength(2);
  expect(text).toContain('````sh\necho </details><script>|@team\\n# x ```\n````');
  const shown = text.replace(/````sh[\s\S]*?````/, '');
  expect(shown).not.toMatch(/<script>|@team|^# x/m);
});

test('the summary page of a job gets it appended, elsewhere nothing happens', () => {
  const path = writeText(test.info().outputPath('summary'), 'before\n');
  appendStepSummary({ GITHUB_STEP_SUMMARY: path }, '# Regression analysis\n');
  expect(readFileSync(path, 'utf8')).toBe('before\n# Regression analysis\n\n');
  // GitHub shows nothing of a summary beyond its limit: whole lines fill it up, and no more comes.
  appendStepSummary({ GITHUB_STEP_SUMMARY: path }, `${'é'.repeat(99)}\n`.repeat(9000));
  const full = readFileSync(path);
  expect(full.length).toBeLessThan(1024 * 1024);
  expect(full.length).toBeGreaterThan(1023 * 1024);
  const [line, , end] = full.toString().split('\n').slice(-4);
  expect(line).toBe('é'.repeat(99));
  expect(end).toBe('… and more than a summary on GitHub can hold: the reports have all of it.');
  appendStepSummary({ GITHUB_STEP_SUMMARY: path }, `${'é'.repeat(99)}\n`.repeat(9000));
  expect(readFileSync(path).length).toBeLessThan(1024 * 1024);
  appendStepSummary({}, 'x');
  appendStepSummary({ GITHUB_STEP_SUMMARY: '' }, 'x');
  expect(() => {
    appendStepSummary({ GITHUB_STEP_SUMMARY: `${path}/x` }, 'x');
  }).toThrow(/^GITHUB_STEP_SUMMARY=.*summary\/x: /);
});
