/**
 * Latency, throughput and goodput over the load, level by level. Where throughput and goodput part, the
 * system is overloaded.
 */
import type { Progression, Step } from '../../analysis/findings/progression.ts';
import { visible } from '../text/text-table.ts';
import { axisStyle, baseOption, colours, plot, type ChartOption } from './chart-style.ts';

export function progressionOption({ system, steps, bend }: Progression): ChartOption {
  const subtitle =
    bend === undefined ? 'the latency does not rise from level to level' : `bends at ${bend.level}`;
  return {
    ...baseOption(visible(`${system}, level by level`), subtitle),
    grid: { ...plot, right: plot.left, outerBoundsMode: 'none' },
    xAxis: {
      ...axisStyle,
      type: 'value',
      min: 0,
      name: 'load (virtual users, or arrivals per second)',
      nameGap: 30,
    },
    yAxis: [
      { ...axisStyle, type: 'value', min: 0, name: 'response time, ms', nameGap: 56 },
      {
        ...axisStyle,
        type: 'value',
        min: 0,
        name: 'requests per second',
        nameGap: 48,
        splitLine: { show: false },
      },
    ],
    series: linesOf(steps),
  };
}

function linesOf(steps: readonly Step[]) {
  const line = (
    name: string,
    colour: string,
    yAxisIndex: number,
    valueOf: (step: Step) => number | undefined,
    dash: 'solid' | 'dashed' = 'solid',
  ) => ({
    type: 'line',
    name,
    yAxisIndex,
    symbol: 'circle',
    symbolSize: 8,
    silent: true,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 2, type: dash },
    data: steps.map((step) => [step.load, finite(valueOf(step))]),
  });
  const { blue, orange, green, vermilion } = colours;
  return [
    line('p95 of the response time', vermilion, 0, ({ p95Ms }) => p95Ms),
    line('p50 of the response time', orange, 0, ({ p50Ms }) => p50Ms),
    line('throughput', blue, 1, ({ throughput }) => throughput),
    ...(steps.some(({ goodput }) => goodput !== undefined)
      ? [line('goodput', green, 1, ({ goodput }) => goodput, 'dashed')]
      : []),
  ];
}

/** A gap if the value is ∞ or missing. */
function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? Number(value.toPrecision(5)) : null;
}
