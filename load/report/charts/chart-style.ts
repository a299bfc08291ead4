/**
 * The style of all charts of a load. The colours are those of Okabe and Ito, which colour-blind readers
 * can tell apart. The background is opaque, so that texts stay readable on a dark page.
 */
import { momentText } from '../../metrics/figure-text.ts';
import type { ChartData, Span } from './chart-data.ts';
import { visible } from '../text/text-table.ts';

/** Options are plain data without functions, so they can be compared, stored and embedded in a page. */
export type ChartOption = Readonly<Record<string, unknown>>;

export const pictureSize = { width: 1000, height: 380 } as const;

export const colours = {
  blue: '#0072b2',
  orange: '#e69f00',
  green: '#009e73',
  vermilion: '#d55e00',
  sky: '#56b4e9',
  purple: '#cc79a7',
  ink: '#24292f',
  faint: '#57606a',
  rule: '#d8dee4',
  paper: '#ffffff',
  shade: '#eaeef2',
  darkerShade: '#d8dee4',
} as const;

const fontFamily = 'Arial, Helvetica, sans-serif';
export const labelSize = 13;

export const plot = { left: 78, right: 28, top: 104, bottom: 54 } as const;

/** Pixels per character, to keep a label within its phase. */
const characterWidth = 7;

export function baseOption(title: string, subtitle: string): ChartOption {
  const textStyle = { fontFamily, fontSize: labelSize, color: colours.ink };
  return {
    animation: false,
    useUTC: true,
    backgroundColor: colours.paper,
    textStyle,
    title: {
      text: title,
      subtext: visible(subtitle),
      left: 14,
      top: 8,
      itemGap: 6,
      textStyle: { fontFamily, fontSize: 17, color: colours.ink },
      subtextStyle: { fontFamily, fontSize: labelSize, color: colours.faint },
    },
    legend: {
      left: 14,
      top: 56,
      itemGap: 22,
      itemWidth: 22,
      itemHeight: 12,
      padding: 0,
      textStyle,
    },
    grid: { ...plot, outerBoundsMode: 'none' },
  };
}

export const axisStyle = {
  nameLocation: 'middle',
  nameTextStyle: { fontSize: labelSize, color: colours.faint },
  axisLabel: { fontSize: labelSize, color: colours.ink, hideOverlap: true },
  axisLine: { show: true, lineStyle: { color: colours.faint } },
  splitLine: { show: true, lineStyle: { color: colours.rule } },
} as const;

export function timeAxis({ endMs }: ChartData) {
  const isLong = endMs >= 3_600_000;
  return {
    ...axisStyle,
    type: 'time',
    min: 0,
    max: Math.max(endMs, 2000),
    minInterval: 1000,
    name: `time since the start (${isLong ? 'h:mm:ss' : 'm:ss'})`,
    nameGap: 30,
    splitLine: { show: false },
    axisLabel: { ...axisStyle.axisLabel, formatter: isLong ? '{H}:{mm}:{ss}' : '{m}:{ss}' },
  } as const;
}

export function phasesText({ phases }: ChartData): string {
  if (phases.length === 0) return 'nothing was recorded';
  const texts = phases.map(({ name, startMs, endMs, judged }) => {
    return `${name} ${momentText(startMs)}–${momentText(endMs)}${judged ? '' : ' (not judged)'}`;
  });
  return texts.join(' · ');
}

/** Phases that are not judged are shaded, judged ones are white. */
export function phaseAreas(data: ChartData) {
  const width = pictureSize.width - plot.left - plot.right;
  const fits = ({ name, startMs, endMs }: Span): boolean =>
    ((endMs - startMs) / Math.max(data.endMs, 1)) * width > (name.length + 1) * characterWidth;
  return {
    silent: true,
    label: { position: 'top', distance: 4, color: colours.faint, fontSize: 12 },
    data: data.phases.map((span, i) => [
      {
        name: fits(span) ? span.name : '',
        xAxis: span.startMs,
        itemStyle: { color: shadeOf(span, i), borderColor: colours.rule, borderWidth: 1 },
      },
      { xAxis: span.endMs },
    ]),
  };
}

function shadeOf({ judged }: Span, index: number): string {
  if (judged) return 'transparent';
  return index % 2 === 0 ? colours.shade : colours.darkerShade;
}
