/** `summary.md`: a run for a reader, and for the summary page of a CI job. */
import type { Finding } from '../../analysis/findings/finding.ts';
import type { Progression } from '../../analysis/findings/progression.ts';
import { progressionMarkdown } from '../text/progression-text.ts';
import { findingParagraphs } from '../text/finding-text.ts';
import { figureText, shareText } from '../../metrics/figure-text.ts';
import {
  markdownList,
  markdownParagraphs,
  markdownSection,
  markdownTable,
  markdownText,
} from '../text/markdown.ts';
import { metricsMarkdown, streamNamesMarkdown } from '../text/metric-figures.ts';
import { hopsMarkdown } from '../text/hops.ts';
import { errorsMarkdown, outcomesMarkdown } from '../text/outcomes.ts';
import { statisticsMarkdown } from '../text/statistics.ts';
import type { JudgementEntry, LoadEntry, Results } from './results-json.ts';
import { loadName, totalsLine } from '../text/run-totals.ts';
import { targetMarkdown } from '../text/target-table.ts';
import { figures, words } from '../text/text-table.ts';
import { budgetColumns, faultTexts } from '../text/verdict-table.ts';

const overviewColumns = [
  ...words('load', 'verdict'),
  ...figures('budgets met', 'requests', 'not ok', 'p95'),
  ...words('marks'),
];

/** `pictures`: the file of each progression's chart, beside the summary. */
export function summaryMarkdown(
  results: Results,
  pictures: ReadonlyMap<Progression, string> = new Map(),
): string {
  const { runId, totals, loads, unreadable, findings } = results;
  const broken = unreadable.map(({ log, reason }) => `${log}: ${reason}`);
  return markdownParagraphs([
    `# Load run ${markdownText(runId)}`,
    markdownText(totalsLine(totals)),
    loads.length === 0 ? '' : markdownTable(overviewColumns, loads.map(overviewRow)),
    markdownSection('## Why it is slow', whyMarkdown(findings)),
    markdownSection(
      '## Levels',
      results.progressions
        .map((one) => progressionMarkdown(one, findings, pictures.get(one)))
        .join('\n'),
    ),
    markdownSection('## Not readable', markdownList(broken)),
    ...loads.map(loadSection),
  ]);
}

function whyMarkdown(findings: readonly Finding[]): string {
  return markdownList(findingParagraphs(findings).map((one) => `${one.system}: ${one.text}`));
}

function overviewRow(load: LoadEntry): string[] {
  const { verdict, judgements, statistics } = load;
  const all = statistics.rows.find(({ kind }) => kind === 'all');
  const met = judgements.filter(({ status }) => status === 'pass').length;
  return [
    loadName(load),
    load.unjudged ? '–' : verdict,
    `${load.isSpoiled || load.unjudged ? 0 : met} of ${judgements.length}`,
    String(all?.requests ?? 0),
    all === undefined || all.requests === 0 ? '–' : shareText(all.failures / all.requests),
    figureText(all?.ms.p95, 'time'),
    marksOf(load).join(', '),
  ];
}

function marksOf(load: LoadEntry): string[] {
  const { shortened, interrupted, unjudged, verdict, testStatus } = load;
  // A check of the test's own, beside its budgets, may have failed.
  const failsBeside = verdict === 'pass' && testStatus !== undefined && testStatus !== 'passed';
  const marks = [
    unjudged && 'not judged',
    shortened && 'shortened',
    interrupted && 'interrupted',
    failsBeside && testStatus !== 'interrupted' && `test ${testStatus}`,
  ];
  return marks.filter((mark) => mark !== false);
}

function loadSection(load: LoadEntry): string {
  const { title, headline, parameters, startedAt, judgements, statistics, totals } = load;
  const described = Object.entries({ test: title, started: startedAt, ...parameters });
  return markdownParagraphs([
    `## ${markdownText(loadName(load))}`,
    markdownText([headline, ...marksOf(load)].join(' – ')),
    markdownList(described.map(([name, value]) => `${name}: ${value}`)),
    markdownSection('### Budgets', markdownTable(budgetColumns, judgements.map(judgementRow))),
    markdownSection('Likely cause:', markdownList(load.causes ?? [])),
    markdownSection('From minute to minute:', markdownList(load.rises)),
    markdownSection('Of single budgets:', markdownList(load.remarks ?? [])),
    markdownSection('Invalid, no verdict on the target:', markdownList(faultTexts(load.invalid))),
    markdownSection('Reasons:', markdownList(load.reasons)),
    markdownSection('Flags:', markdownList(faultTexts(load.flags))),
    markdownSection('Notes:', markdownList(load.notes)),
    markdownSection('### Statistics', statisticsMarkdown(statistics)),
    markdownSection('### Outcomes', outcomesMarkdown(totals)),
    markdownSection('### Metrics', metricsMarkdown(load.metrics)),
    markdownSection('What other tools call it:', streamNamesMarkdown(load.metrics)),
    markdownSection('### Where the time goes', hopsMarkdown(load.hops)),
    markdownText(load.speedUp),
    markdownSection('### Target', targetMarkdown(load.targetLevels)),
    ...load.sections.map(({ title, markdown }) => markdownSection(`### ${title}`, markdown)),
    markdownSection('### Errors', errorsMarkdown(totals)),
  ]);
}

function judgementRow({ name, limit, isDefault, shown }: JudgementEntry): string[] {
  const { status, observed, interval, samples, worst } = shown;
  const limitText = `${limit}${isDefault ? ' (default)' : ''}`;
  return [status, name, limitText, observed, interval, samples, worst];
}
