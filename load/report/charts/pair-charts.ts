/** The pictures of a pair: both sides round by round, and the difference with its interval and the controls. */
import { differenceOf, figuresOf, folded, type FoldedRound } from '../../paired/compared.ts';
import { estimateOf, intervalOf } from '../../paired/estimate.ts';
import type { JudgedPair } from '../../paired/pair-log.ts';
import { pairMetricTable, type PairMetric } from '../../paired/pair-metrics.ts';
import { isControl } from '../../paired/round.ts';
import { toleratedDifference } from '../../paired/tolerances.ts';
import { nameOf, pairSentence } from '../text/pair-text.ts';
import { axisStyle, baseOption, colours, labelSize, type ChartOption } from './chart-style.ts';

/** Base and head on one chart, p50 and p95 of each round. */
export function pairSidesOption(pair: JudgedPair): ChartOption {
  const rounds = comparing(pair);
  const lines = [
    { metric: 'p50', place: 0, name: 'base p50', color: colours.blue, type: 'solid' },
    { metric: 'p50', place: 1, name: 'head p50', color: colours.vermilion, type: 'solid' },
    { metric: 'p95', place: 0, name: 'base p95', color: colours.blue, type: 'dashed' },
    { metric: 'p95', place: 1, name: 'head p95', color: colours.vermilion, type: 'dashed' },
  ] as const;
  return {
    ...baseOption(`${pair.plan.testId}: both sides`, pairSentence(pair)),
    xAxis: roundAxis(rounds),
    yAxis: { ...axisStyle, type: 'value', min: 0, name: 'ms', nameGap: 56 },
    series: lines.map(({ metric, place, name, color, type }) => ({
      type: 'line',
      name,
      symbolSize: 5,
      data: rounds.map((one) => finite(figuresOf(one, metric)[place])),
      lineStyle: { color, width: 2, type },
      itemStyle: { color },
    })),
  };
}

/** After each round the mean difference so far with its 95 % interval; the rounds and the controls as points. */
export function pairDifferenceOption(pair: JudgedPair, metric: PairMetric): ChartOption {
  const rounds = comparing(pair);
  const sofar = rounds.map((_, i) => {
    const values = rounds.slice(0, i + 1).map((one) => differenceOf(one, metric));
    return estimateOf({ values: values.filter(Number.isFinite), resolution: 0 });
  });
  const bounds = sofar.map(
    (one) => one && intervalOf(one, 0.95).map((end) => percent(end, metric)),
  );
  const controls = pair.rounds.filter(isControl).map(folded);
  const { tolerance } = pair.verdict.metrics.find((one) => one.metric === metric)!;
  const tolerated = percent(toleratedDifference(tolerance), metric);
  const unit = pairMetricTable[metric].kind === 'points' ? 'points' : '%';
  return {
    ...baseOption(
      `${pair.plan.testId}: head against base, ${nameOf(metric)}`,
      'above 0 head is worse; the line is the mean so far with its 95 % interval',
    ),
    xAxis: roundAxis([...rounds, ...controls]),
    yAxis: { ...axisStyle, type: 'value', scale: true, name: unit, nameGap: 56 },
    series: [
      ...intervalBand(rounds, bounds),
      meanLine(
        rounds,
        sofar.map((one) => one && percent(one.mean, metric)),
        tolerated,
      ),
      points('a round', rounds, metric, colours.faint),
      points('a control', controls, metric, colours.orange),
    ],
  };
}

/** Two lines, the upper one stacked on the lower, with the area between them filled. */
function intervalBand(rounds: readonly FoldedRound[], bounds: readonly (number[] | undefined)[]) {
  const common = {
    type: 'line',
    stack: 'interval',
    stackStrategy: 'all',
    symbol: 'none',
    silent: true,
  };
  const line = { opacity: 0 };
  return [
    {
      ...common,
      lineStyle: line,
      data: along(
        rounds,
        bounds.map((one) => one?.[0]),
      ),
    },
    {
      ...common,
      name: '95 % interval',
      lineStyle: line,
      itemStyle: { color: colours.sky },
      areaStyle: { color: colours.sky, opacity: 0.35 },
      data: along(
        rounds,
        bounds.map((one) => one && one[1]! - one[0]!),
      ),
    },
  ];
}

function meanLine(
  rounds: readonly FoldedRound[],
  means: readonly (number | undefined)[],
  tolerated: number,
) {
  return {
    type: 'line',
    name: 'mean so far',
    symbol: 'none',
    data: along(rounds, means),
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

function points(name: string, rounds: readonly FoldedRound[], metric: PairMetric, color: string) {
  return {
    type: 'scatter',
    name,
    symbolSize: 7,
    itemStyle: { color },
    data: along(
      rounds,
      rounds.map((one) => percent(differenceOf(one, metric), metric)),
    ),
  };
}

/** At the number of each round, which controls count in, too. */
function along(rounds: readonly FoldedRound[], values: readonly (number | undefined)[]) {
  return rounds.map(({ round }, i) => [String(round.number), finite(values[i])]);
}

function roundAxis(rounds: readonly FoldedRound[]) {
  const numbers = rounds.map(({ round }) => round.number).sort((a, b) => a - b);
  return {
    ...axisStyle,
    type: 'category',
    data: numbers.map(String),
    name: 'round',
    nameGap: 30,
    splitLine: { show: false },
  };
}

function comparing({ rounds }: JudgedPair): FoldedRound[] {
  return rounds.filter((round) => !isControl(round)).map(folded);
}

function percent(difference: number, metric: PairMetric): number {
  const isPoints = pairMetricTable[metric].kind === 'points';
  return 100 * (isPoints ? difference : Math.expm1(difference));
}

/** A chart has a gap where there is no figure. */
function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(6));
}
