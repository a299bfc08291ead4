/** A test's history as a chart: p95 of each task from run to run, with the accepted changes. */
import type { HistoryLine } from '../../baselines/history.ts';
import { defined } from '../../platform/defined.ts';
import { axisStyle, baseOption, colours, labelSize, type ChartOption } from './chart-style.ts';
import { visible } from '../text/text-table.ts';
import { counted } from '../../platform/words.ts';

/** One run per night for a year. */
const shownRuns = 366;

const { blue, orange, green, vermilion, sky, purple } = colours;
const palette = [blue, orange, green, vermilion, sky, purple];

/** `lines`: of one test, oldest first. */
export function historyOption(testId: string, lines: readonly HistoryLine[]): ChartOption {
  const shown = lines.slice(-shownRuns);
  const names = [...new Set(shown.flatMap(({ tasks }) => tasks.map(({ name }) => name)))];
  const accepted = shown.filter((line) => line.accepted === true).length;
  const subtitle = `p95 of each task; ${counted(shown.length, 'run')}, ${accepted} of them accepted as new`;
  const p95Of = (line: HistoryLine, name: string): number | null =>
    line.tasks.find((task) => task.name === name)?.figures.p95_latency_ms ?? null;
  return {
    ...baseOption(visible(`${testId}, run by run`), subtitle),
    xAxis: {
      ...axisStyle,
      type: 'category',
      splitLine: { show: false },
      data: shown.map(({ startedAt }) => startedAt.slice(0, 16).replace('T', ' ')),
      name: 'started (UTC)',
      nameGap: 30,
    },
    yAxis: { ...axisStyle, type: 'value', min: 0, name: 'ms', nameGap: 56 },
    series: names.map((name, index) =>
      defined({
        type: 'line',
        name: visible(name),
        symbolSize: 6,
        connectNulls: false,
        data: shown.map((line) => p95Of(line, name)),
        lineStyle: { color: palette[index % palette.length], width: 2 },
        itemStyle: { color: palette[index % palette.length] },
        markLine: index === 0 ? acceptedLines(shown) : undefined,
      }),
    ),
  };
}

function acceptedLines(lines: readonly HistoryLine[]) {
  const places = lines.flatMap(({ accepted }, index) => (accepted === true ? [index] : []));
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: colours.faint, type: 'dashed' },
    data: places.map((index) => ({
      xAxis: index,
      label: { formatter: 'accepted', color: colours.faint, fontSize: labelSize - 1 },
    })),
  };
}
