/** The charts of a pair: both sides round by round, and the difference with its interval and the controls. */
import type { JudgedPair } from '../../paired/pair-log.ts';
import type { PairMetric } from '../../paired/pair-metrics.ts';
import { nameOf, pairSentence } from '../text/pair-text.ts';
import { axisStyle, baseOption, colours, labelSize, type ChartOption } from './chart-style.ts';
import { pairCourse, pairSides, type PairCourse, type RoundValue } from './pair-course.ts';

/** Base and head on one chart, p50 and p95 of each round. */
export function pairSidesOption(pair: JudgedPair): ChartOption {
  const lines = [
    { metric: 'p50', side: 'base', color: colours.blue, type: 'solid' },
    { metric: 'p50', side: 'head', color: colours.vermilion, type: 'solid' },
    { metric: 'p95', side: 'base', color: colours.blue, type: 'dashed' },
    { metric: 'p95', side: 'head', color: colours.vermilion, type: 'dashed' },
  ] as const;
  return {
    ...baseOption(`${pair.plan.testId}: both sides`, pairSentence(pair)),
    xAxis: roundAxis(pairSides(pair, 'p50').rounds),
    yAxis: { ...axisStyle, type: 'value', min: 0, name: 'ms', nameGap: 56 },
    series: lines.map(({ metric, side, color, type }) => ({
      type: 'line',
      name: `${side} ${metric}`,
      symbolSize: 5,
      data: pairSides(pair, metric)[side],
      lineStyle: { color, width: 2, type },
      itemStyle: { color },
    })),
  };
}

/** After each round, the mean difference so far with its 95 % interval. Rounds and controls are points. */
export function pairDifferenceOption(pair: JudgedPair, metric: PairMetric): ChartOption {
  const course = pairCourse(pair, metric);
  const { rounds, low, high, means, differences, controls, tolerated, unit, shown } = course;
  const numbers = controls.map(({ round }) => round);
  return {
    ...baseOption(
      `${pair.plan.testId}: head against base, ${nameOf(metric)}`,
      'above 0 head is worse; the line is the mean so far with its 95 % interval',
    ),
    xAxis: roundAxis([...rounds, ...numbers]),
    yAxis: { ...axisStyle, type: 'value', ...rangeOf(shown), name: unit, nameGap: 56 },
    series: [
      ...intervalBand(rounds, low, high),
      meanLine(along(rounds, means), tolerated),
      points('a round', along(rounds, differences), colours.faint),
      points(
        'a control',
        along(
          numbers,
          controls.map(({ difference }) => difference),
        ),
        colours.orange,
      ),
    ],
  };
}

/** Round numbers around the shown ones. Lines and areas beyond them are cut off. */
function rangeOf([least, most]: PairCourse['shown']): { min: number; max: number } {
  const step = 10 ** Math.floor(Math.log10(most - least || 1)) / 2;
  return { min: step * Math.floor(least / step), max: step * Math.ceil(most / step) };
}

type Values = readonly RoundValue[];

/** Two lines, the upper stacked on the lower, with the area between them filled. */
function intervalBand(rounds: readonly number[], low: Values, high: Values) {
  const common = {
    type: 'line',
    stack: 'interval',
    stackStrategy: 'all',
    symbol: 'none',
    silent: true,
  };
  const line = { opacity: 0 };
  const widths = high.map((end, i) => {
    const begin = low[i] ?? null;
    return end === null || begin === null ? null : end - begin;
  });
  return [
    { ...common, lineStyle: line, data: along(rounds, low) },
    {
      ...common,
      name: '95 % interval',
      lineStyle: line,
      itemStyle: { color: colours.sky },
      areaStyle: { color: colours.sky, opacity: 0.35 },
      data: along(rounds, widths),
    },
  ];
}

function meanLine(data: ReturnType<typeof along>, tolerated: number) {
  return {
    type: 'line',
    name: 'mean so far',
    symbol: 'none',
    data,
    lineStyle: { color: colours.vermilion, width: 2 },
    itemStyle: { color: colours.vermilion },
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: colours.faint, type: 'dashed' },
      label: { position: 'insideEndTop', color: colours.faint, fontSize: labelSize - 1 },
      data: [
        { yAxis: 0, label: { formatter: 'alike' } },
        { yAxis: tolerated, label: { formatter: 'tolerance' } },
      ],
    },
  };
}

function points(name: string, data: ReturnType<typeof along>, color: string) {
  return { type: 'scatter', name, symbolSize: 7, itemStyle: { color }, data };
}

/** Placed at the number of each round; controls have numbers too. */
function along(rounds: readonly number[], values: Values) {
  return rounds.map((round, i) => [String(round), values[i] ?? null]);
}

function roundAxis(rounds: readonly number[]) {
  return {
    ...axisStyle,
    type: 'category',
    data: [...rounds].sort((a, b) => a - b).map(String),
    name: 'round',
    nameGap: 30,
    splitLine: { show: false },
  };
}
