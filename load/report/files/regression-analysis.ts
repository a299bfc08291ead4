/**
 * `regression-analysis.md`: what regressed, by how much, with which evidence, what was checked and how to
 * repeat it. It can be read in a minute: red results come first, passes are collapsed.
 */
import {
  redVerdicts,
  type ComparisonVerdict,
  type MetricComparison,
} from '../../baselines/comparison.ts';
import { severalRules, type RunComparison } from '../../baselines/comparison-file.ts';
import { shareText } from '../../metrics/figure-text.ts';
import { sumOf } from '../../platform/lists.ts';
import { counted } from '../../platform/words.ts';
import { leftOut, mostRows } from '../text/bounds.ts';
import {
  comparedFigures,
  sharingEvidence,
  sortedWorstFirst,
  subjectText,
  verdictCounts,
} from '../text/comparison-text.ts';
import {
  markdownCode,
  markdownList,
  markdownParagraphs,
  markdownSection,
  markdownTable,
  markdownText,
} from '../text/markdown.ts';
import { figures, words, type Column } from '../text/text-table.ts';

/** Name in the run's folder and as an attachment. */
export const analysisName = 'regression-analysis.md';

export const comparisonColumns: readonly Column[] = [
  ...words('verdict', 'test', 'task', 'metric'),
  ...figures('baseline', 'this run', 'change', 'allowed'),
];

/** Further ones are only in the table below. */
const shownAtMost = 12;

const unsettled: ReadonlySet<ComparisonVerdict> = new Set([
  'inconclusive',
  'provisional',
  'incomparable',
  'no-data',
]);

export function regressionAnalysisMarkdown(comparison: RunComparison): string {
  const all = sortedWorstFirst(comparison.comparisons);
  const red = all.filter(({ verdict }) => redVerdicts.has(verdict));
  const open = all.filter(({ verdict }) => unsettled.has(verdict));
  const better = all.filter(({ verdict }) => verdict === 'improved');
  return markdownParagraphs([
    '# Regression analysis',
    headline(comparison, red),
    markdownSection('## What is missing', markdownList(comparison.missing ?? [])),
    markdownSection('## What regressed', redTable(red)),
    markdownSection('## Evidence', evidenceList(red)),
    markdownSection('## Not settled', evidenceList(open)),
    markdownSection('## Improved', evidenceList(better)),
    markdownSection('## Run it again', rerunBlock(comparison, [...red, ...open])),
    markdownSection('## What was compared', lookedAt(comparison, all)),
    markdownSection('## Notes', markdownList(comparison.notes)),
  ]);
}

/** A comparison as a row of `comparisonColumns`. */
export function comparisonRow(one: MetricComparison): string[] {
  const { test, task = 'all', metric, tolerance } = one;
  return [one.verdict.replace('-', ' '), test, task, metric, ...comparedFigures(one), tolerance];
}

function headline(comparison: RunComparison, red: MetricComparison[]): string {
  const { comparisons, missing = [], runId, environment } = comparison;
  const of = `run ${markdownText(runId)} against the baseline of ${markdownText(environment)}`;
  if (comparisons.length === 0) return `**Nothing was compared** in ${of}.`;
  const tests = new Set(red.map(({ test }) => test)).size;
  const all = new Set(comparisons.map(({ test }) => test)).size;
  const counts = verdictCounts(comparisons);
  if (red.length > 0) {
    return `**${verdictCounts(red)}** in ${tests} of ${counted(all, 'test')}: ${of} (${counts}).`;
  }
  if (missing.length > 0) {
    return `**Not all of the baseline was compared**, in ${counted(all, 'test')}: ${of} (${counts}).`;
  }
  const isJudged = comparisons.some(({ verdict }) => !unsettled.has(verdict));
  const said = isJudged ? 'No regression' : 'No verdict';
  return `**${said}** in ${counted(all, 'test')}: ${of} (${counts}).`;
}

function redTable(red: readonly MetricComparison[]): string {
  if (red.length === 0) return '';
  return (
    markdownTable(comparisonColumns, red.slice(0, shownAtMost).map(comparisonRow)) +
    more(red.length - shownAtMost)
  );
}

function evidenceList(comparisons: readonly MetricComparison[]): string {
  if (comparisons.length === 0) return '';
  const told = sharingEvidence(comparisons);
  const items = told.slice(0, shownAtMost).map(({ one, count }) => {
    const subject = count === 1 ? subjectText(one) : `${one.test}, ${counted(count, 'metric')}`;
    return `${subject}: ${one.verdict.replace('-', ' ')}. ${sentence(one.evidence)}`;
  });
  return markdownList(items) + more(sumOf(told.slice(shownAtMost), ({ count }) => count));
}

function more(left: number): string {
  return left > 0 ? `\n\nand ${left} more.` : '';
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

/** The commands to repeat the tests that need another look; of all tests if none does. */
function rerunBlock({ tests }: RunComparison, looked: readonly MetricComparison[]): string {
  const names = new Set(looked.map(({ test }) => test));
  const chosen = names.size === 0 ? tests : tests.filter(({ test }) => names.has(test));
  const commands = [...new Set(chosen.map(({ rerun }) => rerun))];
  const shown = [...commands.slice(0, mostRows), ...leftOut(commands).map((more) => `# ${more}`)];
  return commands.length === 0 ? '' : markdownCode(shown, 'sh');
}

function lookedAt(comparison: RunComparison, all: readonly MetricComparison[]): string {
  if (all.length === 0) return '';
  const { tests } = comparison;
  const smallest = all.filter((one) => one.smallestDetectable !== undefined);
  return [
    `Rule: ${ruleText(comparison)}.`,
    markdownList(tests.map(({ test, baseline }) => `${test}: ${baseline}`)),
    ...(smallest.length === 0 ? [] : [smallestText(smallest)]),
    `<details><summary>${tableTitle(all.length)}</summary>`,
    markdownTable(comparisonColumns, all.map(comparisonRow)),
    '</details>',
  ].join('\n\n');
}

function tableTitle(count: number): string {
  return count > mostRows
    ? `The worst ${mostRows} of ${count} comparisons`
    : `All ${count} comparisons`;
}

function ruleText({ significance, comparisons }: RunComparison): string {
  if (significance === 'off') return 'plain thresholds, without regard to evidence';
  const evidence = `tolerance and evidence, each test beside all before it (${comparisons.length} comparisons)`;
  return significance === severalRules
    ? `of some tests plain thresholds, else ${evidence}`
    : evidence;
}

function smallestText(comparisons: readonly MetricComparison[]): string {
  const shares = comparisons.map((one) => one.smallestDetectable!).sort((a, b) => a - b);
  const [low, high] = [shares[0]!, shares.at(-1)!].map(shareText) as [string, string];
  const range = low === high ? low : `${low} to ${high}`;
  return `The smallest change that could have been seen: ${range}, by metric.`;
}
