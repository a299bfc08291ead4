/** `bottlenecks.md`: why the loads of a run were slow, with the evidence for and against. */
import type { Finding } from '../../analysis/findings/finding.ts';
import { figureBesideLimit, figureText, momentText } from '../../metrics/figure-text.ts';
import { findingText } from '../text/finding-text.ts';
import {
  markdownList,
  markdownParagraphs,
  markdownSection,
  markdownTable,
  markdownText,
} from '../text/markdown.ts';
import { figures, words } from '../text/text-table.ts';

/** Name in the run's folder and as an attachment. */
export const bottlenecksName = 'bottlenecks.md';

const signalColumns = [
  ...words('signal'),
  ...figures('value', 'threshold'),
  ...words('what was seen'),
];

export function bottlenecksMarkdown(findings: readonly Finding[]): string {
  const none =
    'Nothing was found. A rule needs data: what the monitor could not read is in no rule.';
  return markdownParagraphs([
    '# Why it is slow',
    findings.length === 0 ? none : '',
    ...findings.map(findingMarkdown),
  ]);
}

/** The findings of one test, as attached to it. */
function findingMarkdown(finding: Finding): string {
  const { system, title, level, window, signals, checks, n } = finding;
  const rows = signals.map(({ name, value, threshold, dimension, text }) => {
    return [
      name,
      figureBesideLimit(value, threshold, dimension),
      figureText(threshold, dimension),
      text,
    ];
  });
  const looked = checks.map(({ text, outcome }) => `${text} (${outcome})`);
  return markdownParagraphs([
    `## ${markdownText(`${system}: ${title}`)}`,
    markdownText(findingText(finding)),
    markdownText(
      `Level: ${level}, from ${momentText(window[0])} to ${momentText(window[1])}, over ${n} readings or requests.`,
    ),
    markdownTable(signalColumns, rows),
    markdownSection('Other checks:', markdownList(looked)),
  ]);
}
