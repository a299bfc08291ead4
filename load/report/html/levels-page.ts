/** The levels of a system on the page: where latency begins to rise and why, the figures, the chart. */
import type { Finding } from '../../analysis/findings/finding.ts';
import type { Change, Progression } from '../../analysis/findings/progression.ts';
import { changeText, figureText, pointsText } from '../../metrics/figure-text.ts';
import { bendText, groupsText } from '../text/progression-text.ts';
import { cellValue } from './tables.ts';
import type { Cell, LevelsPage, Table } from './page-data.ts';

/** `picture`: its chart as SVG. */
export function levelsPage(
  progression: Progression,
  findings: readonly Finding[],
  picture: string | undefined,
): LevelsPage {
  return {
    title: `${progression.system}, level by level`,
    text: bendText(progression, findings),
    table: tableOf(progression),
    ...(picture === undefined ? undefined : { picture }),
  };
}

function tableOf(progression: Progression): Table {
  const { steps, baseline } = progression;
  const figure = (title: string, note: string) => ({ title, note, isFigure: true });
  const against = (name: string, what: string) => [
    figure(`p95 / ${name}`, `p95 against ${what}`),
    figure(`errors / ${name}`, `share of errors against ${what}, in points`),
    figure(`req/s / ${name}`, `requests per second that ended ok, against ${what}`),
  ];
  return {
    columns: [
      { title: 'level' },
      ...['p50', 'p95', 'errors', 'req/s', 'good/s'].map((title) => figure(title, title)),
      ...against('lowest', 'the lowest level'),
      ...(baseline === undefined ? [] : against('base', 'the baseline')),
    ],
    rows: steps.map(({ level, p50Ms, p95Ms, errorRate, throughput, goodput, ...changes }) => {
      const { againstLowest, againstBaseline } = changes;
      const cells: Cell[] = [
        level,
        [figureText(p50Ms, 'time'), cellValue(p50Ms)],
        [figureText(p95Ms, 'time'), cellValue(p95Ms)],
        [figureText(errorRate, 'share'), errorRate],
        [figureText(throughput, 'number'), throughput],
        [figureText(goodput, 'number'), goodput ?? null],
        ...changeCells(againstLowest),
        ...(againstBaseline === undefined ? [] : changeCells(againstBaseline)),
      ];
      return { cells };
    }),
    notes: [groupsText(progression)],
  };
}

function changeCells({ p95, errorPoints, throughput }: Change): Cell[] {
  const relative = (change: number): Cell => [changeText(change), cellValue(change)];
  return [relative(p95), [pointsText(errorPoints), errorPoints], relative(throughput)];
}
