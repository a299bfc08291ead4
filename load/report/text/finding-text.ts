/** A finding in words: two sentences, what was found and what to do. */
import type { Check, Finding } from '../../analysis/findings/finding.ts';
import { shareText } from '../../metrics/figure-text.ts';
import { groupedBy } from '../../platform/lists.ts';
import type { ConsoleLine } from './console-line.ts';
import { wrapped } from './text-table.ts';

const width = 120;
/** The most that a console is told; the others stand in the reports. */
const mostTold = 5;

/** `At 50 users the connection pool was exhausted (…): ….`, then what to do about it. */
export function findingText(finding: Finding): string {
  const { level, title, signals, recommendation, nextExperiment } = finding;
  const seen = signals.map(({ text }) => text).join(', and ');
  return (
    `At ${level} ${title} (${confidenceText(finding)}): ${seen}${latencyText(finding.checks)}. ` +
    `${capitalised(recommendation)}; to settle it, ${nextExperiment}.`
  );
}

/** `confirmed, explains up to 82 % of the latency`, or why it is only suspected. */
export function confidenceText({ confidence, explains, checks }: Finding): string {
  const share = explains > 0 ? `, explains up to ${shareText(explains)} of the latency` : '';
  const doubt = checks.find(({ outcome }) => outcome !== 'speaks for it');
  return `${confidence}${doubt === undefined ? '' : `, since ${doubt.text}`}${share}`;
}

/** How the latency rose, where a check says so. */
function latencyText(checks: readonly Check[]): string {
  const rose = checks.find(
    ({ text, outcome }) => outcome === 'speaks for it' && / rose /.test(text),
  );
  return rose === undefined ? '' : `, while ${rose.text}`;
}

/**
 * For the end of a run: a paragraph for each rule that spoke of a system, at the level where it began; those that
 * explain most come first.
 */
export function findingLines(findings: readonly Finding[]): ConsoleLine[] {
  const groups = [...groupedBy(findings, ({ system, rule }) => `${system} ${rule}`).values()];
  if (groups.length === 0) return [];
  const told = groups.slice(0, mostTold).flatMap((group) => paragraphOf(inOrderOfLoad(group)));
  const left = groups.length - mostTold;
  const more = left > 0 ? [{ text: `… and ${left} more in bottlenecks.md` }] : [];
  return [{ text: '' }, ...told, ...more];
}

function paragraphOf([first, ...higher]: readonly Finding[]): ConsoleLine[] {
  const { system, confidence } = first!;
  const marked = `Why (${system}):`;
  const colour = confidence === 'confirmed' ? ('red' as const) : ('yellow' as const);
  const levels = higher.map(({ level }) => level).join(', ');
  const also = levels === '' ? '' : ` (Also at ${levels}.)`;
  const lines = wrapped(`${marked} ${findingText(first!)}${also}`, width);
  return lines.map((text, i) => (i === 0 ? { text, marked, colour } : { text }));
}

function inOrderOfLoad(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => a.load - b.load);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
