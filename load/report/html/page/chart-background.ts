/** What stands behind and across all lines of a chart over time: phases, limits, stalls, flags, stages, a moment. */
import type { Mark, Phase, Span, TimeChart } from '../page-data.ts';
import type { ValueAxis } from './axes.ts';
import { colourOf } from './theme.tsx';

export interface ChartView {
  readonly range: Span;
  readonly moment: Span | undefined;
  readonly phases: readonly Phase[];
  readonly marks: readonly Mark[];
  readonly hidden: ReadonlySet<string>;
  readonly widthPixels: number;
}

export const labelSize = 12;
const none = { silent: true, symbol: 'none', animation: false } as const;

/** An empty line that carries what stands behind and across all others. */
export function background(chart: TimeChart, axis: ValueAxis, view: ChartView) {
  const areas = view.phases
    .filter(({ isJudged }) => !isJudged)
    .map(({ at }) => area(at, colourOf('shade'), 1));
  const stalls = view.marks.filter(({ kind }) => kind === 'stall');
  const moment = view.moment === undefined ? [] : [area(view.moment, colourOf('moment'), 0.28)];
  return {
    ...none,
    type: 'line',
    name: '',
    data: [[view.range[0], axis.min]],
    markArea: {
      silent: true,
      animation: false,
      data: [
        ...areas,
        ...bandArea(chart),
        ...stalls.map(({ at }) => area(at, colourOf('stall'), 0.35)),
        ...moment,
      ],
    },
    markLine: {
      ...none,
      data: [
        ...limitLines(chart),
        ...flagLines(view),
        ...stageLines(chart, view),
        ...momentLines(view.moment),
      ],
    },
  };
}

function area([fromMs, toMs]: Span, color: string, opacity: number) {
  return [{ xAxis: fromMs, itemStyle: { color, opacity } }, { xAxis: toMs }];
}

/** Between the lowest and the highest of the baseline's runs. */
function bandArea({ band }: TimeChart) {
  if (band === undefined || band.low === band.high) return [];
  return [
    [
      { yAxis: band.low, itemStyle: { color: colourOf('green'), opacity: 0.18 } },
      { yAxis: band.high },
    ],
  ];
}

function limitLines({ limits = [], band }: TimeChart) {
  const line = (at: number, text: string, color: string, position: string) => ({
    yAxis: at,
    lineStyle: { color, type: 'dashed', width: 1.5 },
    label: {
      formatter: plain(text),
      position,
      color,
      fontSize: labelSize - 1,
      textBorderColor: colourOf('paper'),
      textBorderWidth: 3,
    },
  });
  const places = ['insideEndTop', 'insideStartTop', 'insideMiddleTop'];
  return [
    ...limits.map(({ at, label }, i) =>
      line(at, label, colourOf('ink'), places[i % places.length]!),
    ),
    ...(band === undefined
      ? []
      : [line(band.high, band.label, colourOf('green'), 'insideStartBottom')]),
  ];
}

function flagLines({ marks }: ChartView) {
  return marks
    .filter(({ kind }) => kind === 'flag')
    .map(({ at }) => ({
      xAxis: at[0],
      label: { show: false },
      lineStyle: { color: colourOf('orange'), type: 'dotted', width: 1.5 },
    }));
}

/** Named in the chart of what was changed. */
function stageLines({ id }: TimeChart, { marks }: ChartView) {
  const color = colourOf('ink');
  return marks
    .filter(({ kind }) => kind === 'stage')
    .map(({ at, text }) => ({
      xAxis: at[0],
      label: {
        show: id === 'users',
        formatter: plain(text),
        position: 'insideEndTop',
        color,
        fontSize: labelSize - 1,
        textBorderColor: colourOf('paper'),
        textBorderWidth: 3,
      },
      lineStyle: { color, type: 'solid', width: 1 },
    }));
}

function momentLines(moment: Span | undefined) {
  if (moment === undefined) return [];
  return [
    {
      xAxis: moment[0],
      label: { show: false },
      lineStyle: { color: colourOf('moment'), type: 'solid', width: 1.5 },
    },
  ];
}

/** The library would fill in `{a}` to `{e}`: a joiner that no reader sees keeps names as they are. */
function plain(text: string): string {
  return text.replaceAll('{', '{\u2060');
}
