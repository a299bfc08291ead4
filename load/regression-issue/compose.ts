/** The texts of a regression's issue. Pure functions; sending is done elsewhere. */
import { createHash } from 'node:crypto';
import type { RunComparison } from '../baselines/comparison-file.ts';
import { redVerdicts, type MetricComparison } from '../baselines/comparison.ts';
import { cut } from '../platform/words.ts';
import { comparedFigures, valueText } from '../report/text/comparison-text.ts';
import {
  markdownCode,
  markdownLink,
  markdownList,
  markdownTable,
  markdownText,
} from '../report/text/markdown.ts';
import { figures, visible, words } from '../report/text/text-table.ts';
import { severityOf, type Severity, type Subject } from './regressions.ts';

/** The label of all these issues. Only accounts with permission to triage can set labels. */
export const regressionLabel = 'load-regression';

const severityLabels: Readonly<Record<Severity, string>> = {
  critical: 'severity: critical',
  saturated: 'severity: saturated',
};

export interface IssueText {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

export interface IssueContext {
  readonly run: RunComparison;
  /** The run that confirmed it. */
  readonly rerun?: RunComparison;
  /** URL of the run's log. */
  readonly runUrl?: string;
}

/** An invisible mark, by which a later run finds the issue. */
export function marker(fingerprint: string): string {
  return `<!-- loadwright-regression: ${fingerprint} -->`;
}

/** A mark of the run, so that calling the command twice adds nothing twice. */
export function runMarker(runId: string): string {
  return `<!-- loadwright-run: ${createHash('sha256').update(runId).digest('hex').slice(0, 16)} -->`;
}

export function issueText(subject: Subject, context: IssueContext): IssueText {
  const severity = severityOf(subject.confirmed);
  const [worst] = [...subject.confirmed].sort((a, b) => change(b.found) - change(a.found));
  const { run, rerun } = context;
  const title = `${nameOf(subject)}: ${worst === undefined ? '' : changeOf(worst.found)}, ${severity}`;
  const commands = run.tests.filter(({ test }) => test === subject.test).map((one) => one.rerun);
  const body = [
    `**${markdownText(nameOf(subject))}** ${leadText(severity, run)}. One rerun of the same test has confirmed it.`,
    confirmedTable(subject),
    `## Evidence\n\n${evidence(subject)}`,
    ...causesSection(subject, run),
    `## Run it again\n\n${markdownCode([...new Set(commands)], 'sh')}`,
    `Found in ${runText(context)}, confirmed by run ` +
      `${markdownText(rerun?.runId ?? '')}, against the baseline of ${markdownText(run.environment)}. ` +
      'Later runs comment here, and close this issue when it is gone.',
    `${marker(subject.fingerprint)}\n${runMarker(run.runId)}`,
  ];
  return {
    // GitHub allows 256 characters.
    title: cut(visible(title), 240),
    body: `${body.join('\n\n')}\n`,
    labels: [regressionLabel, severityLabels[severity]],
  };
}

/** The run's own findings on why it was slow. */
function causesSection({ test }: Subject, { causes = [] }: RunComparison): string[] {
  const own = causes.filter((cause) => cause.test === test).map(({ text }) => text);
  return own.length === 0 ? [] : [`## Why it is slow\n\n${markdownList(own)}`];
}

function leadText(severity: Severity, { significance }: RunComparison): string {
  if (severity === 'saturated') return 'drifts over the run, while the baseline did not';
  return significance === 'off'
    ? 'is beyond the plain thresholds'
    : 'is worse than the baseline by more than the tolerance, with evidence';
}

/**
 * An open issue after a later run: its body contains that run's data for the program, and its labels show
 * the current severity. Labels set by others stay.
 */
export function followed(
  issue: Pick<IssueText, 'body' | 'labels'>,
  subject: Subject,
  { run }: IssueContext,
): Pick<IssueText, 'body' | 'labels'> {
  const verdicts = new Set(subject.comparisons.map(({ verdict }) => verdict));
  const severity = (['saturated', 'critical'] as const).find((one) => verdicts.has(one));
  const known: readonly string[] = Object.values(severityLabels);
  const others = issue.labels.filter((label) => !known.includes(label));
  return {
    body: issue.body.replace(/<!-- loadwright-run: [0-9a-f]+ -->/, runMarker(run.runId)),
    labels: severity === undefined ? issue.labels : [...others, severityLabels[severity]],
  };
}

/** A comment on an issue that is already open. */
export function stillThereText(subject: Subject, context: IssueContext): string {
  const red = subject.comparisons.filter(({ verdict }) => redVerdicts.has(verdict));
  const items = red.map((one) => `${one.verdict}: ${changeOf(one)}. ${one.evidence}`);
  return `Still there in ${runText(context)}.\n\n${markdownList(items)}\n`;
}

export function goneText(subject: Subject, context: IssueContext): string {
  const items = subject.comparisons
    .filter(({ verdict }) => verdict !== 'no-data')
    .map((one) => `${one.verdict}: ${changeOf(one)}`);
  return `Gone in ${runText(context)}: every figure is within its tolerance.\n\n${markdownList(items)}\n`;
}

export function nameOf({ test, task }: Pick<Subject, 'test' | 'task'>): string {
  return task === undefined ? test : `${task} in ${test}`;
}

const columns = [
  ...words('metric'),
  ...figures('baseline', 'run', 'change', 'rerun', 'change', 'allowed'),
];

function confirmedTable({ confirmed }: Subject): string {
  const rows = confirmed.map(({ found, again }) => {
    const [, ...rerun] = comparedFigures(again);
    return [found.metric, ...comparedFigures(found), ...rerun, found.tolerance];
  });
  return markdownTable(columns, rows);
}

function evidence({ confirmed }: Subject): string {
  return markdownList(
    confirmed.flatMap(({ found, again }) => [
      `${found.metric}: ${found.evidence}`,
      `${found.metric}, rerun: ${again.evidence}`,
    ]),
  );
}

/** `p95 205 ms → 413 ms`. */
function changeOf({ metric, unit, baseline, observed }: MetricComparison): string {
  return `${metric} ${valueText(baseline, unit)} → ${valueText(observed, unit)}`;
}

/** How much worse a figure became, to choose one for the title. A change from 0 counts as the largest. */
function change({ baseline = 0, observed = 0 }: MetricComparison): number {
  return baseline === 0 || observed === 0 ? Infinity : Math.abs(Math.log(observed / baseline));
}

function runText({ run, runUrl }: IssueContext): string {
  const link = runUrl === undefined ? '' : ` (${markdownLink('log', runUrl)})`;
  return `run ${markdownText(run.runId)}${link}`;
}
