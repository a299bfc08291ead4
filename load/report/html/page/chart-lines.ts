/** Lines across a chart: limits, flags, changes of the load, and the selected moment. */
import type { Mark, Span, TimeChart } from '../page-data.ts';
import { colourOf } from './theme.tsx';

export const labelSize = 12;

export function limitLines({ limits = [], band }: TimeChart) {
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

export function flagLines(marks: readonly Mark[]) {
  return marks
    .filter(({ kind }) => kind === 'flag')
    .map(({ at }) => ({
      xAxis: at[0],
      label: { show: false },
      lineStyle: { color: colourOf('orange'), type: 'dotted', width: 1.5 },
    }));
}

/** Labelled only in the chart of the changed level. */
export function stageLines({ id }: TimeChart, marks: readonly Mark[]) {
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

export function momentLines(moment: Span | undefined) {
  if (moment === undefined) return [];
  return [
    {
      xAxis: moment[0],
      label: { show: false },
      lineStyle: { color: colourOf('moment'), type: 'solid', width: 1.5 },
    },
  ];
}

/** The library would replace `{a}` to `{e}`; an invisible joiner character prevents that in names. */
function plain(text: string): string {
  return text.replaceAll('{', '{\u2060');
}
