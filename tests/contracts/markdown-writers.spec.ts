/** One contract for all code that writes Markdown: text from outside is escaped exactly once. */
import { expect, test } from '@playwright/test';
import { judge } from '../../load/budgets/judge.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import { goneText, issueText, stillThereText } from '../../load/regression-issue/compose.ts';
import { subjectsIn } from '../../load/regression-issue/regressions.ts';
import { regressionAnalysisMarkdown } from '../../load/report/files/regression-analysis.ts';
import { loadEntry, resultsOf } from '../../load/report/files/results-json.ts';
import { summaryMarkdown } from '../../load/report/files/summary.ts';
import { markdownLink, markdownText } from '../../load/report/text/markdown.ts';
import { metricsMarkdown } from '../../load/report/text/metric-figures.ts';
import { errorsMarkdown, outcomesIn } from '../../load/report/text/outcomes.ts';
import { statisticsIn } from '../../load/report/text/statistics.ts';
import { statisticsMarkdown } from '../../load/report/text/statistics-table.ts';
import { targetMarkdown } from '../../load/report/text/target-table.ts';
import { made, madeRun } from '../engine/baselines/make-comparison.ts';
import { budget, makeResult, type MadeInterval } from '../engine/budgets/make-result.ts';

/** Possible names of tests, tasks, requests, metrics, errors or systems. */
const name = 'A|b `c` <b>d<b> @team #1 *e* \\|';

const errors = [{ kind: name, count: 2, firstMs: 10, lastMs: 20, sample: name }];
const task = { name, weight: 1, deadlineMs: 1000, toleratesDegraded: false };
const interval: MadeInterval = {
  series: [
    { task: name, request: name, okMs: [10, 20], others: { failed: 2 }, errors },
    { task: name, request: 'other', okMs: [10] },
  ],
};

function madeLoad(): Result {
  return makeResult({
    plan: { title: name, flags: [name], budgets: [budget('p95', '< 1 s', { task: name })] },
    stream: { tasks: [task] },
    intervals: [interval],
  });
}

const one = made({
  test: name,
  task: name,
  metric: name,
  evidence: name,
  tolerance: name,
  verdict: 'critical',
});
const run = madeRun([one], {
  runId: name,
  environment: name,
  notes: [name],
  tests: [{ test: name, baseline: name, rerun: `echo '${name}'` }],
});
const [subject] = subjectsIn(run, run);
const context = { run, rerun: run, runUrl: 'https://github.com/acme/shop/actions/runs/7' };

const writers: Readonly<Record<string, () => string>> = {
  'summary.md': () => {
    const load = madeLoad();
    const entry = loadEntry(load, judge(load), `/run/${name}.ndjson`);
    return summaryMarkdown(resultsOf(name, [entry], [{ log: name, reason: name }]));
  },
  'the table of statistics': () => {
    const load = madeLoad();
    return statisticsMarkdown(statisticsIn(load, judge(load)));
  },
  'the table of errors': () => errorsMarkdown(outcomesIn(madeLoad())),
  'the table of metrics': () => {
    const figures = { value: { value: 1, text: name } };
    return metricsMarkdown([{ metric: name, kind: 'gauge', samples: 1, figures }]);
  },
  'the table of the target': () =>
    targetMarkdown([
      { figure: 'targetMemory', source: name, before: 1 },
      { figure: 'targetDescriptors', unknown: name },
    ]),
  'regression-analysis.md': () => regressionAnalysisMarkdown(run),
  'an issue': () => issueText(subject!, context).body,
  'a comment on an issue': () => stillThereText(subject!, context),
  'the end of an issue': () => goneText(subject!, context),
};

/** Without code, our own tags and comments. */
function shownIn(markdown: string): string {
  return markdown
    .replaceAll(/^(`{3,})[^]*?^\1$/gm, '')
    .replaceAll(/<!-- [\w: -]+ -->|<\/?(?:details|summary)>/g, '');
}

for (const [what, written] of Object.entries(writers)) {
  test(`${what} has the names of others as text, escaped once`, () => {
    const shown = shownIn(written());
    expect(shown).toContain(markdownText(name));
    // Unescaped or doubly escaped text would be left over.
    expect(shown.replaceAll(markdownText(name), '')).not.toContain('team');
  });

  test(`in the tables of ${what} each row has a cell for each column`, () => {
    let width: number | undefined;
    for (const line of shownIn(written()).split('\n')) {
      const cells = line.startsWith('| ') ? line.split('|').length : undefined;
      if (width !== undefined && cells !== undefined) expect(cells, line).toBe(width);
      width = cells;
    }
  });
}

test('a link ends where it should, whatever stands in it', () => {
  expect(markdownLink('the *log*', 'http://a/b?c=(d) <e>')).toBe(
    '[the \\*log\\*](http://a/b?c=%28d%29%20%3ce%3e)',
  );
});
