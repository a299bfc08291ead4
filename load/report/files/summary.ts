/** `summary.md`: a run for a reader, and for the summary page of a CI job. */
import { figureText, shareText } from '../../metrics/figure-text.ts';
import type { Finding } from '../../budgets/finding.ts';
import { markdownList, markdownTable, markdownText } from '../text/markdown.ts';
import { metricsMarkdown } from '../text/metric-table.ts';
import { errorsMarkdown, outcomesMarkdown } from '../text/outcomes-table.ts';
import { probesMarkdown } from '../../systems/mcp-server/probes-table.ts';
import type { JudgementEntry, LoadEntry, Results } from './results-json.ts';
import { loadName, totalsLine } from '../text/run-totals.ts';
import { statisticsMarkdown } from '../text/statistics-table.ts';
import { streamNamesMarkdown } from '../text/stream-names.ts';
import { targetMarkdown } from '../text/target-table.ts';
import type { Column } from '../text/text-table.ts';

const overviewColumns: readonly Column[] = [
  { title: 'load' },
  { title: 'verdict' },
  { title: 'budgets met', align: 'right' },
  { title: 'requests', align: 'right' },
  { title: 'not ok', align: 'right' },
  { title: 'p95', align: 'right' },
  { title: 'marks' },
];

const budgetColumns: readonly Column[] = [
  { title: 'status' },
  { title: 'metric' },
  { title: 'limit' },
  { title: 'observed' },
  { title: '95 % interval' },
  { title: 'samples', align: 'right' },
  { title: 'worst second' },
];

export function summaryMarkdown(results: Results): string {
  const { runId, totals, loads, unreadable } = results;
  const broken = unreadable.map(({ log, reason }) => `${log}: ${reason}`);
  return paragraphs([
    `# Load run ${markdownText(runId)}`,
    markdownText(totalsLine(totals)),
    loads.length === 0 ? '' : markdownTable(overviewColumns, loads.map(overviewRow)),
    titled('## Not readable', markdownList(broken)),
    ...loads.map(loadSection),
  ]);
}

function overviewRow(load: LoadEntry): string[] {
  const { verdict, judgements, statistics } = load;
  const all = statistics.rows.find(({ kind }) => kind === 'all');
  const met = judgements.filter(({ status }) => status === 'pass').length;
  return [
    loadName(load),
    load.unjudged ? '–' : verdict,
    `${verdict === 'invalid' || load.unjudged ? 0 : met} of ${judgements.length}`,
    String(all?.requests ?? 0),
    all === undefined || all.requests === 0 ? '–' : shareText(all.failures / all.requests),
    figureText(all?.ms.p95, 'time'),
    marksOf(load).join(', '),
  ];
}

function marksOf(load: LoadEntry): string[] {
  const { shortened, interrupted, isReplaced, unjudged, verdict, testStatus } = load;
  // A check of the test's own, beside its budgets, may have failed.
  const failsBeside = verdict === 'pass' && testStatus !== undefined && testStatus !== 'passed';
  const marks = [
    isReplaced && 'disturbed and measured again',
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
  return paragraphs([
    `## ${markdownText(loadName(load))}`,
    markdownText([headline, ...marksOf(load)].join(' – ')),
    markdownList(described.map(([name, value]) => `${name}: ${value}`)),
    titled('### Budgets', markdownTable(budgetColumns, judgements.map(judgementRow))),
    titled('From minute to minute:', markdownList(load.rises)),
    titled('Invalid, no verdict on the target:', markdownList(load.invalid.map(textOf))),
    titled('Reasons:', markdownList(load.reasons)),
    titled('Flags:', markdownList(load.flags.map(textOf))),
    titled('Notes:', markdownList(load.notes)),
    titled('### Statistics', statisticsMarkdown(statistics)),
    titled('### Outcomes', outcomesMarkdown(totals)),
    titled('### Metrics', metricsMarkdown(load.metrics)),
    titled('What other tools call it:', streamNamesMarkdown(load.metrics)),
    markdownText(load.speedUp),
    titled('### Target', targetMarkdown(load.targetLevels)),
    titled('### Sandbox probes', probesMarkdown(load.probes)),
    titled('### Errors', errorsMarkdown(totals)),
  ]);
}

function judgementRow({ name, limit, isDefault, shown }: JudgementEntry): string[] {
  const { status, observed, interval, samples, worst } = shown;
  return [
    status,
    name,
    `${limit}${isDefault ? ' (default)' : ''}`,
    observed,
    interval,
    samples,
    worst,
  ];
}

function textOf({ text }: Finding): string {
  return text;
}

function titled(title: string, text: string): string {
  return text === '' ? '' : `${title}\n\n${text}`;
}

/** What is empty is left out. */
function paragraphs(parts: readonly string[]): string {
  return `${parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}
