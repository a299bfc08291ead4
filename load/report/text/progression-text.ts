/** The levels of a system: as a Markdown table, and as text where latency begins to rise. */
import type { Finding } from '../../analysis/findings/finding.ts';
import type { Change, Progression, Step } from '../../analysis/findings/progression.ts';
import {
  changeText,
  figureBesideLimit,
  figureText,
  pointsText,
} from '../../metrics/figure-text.ts';
import { causeText } from './finding-text.ts';
import { markdownParagraphs, markdownTable, markdownText } from './markdown.ts';
import { figures, words } from './text-table.ts';

const columns = [
  ...words('level'),
  ...figures('p50', 'p95', 'errors', 'requests/s', 'good/s'),
  ...figures('p95', 'errors', 'requests/s'),
  ...figures('p95', 'errors', 'requests/s'),
];

/** Where latency begins to rise and, if a finding says so, why. */
export function bendText({ steps, bend }: Progression, findings: readonly Finding[]): string {
  const last = steps.at(-1)!;
  if (bend === undefined)
    return `It does not bend up to ${last.level}: its p95 is no higher than below.`;
  const [level, below] = [bend.level, bend.below].map((name) =>
    steps.find((step) => step.level === name),
  ) as [Step, Step];
  const p95 = `p95 ${figureText(below.p95Ms, 'time')} → ${figureBesideLimit(level.p95Ms, below.p95Ms, 'time')}`;
  const more = changeText(level.load / below.load - 1);
  const throughput = changeText(level.throughput / below.throughput - 1);
  const where = `It bends at ${bend.level}: against ${bend.below} ${p95}, and ${throughput} requests/s for ${more} load.`;
  const why = findings.find(({ testId }) => testId === bend.testId);
  return why === undefined ? where : `${where} There ${causeText(why)}`;
}

/** `picture`: the file of its chart, in the same folder. */
export function progressionMarkdown(
  progression: Progression,
  findings: readonly Finding[],
  picture: string | undefined,
): string {
  const { steps, system } = progression;
  const used = progression.baseline === undefined ? columns.slice(0, 9) : columns;
  return markdownParagraphs([
    `### ${markdownText(`${system}, level by level`)}`,
    markdownText(bendText(progression, findings)),
    picture === undefined ? '' : `![latency, throughput and goodput by load](${picture})`,
    markdownTable(used, steps.map(rowOf)),
    markdownText(groupsText(progression)),
  ]);
}

/** Names the level or the baseline with which each group of figures is compared. */
export function groupsText({ steps, baseline }: Progression): string {
  const lowest = `The second group of figures is against ${steps[0]!.level}`;
  if (baseline === undefined) return `${lowest}; there is no baseline of these tasks.`;
  const { level, committedAt } = baseline;
  const when = committedAt === undefined ? 'of this run' : `committed, ${committedAt.slice(0, 10)}`;
  return `${lowest}, the third against the baseline (${level}, ${when}).`;
}

function rowOf(step: Step): string[] {
  const { level, p50Ms, p95Ms, errorRate, throughput, goodput } = step;
  return [
    level,
    figureText(p50Ms, 'time'),
    figureText(p95Ms, 'time'),
    figureText(errorRate, 'share'),
    figureText(throughput, 'number'),
    figureText(goodput, 'number'),
    ...changeCells(step.againstLowest),
    ...(step.againstBaseline === undefined ? [] : changeCells(step.againstBaseline)),
  ];
}

function changeCells({ p95, errorPoints, throughput }: Change): string[] {
  return [changeText(p95), pointsText(errorPoints), changeText(throughput)];
}
