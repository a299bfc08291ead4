/** The monitor's readings on the time axis of the load: how much of each resource was used. */
import type { Result } from '../../metrics/result/result.ts';
import { levelsIn } from '../../metrics/result/readings.ts';
import type { ChartData } from './chart-data.ts';
import {
  axisStyle,
  baseOption,
  colours,
  phaseAreas,
  phasesText,
  timeAxis,
  type ChartOption,
} from './chart-style.ts';

const { blue, orange, green, vermilion, sky, purple } = colours;

const lines = [
  { figure: 'hostCpu', name: 'CPU of this machine', colour: sky },
  { figure: 'targetThread', name: "the target's busiest thread", colour: blue },
  { figure: 'hostMemory', name: 'memory of this machine', colour: green },
  { figure: 'cacheHitRate', name: 'cache hits', colour: purple },
  { figure: 'kvCacheUse', name: 'KV cache in use', colour: vermilion },
  { figure: 'poolActive', of: 'poolSize', name: 'pool in use', colour: orange },
] as const;

/** `undefined` if nothing of it was read. */
export function readingsOption(data: ChartData, result: Result): ChartOption | undefined {
  const everywhere = [[-Infinity, Infinity]] as const;
  const told = lines.flatMap((line) => {
    const whole = 'of' in line ? levelsIn(result, line.of, everywhere).at(-1)?.value : 1;
    const levels = levelsIn(result, line.figure, everywhere);
    if (levels.length === 0 || whole === undefined || whole === 0) return [];
    const points = levels.map(({ atMs, value }) => [Math.round(atMs), percent(value / whole)]);
    return [{ ...line, points }];
  });
  if (told.length === 0) return undefined;
  const series = told.map(({ name, colour, points }, i) => ({
    type: 'line',
    name,
    silent: true,
    symbol: points.length > 1 ? 'none' : 'circle',
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 2 },
    data: points,
    markArea: i === 0 ? phaseAreas(data) : undefined,
  }));
  return {
    ...baseOption('What the monitor read', phasesText(data)),
    xAxis: timeAxis(data),
    yAxis: { ...axisStyle, type: 'value', min: 0, max: 100, name: '%', nameGap: 44 },
    series: series.map(({ markArea, ...one }) =>
      markArea === undefined ? one : { ...one, markArea },
    ),
  };
}

function percent(share: number): number {
  return Number((100 * Math.min(1, Math.max(0, share))).toPrecision(4));
}
