/** A finding as text: what was found and what to do. */
import type { Check, Finding } from '../../analysis/findings/finding.ts';
import { shareText } from '../../metrics/figure-text.ts';
import { groupedBy } from '../../platform/lists.ts';
import type { ConsoleLine } from './console-line.ts';
import { wrapped } from './text-table.ts';

const width = 120;
/** Maximum number of findings on the console. The others are in the reports. */
const mostTold = 5;

/** `At 50 users the connection pool was exhausted (…): ….`, then what to do about it. */
export function findingText(finding: Finding): string {
  const { level, recommendation, nextExperiment } = finding;
  return (
    `At ${level} ${causeText(finding)} ` +
    `${capitalised(recommendation)}; to settle it, ${nextExperiment}.`
  );
}

/** `the connection pool was exhausted (confirmed, …): poolWaiting was above 0 in 35 of 35 readings.` */
export function causeText(finding: Finding): string {
  const { title, signals, checks } = finding;
  const seen = signals.map(({ text }) => text).join(', and ');
  return `${title} (${confidenceText(finding)}): ${seen}${latencyText(checks)}.`;
}

/** `confirmed, explains up to 82 % of the latency`, or why it is only suspected. */
function confidenceText({ confidence, explains, checks }: Finding): string {
  const share = explains > 0 ? `, explains up to ${shareText(explains)} of the latency` : '';
  const doubt = checks.find(({ outcome }) => outcome !== 'speaks for it');
  return `${confidence}${doubt === undefined ? '' : `, since ${doubt.text}`}${share}`;
}

/** How much the latency rose, if a check says so. */
function latencyText(checks: readonly Check[]): string {
  const rose = checks.find(({ kind }) => kind === 'rise');
  return rose === undefined ? '' : `, while ${rose.text}`;
}

interface Paragraph extends Pick<Finding, 'system' | 'confidence'> {
  readonly text: string;
}

/**
 * A paragraph for each rule with a finding on a system, at the level where it began, ranked by how much
 * it explains.
 */
export function findingParagraphs(findings: readonly Finding[]): Paragraph[] {
  const groups = groupedBy(findings, ({ system, rule }) => `${system} ${rule}`);
  return [...groups.values()].map((group) => {
    const [first, ...higher] = inOrderOfLoad(group);
    const { system, confidence } = first!;
    const levels = higher.map(({ level }) => level).join(', ');
    const also = levels === '' ? '' : ` (Also at ${levels}.)`;
    return { system, confidence, text: findingText(first!) + also };
  });
}

/** For the end of a run. */
export function findingLines(findings: readonly Finding[]): ConsoleLine[] {
  const paragraphs = findingParagraphs(findings);
  if (paragraphs.length === 0) return [];
  const told = paragraphs.slice(0, mostTold).flatMap(({ system, confidence, text }) => {
    const marked = `Why (${system}):`;
    const colour = confidence === 'confirmed' ? ('red' as const) : ('yellow' as const);
    const lines = wrapped(`${marked} ${text}`, width);
    return lines.map((line, i) => (i === 0 ? { text: line, marked, colour } : { text: line }));
  });
  const left = paragraphs.length - mostTold;
  const more = left > 0 ? [{ text: `… and ${left} more in bottlenecks.md` }] : [];
  return [{ text: '' }, ...told, ...more];
}

function inOrderOfLoad(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => a.load - b.load);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
