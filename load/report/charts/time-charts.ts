/** The charts over the time of a load: users, rates, and latencies with their limits. */
import { formatMs } from '../../platform/duration.ts';
import { defined } from '../../platform/defined.ts';
import type { Bin, ChartData } from './chart-data.ts';
import {
  axisStyle,
  baseOption,
  colours,
  phaseAreas,
  phasesText,
  timeAxis,
  type ChartOption,
} from './chart-style.ts';

type Point = readonly [number, number | null];
/** Points with neighbours are connected by a line; a single point is drawn as a dot. */
type LinePoint = Point | { readonly value: Point; readonly symbol: string };

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly dash?: 'dashed' | readonly number[];
  readonly width?: number;
  readonly valueOf: (bin: Bin) => number | null;
  readonly markLine?: object;
}

export function usersOption(data: ChartData): ChartOption {
  return {
    ...baseOption('Users and requests in flight', phasesText(data)),
    xAxis: timeAxis(data),
    yAxis: countAxis('number', { minInterval: 1 }),
    series: withMarks(data, [
      { name: 'virtual users', colour: colours.blue, width: 3, valueOf: ({ users }) => users },
      {
        name: `requests in flight (peak in ${pointText(data)})`,
        colour: colours.orange,
        valueOf: ({ inFlight }) => inFlight,
      },
    ]),
  };
}

export function ratesOption(data: ChartData): ChartOption {
  const { green, vermilion, purple } = colours;
  const lines: Line[] = [
    { name: 'ended ok', colour: green, valueOf: (bin) => bin.okPerSecond },
    { name: 'errors', colour: vermilion, dash: 'dashed', valueOf: (bin) => bin.errorsPerSecond },
  ];
  if (data.bins.some(({ othersPerSecond }) => othersPerSecond > 0)) {
    const name = 'throttled, degraded, interrupted';
    lines.push({ name, colour: purple, valueOf: (bin) => bin.othersPerSecond });
  }
  return {
    ...baseOption('Throughput and errors', phasesText(data)),
    xAxis: timeAxis(data),
    yAxis: countAxis(`requests per second (mean of ${pointText(data)})`),
    series: withMarks(data, lines),
  };
}

/** `1 s`, or the time that a point of a long run covers. */
export function pointText({ widthMs }: ChartData): string {
  return formatMs(widthMs);
}

function seriesOf({ bins }: ChartData, line: Line) {
  const { name, colour, dash, width = 2, valueOf, ...more } = line;
  return {
    type: 'line',
    name,
    silent: true,
    symbol: 'none',
    symbolSize: 6,
    connectNulls: false,
    itemStyle: { color: colour },
    lineStyle: defined({ color: colour, width, type: dash }),
    emphasis: { disabled: true },
    data: withDots(bins.map((bin): Point => [middleMs(bin), finite(valueOf(bin))])),
    ...more,
  };
}

export function middleMs({ startMs, endMs }: Bin): number {
  return Math.round((startMs + endMs) / 2);
}

/** A gap if there is no number: nothing ended, or ∞. */
function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? Number(value.toPrecision(5)) : null;
}

function withDots(points: readonly Point[]): LinePoint[] {
  const has = (point: Point | undefined): boolean => typeof point?.[1] === 'number';
  return points.map((point, i) => {
    const isAlone = has(point) && !has(points[i - 1]) && !has(points[i + 1]);
    return isAlone ? { value: point, symbol: 'circle' } : point;
  });
}

/** A vertical line at each change of the load. */
function stageLines({ stages }: ChartData) {
  return {
    silent: true,
    symbol: 'none',
    animation: false,
    lineStyle: { color: colours.ink, type: 'solid', width: 1 },
    label: { position: 'insideEndTop', color: colours.ink, fontSize: 11 },
    data: stages.map(({ atMs, text }) => ({ xAxis: atMs, label: { formatter: text } })),
  };
}

/** Phases and stalls are drawn with the first line; stalls have their own entry in the legend. */
export function withMarks(data: ChartData, lines: readonly Line[]): object[] {
  const [first, ...others] = lines.map((line) => seriesOf(data, line));
  const stalls = {
    type: 'line',
    name: 'stall (5 or more in flight, no progress)',
    silent: true,
    data: [],
    symbol: 'rect',
    lineStyle: { width: 0 },
    itemStyle: { color: colours.purple },
    markArea: {
      silent: true,
      label: { show: false },
      itemStyle: {
        color: colours.purple,
        opacity: 0.22,
        borderColor: colours.purple,
        borderWidth: 1,
      },
      data: data.stalls.map(({ startMs, endMs }) => [{ xAxis: startMs }, { xAxis: endMs }]),
    },
  };
  const stages = data.stages.length > 0 ? { markLine: stageLines(data) } : {};
  const marked = [{ ...first, markArea: phaseAreas(data), ...stages }, ...others];
  return data.stalls.length > 0 ? [...marked, stalls] : marked;
}

function countAxis(name: string, more: object = {}) {
  return {
    ...axisStyle,
    type: 'value',
    name,
    nameGap: 52,
    min: 0,
    boundaryGap: [0, '6%'],
    ...more,
  } as const;
}
