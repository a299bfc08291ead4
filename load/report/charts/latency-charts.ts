/** The charts of the response time: over time with its limits, and its distribution. */
import { formatMs } from '../../platform/duration.ts';
import { shareText } from '../../metrics/figure-text.ts';
import {
  charted,
  type Bin,
  type ChartData,
  type ChartedPercentile,
  type LatencyLimit,
} from './chart-data.ts';
import {
  axisStyle,
  baseOption,
  colours,
  labelSize,
  phasesText,
  pictureSize,
  plot,
  timeAxis,
  type ChartOption,
} from './chart-style.ts';
import { middleMs, pointText, withMarks } from './time-charts.ts';
import { defined } from '../../platform/defined.ts';
import { cut } from '../../platform/words.ts';
import { visible } from '../text/text-table.ts';

const percentileColours: Readonly<Record<ChartedPercentile, string>> = {
  p50: colours.sky,
  p95: colours.blue,
  p99: colours.vermilion,
};

/** If few requests ended, p95 and p99 coincide; with dashes both lines are visible. */
const lineStyles = {
  p50: { width: 2 },
  p95: { width: 3 },
  p99: { width: 2, dash: [5, 9] },
} as const satisfies Record<ChartedPercentile, object>;

/** The rows above the plot that show where a percentile is ∞. */
const strip = { top: 84, height: 42 } as const;
/** Limits whose ratio is larger have room for a label in between. */
const close = 1.5;
/** Maximum characters of a limit's label; there is more room along the time axis. */
const maxLabel = { yAxis: 70, xAxis: 30 } as const;
const quiet = { silent: true, symbol: 'none' } as const;

export function latencyOption(data: ChartData): ChartOption {
  const lines = charted.map((name, i) =>
    defined({
      name,
      colour: percentileColours[name],
      ...lineStyles[name],
      valueOf: ({ ms }: Bin) => ms[name],
      markLine: i === 0 ? limitLines(data.limits, 'yAxis') : undefined,
    }),
  );
  const base = baseOption(titleFor(data), phasesText(data));
  const known = data.bins.flatMap(({ ms }) => Object.values(ms)).filter((value) => value !== null);
  const xAxis = timeAxis(data);
  const limits = data.limits.map(({ limitMs }) => limitMs);
  const yAxis = {
    ...logAxis([...known.filter(Number.isFinite), ...limits]),
    name: 'ms (log scale)',
    nameGap: 56,
  };
  const series = withMarks(data, lines);
  const beyond = beyondMarks(data);
  if (beyond === undefined) return { ...base, xAxis, yAxis, series };
  return {
    ...base,
    grid: [
      { ...plot, top: strip.top + strip.height + 22, outerBoundsMode: 'none' },
      { ...plot, top: strip.top, height: strip.height, outerBoundsMode: 'none' },
    ],
    xAxis: [xAxis, { ...xAxis, gridIndex: 1, show: false }],
    yAxis: [yAxis, beyond.axis],
    series: [...series, beyond.series],
  };
}

export function distributionOption({ distribution, limits }: ChartData): ChartOption {
  const { bars, percentiles } = distribution;
  const found = charted.map((name) => percentiles[name]).filter(Number.isFinite);
  const edges = bars.flatMap(({ lowMs, highMs }) => [lowMs, highMs]);
  const steps = bars.map(({ lowMs, count }) => [lowMs, count]);
  const last = bars.at(-1);
  return {
    ...baseOption('Distribution of the response time', countsText(distribution)),
    legend: { show: false },
    xAxis: {
      ...logAxis([...edges, ...found, ...limits.map(({ limitMs }) => limitMs)]),
      name: 'response time (ms, log scale)',
      nameGap: 30,
      splitLine: { show: false },
    },
    yAxis: {
      ...axisStyle,
      type: 'value',
      min: 0,
      minInterval: 1,
      nameGap: 52,
      boundaryGap: [0, '6%'],
      name: 'requests that ended ok',
    },
    series: [
      {
        type: 'line',
        step: 'end',
        ...quiet,
        data: last === undefined ? [] : [...steps, [last.highMs, 0]],
        lineStyle: { color: colours.blue, width: 1 },
        areaStyle: { color: colours.sky, opacity: 0.6 },
        markLine: percentileLines(distribution),
      },
      // The limits have their own line style, so they need a series of their own.
      { type: 'line', silent: true, data: [], markLine: limitLines(limits, 'xAxis') },
    ],
  };
}

function titleFor(data: ChartData): string {
  return data.widthMs === 1000
    ? 'Response time, second by second'
    : `Response time, highest second of each ${pointText(data)}`;
}

function countsText({ ok, notOk, percentiles }: ChartData['distribution']): string {
  if (ok + notOk === 0) return 'no request was scheduled in the judged phases';
  const beyond = charted.filter((name) => percentiles[name] === Infinity);
  const share = shareText(notOk / (ok + notOk));
  const others = `, ${notOk} did not (${share}; in the percentiles they count as ∞)`;
  const infinite = beyond.length === 0 ? '' : ` · ${beyond.join(', ')}: ∞`;
  return `judged phases: ${ok} ended ok${notOk === 0 ? '' : others}${infinite}`;
}

/** Limits as dashed lines, ascending. Neighbours have their labels on different sides. */
function limitLines(limits: readonly LatencyLimit[], axis: 'xAxis' | 'yAxis') {
  const places = axis === 'yAxis' ? ['insideEnd', 'insideStart', 'insideMiddle'] : ['insideEnd'];
  // A single second may exceed the limit although the verdict on the run is a pass.
  const scope = axis === 'yAxis' ? ' (whole run)' : '';
  return {
    ...quiet,
    lineStyle: { color: colours.ink, type: 'dashed', width: 1.5 },
    data: limits.map(({ limitMs, label }, i) => {
      const isBelowAnother = (limits[i + 1]?.limitMs ?? Infinity) < limitMs * close;
      // Vertical text is rotated, so its bottom is on the right.
      const side = isBelowAnother === (axis === 'yAxis') ? 'Bottom' : 'Top';
      return {
        [axis]: limitMs,
        label: {
          formatter: literal(`budget ${cut(visible(label), maxLabel[axis])}${scope}`),
          position: `${places[i % places.length]}${side}`,
          fontSize: labelSize - 1,
          color: colours.ink,
          textBorderColor: colours.paper,
          textBorderWidth: 3,
        },
      };
    }),
  };
}

function percentileLines({ percentiles }: ChartData['distribution']) {
  return {
    ...quiet,
    data: charted
      .filter((name) => Number.isFinite(percentiles[name]))
      .map((name, i) => ({
        xAxis: percentiles[name],
        lineStyle: { color: percentileColours[name], type: 'solid', width: 2 },
        label: {
          formatter: `${name} ${formatMs(percentiles[name])}`,
          position: 'end',
          // Placed one above the other, since they may be close.
          distance: 4 + 15 * (charted.length - 1 - i),
          fontSize: labelSize,
          color: colours.ink,
          fontWeight: 'bold',
        },
      })),
  };
}

/** Where a percentile is ∞ the line has a gap with a mark above it; undefined if there are none. */
function beyondMarks(data: ChartData) {
  const marks = data.bins.flatMap((bin) =>
    charted
      .filter((name) => bin.ms[name] === Infinity)
      .map((name) => ({
        value: [middleMs(bin), `${name} = ∞`],
        itemStyle: { color: percentileColours[name] },
      })),
  );
  if (marks.length === 0) return undefined;
  const width = pictureSize.width - plot.left - plot.right;
  const markWidth = Math.max(3, Math.min(14, (width * data.widthMs) / Math.max(data.endMs, 2000)));
  return {
    axis: {
      ...axisStyle,
      gridIndex: 1,
      type: 'category',
      data: charted.map((n) => `${n} = ∞`),
      axisTick: { show: false },
      axisLabel: { ...axisStyle.axisLabel, fontSize: 11, interval: 0 },
    } as const,
    series: {
      type: 'scatter',
      name: '∞: more requests not ok than the percentile leaves out',
      xAxisIndex: 1,
      yAxisIndex: 1,
      silent: true,
      symbol: 'rect',
      data: marks,
      symbolSize: [Math.round(markWidth), 10],
      itemStyle: { color: colours.faint },
    },
  };
}

/** A logarithmic axis around the values, with marks at 1, 2 and 5 of each power of ten. */
function logAxis(values: readonly number[]) {
  const positive = values.filter((value) => value > 0);
  const low = Math.min(...(positive.length > 0 ? positive : [1]));
  const high = Math.max(...(positive.length > 0 ? positive : [1000]));
  const marks: number[] = [];
  for (let exponent = -3; exponent <= 7; exponent++) {
    for (const digit of [1, 2, 5]) marks.push(Number(`${digit}e${exponent}`));
  }
  const min = marks.findLast((mark) => mark < low) ?? 0.001;
  const max = marks.find((mark) => mark > high && mark >= min * 10) ?? 5e7;
  const customValues = marks.filter((mark) => mark >= min && mark <= max);
  return {
    ...axisStyle,
    type: 'log',
    min,
    max,
    axisTick: { customValues },
    axisLabel: { ...axisStyle.axisLabel, customValues },
    splitLine: { ...axisStyle.splitLine, customValues },
  } as const;
}

/** echarts would replace `{a}` to `{e}`; an invisible joiner character prevents that in names. */
function literal(text: string): string {
  return text.replaceAll('{', '{\u2060');
}
