/** A finding in words: two sentences, what was found and what to do. */
import type { Check, Finding } from '../../analysis/findings/finding.ts';
import { shareText } from '../../metrics/figure-text.ts';
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

/** For the end of a run: a paragraph for each finding, those that explain most first. */
export function findingLines(findings: readonly Finding[]): ConsoleLine[] {
  if (findings.length === 0) return [];
  const told = findings.slice(0, mostTold).flatMap((finding) => {
    const { system, confidence } = finding;
    const marked = `Why (${system}):`;
    const colour = confidence === 'confirmed' ? ('red' as const) : ('yellow' as const);
    const lines = wrapped(`${marked} ${findingText(finding)}`, width);
    return lines.map((text, i) => (i === 0 ? { text, marked, colour } : { text }));
  });
  const left = findings.length - mostTold;
  const more = left > 0 ? [{ text: `… and ${left} more in bottlenecks.md` }] : [];
  return [{ text: '' }, ...told, ...more];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
