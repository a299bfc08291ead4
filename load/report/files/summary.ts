/** `summary.md`: a run for readers, and for the summary page of a CI job. */
import type { Finding } from '../../analysis/findings/finding.ts';
import type { Progression } from '../../analysis/findings/progression.ts';
import { progressionMarkdown } from '../text/progression-text.ts';
import { findingParagraphs } from '../text/finding-text.ts';
import { figureText, shareText } from '../../metrics/figure-text.ts';
import type { JudgedPair } from '../../paired/pair-log.ts';
import { counted } from '../../platform/words.ts';
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
import { statisticsMarkdown } from '../text/statistics-table.ts';
import { pairMarkdown } from './pair-comment.ts';
import type { JudgementEntry, LoadEntry, Results } from './results-json.ts';
import { bytesOf, leftOut, mostDocumentBytes, worstOf } from '../text/bounds.ts';
import { loadName, totalsLine } from '../text/run-totals.ts';
import { monitorMarkdown } from '../text/monitor-summary.ts';
import { targetMarkdown } from '../text/target-table.ts';
import { figures, words } from '../text/text-table.ts';
import { budgetColumns, faultTexts, isMet } from '../text/verdict-table.ts';

const overviewColumns = [
  ...words('load', 'verdict'),
  ...figures('budgets met', 'requests', 'not ok', 'p95'),
  ...words('marks'),
];

interface SummaryParts {
  readonly pairs?: readonly JudgedPair[];
  /** The chart file of each progression. */
  readonly pictures?: ReadonlyMap<Progression, string>;
}

export function summaryMarkdown(
  results: Results,
  { pairs = [], pictures = new Map() }: SummaryParts = {},
): string {
  const { runId, totals, loads, unreadable, findings } = results;
  const broken = unreadable.map(({ log, reason }) => `${log}: ${reason}`);
  const isFine = ({ verdict }: LoadEntry): boolean => verdict === 'pass';
  const rows = worstOf(loads, isFine).map(overviewRow);
  const head = markdownParagraphs([
    `# Load run ${markdownText(runId)}`,
    pairs.length > 0 && loads.length === 0 ? '' : markdownText(totalsLine(totals)),
    ...pairs.map((pair) => pairMarkdown(pair)),
    loads.length === 0 ? '' : markdownTable(overviewColumns, rows),
    ...leftOut(loads),
    markdownSection('## Why it is slow', whyMarkdown(findings)),
    markdownSection(
      '## Levels',
      results.progressions
        .map((one) => progressionMarkdown(one, findings, pictures.get(one)))
        .join('\n'),
    ),
    markdownSection('## Not readable', markdownList(broken)),
  ]);
  return markdownParagraphs([head, ...sectionsWithin(mostDocumentBytes - bytesOf(head), loads)]);
}

/** The parts of single loads that fit, in their order. Loads that passed are left out first. */
function sectionsWithin(mostBytes: number, loads: readonly LoadEntry[]): string[] {
  const sections = loads.map((load) => ({
    isFine: load.verdict === 'pass',
    text: loadSection(load),
  }));
  const byNeed = [
    ...sections.filter(({ isFine }) => !isFine),
    ...sections.filter(({ isFine }) => isFine),
  ];
  let left = mostBytes;
  const shown = new Set(
    byNeed.filter(({ text }) => {
      const fits = bytesOf(text) < left;
      if (fits) left -= bytesOf(text);
      return fits;
    }),
  );
  const more = sections.length - shown.size;
  const told = sections.filter((one) => shown.has(one)).map(({ text }) => text);
  return more === 0
    ? told
    : [...told, `${counted(more, 'load')} more: results.json has all of them.`];
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
  const { shortened, steered, interrupted, unjudged, verdict, testStatus } = load;
  // A check of the test other than its budgets may have failed.
  const failsBeside = verdict === 'pass' && testStatus !== undefined && testStatus !== 'passed';
  const marks = [
    unjudged && 'not judged',
    shortened && 'shortened',
    steered && 'steered',
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
    markdownSection('### Budgets', budgetsTable(judgements)),
    markdownSection('Likely cause:', markdownList(load.causes ?? [])),
    markdownSection('From minute to minute:', markdownList(load.rises)),
    markdownSection('Of single budgets:', markdownList(load.remarks ?? [])),
    markdownSection('Invalid, no verdict on the target:', markdownList(faultTexts(load.invalid))),
    markdownSection("This machine's lateness:", markdownList(load.lateness ?? [])),
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
    markdownSection('### What the monitor read', monitorMarkdown(load.monitor)),
    ...load.sections.map(({ title, markdown }) => markdownSection(`### ${title}`, markdown)),
    markdownSection('### Errors', errorsMarkdown(totals)),
  ]);
}

function budgetsTable(judgements: LoadEntry['judgements']): string {
  const shown = worstOf(judgements, ({ status }) => isMet({ status }));
  const table = markdownTable(budgetColumns, shown.map(judgementRow));
  return [table, ...leftOut(judgements, shown.length)].join('\n\n');
}

function judgementRow({ name, limit, isDefault, shown }: JudgementEntry): string[] {
  const { status, observed, interval, samples, worst } = shown;
  const limitText = `${limit}${isDefault ? ' (default)' : ''}`;
  return [status, name, limitText, observed, interval, samples, worst];
}
