/** The table of sandbox probes, as plain text and as Markdown; empty if no probes ran. */
import { shareText } from '../../metrics/figure-text.ts';
import { groupedBy, sumOf } from '../../platform/lists.ts';
import { counted } from '../../platform/words.ts';
import {
  probeFamiliesIn,
  type Oracle,
  type ProbeFamilyReport,
  type ProbeFinding,
} from './probe-families.ts';
import { markdownList, markdownTable, markdownText } from '../../report/text/markdown.ts';
import type { ReportSection } from '../../report/text/report-section.ts';
import { figures, textTable, words, wrapped } from '../../report/text/text-table.ts';

const width = 120;

const columns = [
  ...words('probes'),
  ...figures('of the catalogue', 'times sent', 'violations', 'at most', 'controls refused'),
];

const whyNot: Readonly<Record<Oracle, string>> = {
  files:
    "the sandbox's root is not known, or holds no file of the server (MCP_SERVER_SANDBOX_ROOT)",
  listener: 'the server is not on this machine and could not reach the canary listener',
  pages: 'no pages are known that the server may fetch (MCP_SERVER_PAGES_URL)',
  endpoint: 'the server has no endpoint that speaks MCP over HTTP',
};

export const sandboxProbesSection: ReportSection = {
  name: 'probes',
  title: 'Sandbox probes',
  text: (result) => probesText(probeFamiliesIn(result)),
  markdown: (result) => probesMarkdown(probeFamiliesIn(result)),
  json: probeFamiliesIn,
};

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
  const table = markdownTable(columns, families.map(rowOf));
  const notes = markdownText(notesOn(families).join(' '));
  const findings = markdownList(findingsOf(families));
  return [table, notes, findings].filter((part) => part !== '').join('\n\n');
}

function rowOf(report: ProbeFamilyReport): string[] {
  const { family, inCatalogue, judgeable, probes, sent, violations, upperBound } = report;
  const { controls, refusedControls } = report;
  if (judgeable === 0) return [family, 'not probed', '–', '–', '–', '–'];
  return [
    family,
    `${probes} of ${inCatalogue}`,
    String(sent),
    showsNothing(report) ? 'no data' : counted(violations, 'violation'),
    upperBound === undefined ? '–' : shareText(upperBound),
    controls === 0 ? '–' : `${refusedControls} of ${controls}`,
  ];
}

function showsNothing({ sent, violations, isConclusive }: ProbeFamilyReport): boolean {
  return sent > 0 && violations === 0 && !isConclusive;
}

function notesOn(families: readonly ProbeFamilyReport[]): string[] {
  const notes = [...families.flatMap(notSentOf), ...notProbedOf(families)];
  const inconclusive = families.filter(showsNothing);
  if (inconclusive.length > 0) {
    const names = inconclusive.map(({ family }) => family).join(', ');
    notes.push(
      `No data: ${names}; the server did not allow what it must, so that its refusals show nothing.`,
    );
  }
  const unanswered = sumOf(families, (family) => family.unanswered);
  if (unanswered > 0) {
    notes.push(`${unanswered} more had no answer, or nothing to try here: they prove nothing.`);
  }
  if (families.some(({ upperBound }) => upperBound !== undefined)) {
    notes.push('At most: with 95 % certainty a smaller share of such probes gets out.');
  }
  return notes;
}

/** For a family that was sent only in part: which probes were not sent, and what was missing. */
function notSentOf({ family, inCatalogue, judgeable, lacking }: ProbeFamilyReport): string[] {
  if (judgeable === 0 || judgeable === inCatalogue) return [];
  if (lacking === undefined) {
    const count = inCatalogue - judgeable;
    return [`${count} ${family} probes cannot be judged on this server and are not sent.`];
  }
  const lists = Object.entries(lacking) as [Oracle, readonly string[]][];
  return lists.map(([oracle, ids]) => `Not sent: ${ids.join(', ')}; ${whyNot[oracle]}.`);
}

/** Families that were not sent at all, by what was missing. */
function notProbedOf(families: readonly ProbeFamilyReport[]): string[] {
  const unprobed = families.filter(({ judgeable }) => judgeable === 0);
  const byReason = groupedBy(unprobed, ({ lacking = {} }) => {
    const reasons = (Object.keys(lacking) as Oracle[]).map((oracle) => whyNot[oracle]);
    return reasons.join(', and ') || 'on this server nothing shows what got out';
  });
  return [...byReason].map(([reason, own]) => {
    return `Not probed: ${own.map(({ family }) => family).join(', ')}; ${reason}.`;
  });
}

function findingsOf(families: readonly ProbeFamilyReport[]): string[] {
  return families.flatMap(({ found }) => found).map(findingText);
}

/** The evidence begins with the probe's id if the probe's own error was kept. */
function findingText({ probe, count, evidence }: ProbeFinding): string {
  const times = count === 1 ? 'once' : `${count} times`;
  const rest = evidence.startsWith(probe) ? evidence.slice(probe.length).trimStart() : evidence;
  return `${probe}, ${times}${rest === '' ? '' : `: ${rest}`}`;
}
