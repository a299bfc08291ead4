/** The table of sandbox probes, as plain text and as Markdown; empty where no probes ran. */
import { shareText } from '../budgets/figure-text.ts';
import type { ProbeFamilyReport, ProbeFinding } from '../metrics/probe-families.ts';
import { markdownList, markdownTable, markdownText } from './markdown.ts';
import { textTable, wrapped, type Column } from './text-table.ts';

const width = 120;

const columns: readonly Column[] = [
  { title: 'probes' },
  { title: 'of the catalogue', align: 'right' },
  { title: 'times sent', align: 'right' },
  { title: 'violations', align: 'right' },
  { title: 'at most', align: 'right' },
  { title: 'controls refused', align: 'right' },
];

export function probesText(families: readonly ProbeFamilyReport[]): string {
  if (families.length === 0) return '';
  const lines = [...notesOn(families), ...findingsOf(families)];
  return [
    ...textTable(columns, families.map(rowOf), width),
    ...lines.flatMap((line) => wrapped(line, width)),
  ].join('\n');
}

export function probesMarkdown(families: readonly ProbeFamilyReport[]): string {
  if (families.length === 0) return '';
  const notes = markdownText(notesOn(families).join(' '));
  const parts = [markdownTable(columns, families.map(rowOf)), notes];
  return [...parts, markdownList(findingsOf(families))].filter((part) => part !== '').join('\n\n');
}

function rowOf(report: ProbeFamilyReport): string[] {
  const { family, inCatalogue, judgeable, probes, sent, violations, upperBound } = report;
  const { controls, refusedControls } = report;
  if (judgeable === 0) return [family, 'not probed', '–', '–', '–', '–'];
  return [
    family,
    `${probes} of ${inCatalogue}`,
    String(sent),
    violations === 1 ? '1 violation' : `${violations} violations`,
    upperBound === undefined ? '–' : shareText(upperBound),
    controls === 0 ? '–' : `${refusedControls} of ${controls}`,
  ];
}

function notesOn(families: readonly ProbeFamilyReport[]): string[] {
  const partial = families.filter(
    ({ inCatalogue, judgeable }) => judgeable > 0 && judgeable < inCatalogue,
  );
  const none = families.filter(({ judgeable }) => judgeable === 0).map(({ family }) => family);
  const notes = partial.map(
    ({ family, inCatalogue, judgeable }) =>
      `${inCatalogue - judgeable} ${family} probes cannot be judged on this server and are not sent.`,
  );
  if (none.length > 0) {
    notes.push(`Not probed: ${none.join(', ')}; on this server nothing shows what got out.`);
  }
  const unanswered = families.reduce((sum, family) => sum + family.unanswered, 0);
  if (unanswered > 0) {
    notes.push(`${unanswered} more had no answer, or nothing to try here: they prove nothing.`);
  }
  if (families.some(({ upperBound }) => upperBound !== undefined)) {
    notes.push('At most: with 95 % certainty a smaller share of such probes gets out.');
  }
  return notes;
}

function findingsOf(families: readonly ProbeFamilyReport[]): string[] {
  return families.flatMap(({ found }) => found).map(findingText);
}

/** The evidence begins with the probe's id, where the probe's own words were kept. */
function findingText({ probe, count, evidence }: ProbeFinding): string {
  const times = count === 1 ? 'once' : `${count} times`;
  const rest = evidence.startsWith(probe) ? evidence.slice(probe.length).trimStart() : evidence;
  return `${probe}, ${times}${rest === '' ? '' : `: ${rest}`}`;
}
