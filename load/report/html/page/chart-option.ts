/** Converts a chart over time to options of the drawing library. */
import { figureText, momentText } from '../../../metrics/figure-text.ts';
import type { Line, Mark, Phase, Span, TimeChart } from '../page-data.ts';
import { flagLines, labelSize, limitLines, momentLines, stageLines } from './chart-lines.ts';
import { timeMarks, valueAxis, type ValueAxis } from './axes.ts';
import { seenValues, stackStyle } from './stack.ts';
import { colourOf } from './theme.tsx';

/**
 * Margins around the plot, in pixels. They are the same for all charts, so that a moment is at the same
 * position in each.
 */
export const plot = { left: 66, right: 14, top: 12, bottom: 26 } as const;

export interface ChartView {
  readonly range: Span;
  readonly moment: Span | undefined;
  readonly phases: readonly Phase[];
  readonly marks: readonly Mark[];
  readonly hidden: ReadonlySet<string>;
  readonly widthPixels: number;
}

const none = { silent: true, symbol: 'none', animation: false } as const;

export function chartOption(chart: TimeChart, view: ChartView): Record<string, unknown> {
  const lines = chart.lines.filter(({ name }) => !view.hidden.has(name));
  const axis = valueAxis(chart, seenValues(chart, lines, view.range));
  return {
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif', fontSize: labelSize, color: colourOf('ink') },
    grid: { ...plot, outerBoundsMode: 'none' },
    tooltip: {
      trigger: chart.heat === undefined ? 'axis' : 'none',
      confine: true,
      axisPointer: { lineStyle: { color: colourOf('faint') }, animation: false },
      backgroundColor: colourOf('paper'),
      borderColor: colourOf('rule'),
      textStyle: { color: colourOf('ink'), fontSize: labelSize },
      formatter: (points: readonly { readonly dataIndex: number; readonly seriesName: string }[]) =>
        tip(
          chart,
          lines,
          points.find(({ seriesName }) => lines.some(({ name }) => name === seriesName))?.dataIndex,
        ),
    },
    xAxis: xAxis(view),
    yAxis: yAxis(chart, axis),
    series: [
      background(chart, axis, view),
      ...lines.map((line) => lineSeries(chart, line)),
      ...lines.flatMap((line) => beyondSeries(chart, line, axis)),
      ...(chart.heat === undefined ? [] : [heatSeries(chart)]),
    ],
  };
}

function xAxis({ range, widthPixels }: ChartView) {
  const customValues = timeMarks(range, widthPixels - plot.left - plot.right);
  return {
    type: 'value',
    min: range[0],
    max: range[1],
    axisLine: { lineStyle: { color: colourOf('faint') } },
    axisTick: { customValues },
    splitLine: { show: false },
    axisLabel: {
      customValues,
      hideOverlap: true,
      color: colourOf('faint'),
      fontSize: labelSize,
      formatter: momentText,
    },
  };
}

function yAxis({ isLog = false, dimension }: TimeChart, { min, max, marks }: ValueAxis) {
  return {
    type: isLog ? 'log' : 'value',
    min,
    max,
    axisLine: { show: false },
    axisTick: { show: false, customValues: marks },
    splitLine: { customValues: marks, lineStyle: { color: colourOf('rule') } },
    axisLabel: {
      customValues: marks,
      hideOverlap: true,
      color: colourOf('faint'),
      fontSize: labelSize,
      formatter: (value: number) => figureText(value, dimension),
    },
  };
}

/** An empty line that carries everything drawn behind and across the others. */
function background(chart: TimeChart, axis: ValueAxis, view: ChartView) {
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
        ...flagLines(view.marks),
        ...stageLines(chart, view.marks),
        ...momentLines(view.moment),
      ],
    },
  };
}

function area([fromMs, toMs]: Span, color: string, opacity: number) {
  return [{ xAxis: fromMs, itemStyle: { color, opacity } }, { xAxis: toMs }];
}

/** The area between the lowest and the highest of the baseline's runs. */
function bandArea({ band }: TimeChart) {
  if (band === undefined || band.low === band.high) return [];
  return [
    [
      { yAxis: band.low, itemStyle: { color: colourOf('green'), opacity: 0.18 } },
      { yAxis: band.high },
    ],
  ];
}

function middleOf([fromMs, toMs]: Span): number {
  return Math.round((fromMs + toMs) / 2);
}

function lineSeries(chart: TimeChart, { name, colour, values, isDashed = false }: Line) {
  const { spans, isLog = false } = chart;
  const color = colourOf(colour);
  const has = (i: number): boolean => typeof values[i] === 'number' && !(isLog && values[i] === 0);
  const data = spans.map((span, i) => {
    const point = [middleOf(span), has(i) ? values[i] : null];
    // A single point without neighbours is drawn as a dot.
    const isAlone = has(i) && !has(i - 1) && !has(i + 1);
    return isAlone ? { value: point, symbol: 'circle' } : { value: point, symbol: 'none' };
  });
  return {
    type: 'line',
    name,
    data,
    symbolSize: 5,
    connectNulls: false,
    clip: true,
    animation: false,
    emphasis: { disabled: true },
    itemStyle: { color },
    lineStyle: { color, width: 1.75, type: isDashed ? 'dashed' : 'solid' },
    ...stackStyle(chart, color),
  };
}

/** Where a line is ∞, there is a mark at the top of the chart. */
function beyondSeries({ spans }: TimeChart, { name, colour, values }: Line, { max }: ValueAxis) {
  const data = spans.flatMap((span, i) => (values[i] === '∞' ? [[middleOf(span), max]] : []));
  if (data.length === 0) return [];
  const shape = { symbol: 'triangle', symbolSize: 7, symbolOffset: [0, 4] };
  return [
    {
      ...shape,
      type: 'scatter',
      name: `${name} is ∞`,
      silent: true,
      animation: false,
      data,
      itemStyle: { color: colourOf(colour) },
    },
  ];
}

interface Drawing {
  readonly value: (dimension: number) => number;
  readonly coord: (point: readonly [number, number]) => [number, number];
}

function heatSeries({ heat, spans }: TimeChart) {
  const { edgesMs, cells } = heat!;
  const most = cells.reduce((highest, [, , count]) => Math.max(highest, count), 1);
  const fill = colourOf('heat');
  return {
    type: 'custom',
    silent: true,
    animation: false,
    clip: true,
    dimensions: ['from', 'low', 'to', 'high', 'weight'],
    encode: { x: [0, 2], y: [1, 3] },
    data: cells.map(([span, bar, count]) => [
      spans[span]![0],
      edgesMs[bar],
      spans[span]![1],
      edgesMs[bar + 1],
      0.12 + 0.88 * (Math.log1p(count) / Math.log1p(most)),
    ]),
    renderItem: (
      _: unknown,
      { value, coord }: { value: Drawing['value']; coord: Drawing['coord'] },
    ) => {
      const [left, bottom] = coord([value(0), value(1)]);
      const [right, top] = coord([value(2), value(3)]);
      const shape = { x: left, y: top, width: Math.max(1, right - left), height: bottom - top };
      return { type: 'rect', shape, style: { fill, opacity: value(4) } };
    },
  };
}

/** Built from nodes and texts, so that no name in it is interpreted as markup. */
function tip(
  { spans, dimension }: TimeChart,
  lines: readonly Line[],
  index: number | undefined,
): HTMLElement | string {
  const span = index === undefined ? undefined : spans[index];
  if (index === undefined || span === undefined) return '';
  const box = document.createElement('div');
  const row = (text: string, colour?: string): void => {
    const one = document.createElement('div');
    one.textContent = text;
    if (colour !== undefined) one.style.color = colour;
    box.append(one);
  };
  row(`${momentText(span[0])}–${momentText(span[1])}`);
  for (const { name, values, colour } of lines)
    row(`${name}: ${valueText(values[index], dimension)}`, colourOf(colour));
  return box;
}

export function valueText(
  value: Line['values'][number] | undefined,
  dimension: TimeChart['dimension'],
): string {
  return figureText(value === '∞' ? Infinity : value, dimension);
}
