/** The range of a chart's axes, and the positions of their marks. */
import type { Heat, Span, TimeChart, Value } from '../page-data.ts';

const secondsOfSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400,
];

/** Marks of a time axis, far enough apart for their labels. */
export function timeMarks([fromMs, toMs]: Span, widthPixels: number): number[] {
  const most = Math.max(2, Math.floor(widthPixels / 80));
  const seconds = (toMs - fromMs) / 1000;
  const step =
    (secondsOfSteps.find((one) => seconds / one <= most) ?? Math.ceil(seconds / most)) * 1000;
  const first = Math.ceil(fromMs / step) * step;
  const count = Math.max(0, Math.floor((toMs - first) / step) + 1);
  return Array.from({ length: count }, (_, i) => first + i * step);
}

export interface ValueAxis {
  readonly min: number;
  readonly max: number;
  readonly marks: readonly number[];
}

/** A value axis that contains all visible values. */
export function valueAxis(chart: TimeChart, seen: readonly Value[]): ValueAxis {
  const { limits = [], band, heat, isLog = false } = chart;
  const known = seen.filter((value) => typeof value === 'number');
  const besides = [
    ...limits.map(({ at }) => at),
    ...(band ? [band.low, band.high] : []),
    ...edgesOf(heat),
  ];
  if (isLog) return logAxis([...known, ...besides]);
  const most = [...known, ...besides].reduce((highest, value) => Math.max(highest, value), 0);
  const least = known.reduce((lowest, value) => Math.min(lowest, value), 0);
  return linearAxis(least, most);
}

function edgesOf(heat: Heat | undefined): number[] {
  return heat === undefined || heat.edgesMs.length === 0
    ? []
    : [heat.edgesMs[0]!, heat.edgesMs.at(-1)!];
}

export function linearAxis(least: number, most: number): ValueAxis {
  const span = most - least || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    [1, 2, 2.5, 5, 10].map((digit) => digit * power).find((one) => one >= rough) ?? rough;
  const min = Math.floor(least / step) * step;
  const count = Math.ceil((most - min) / step + 0.15);
  return {
    min,
    max: min + count * step,
    marks: Array.from({ length: count + 1 }, (_, i) => Number((min + i * step).toPrecision(12))),
  };
}

/** Marks at 1, 2 and 5 of each power of ten, or only at the powers if there are many. */
function logAxis(values: readonly number[]): ValueAxis {
  const positive = values.filter((value) => value > 0);
  const low = positive.reduce((least, value) => Math.min(least, value), Infinity);
  const high = positive.reduce((most, value) => Math.max(most, value), -Infinity);
  const [from, to] = positive.length === 0 ? [1, 1000] : [low, high];
  const all: number[] = [];
  for (let exponent = -3; exponent <= 8; exponent++) {
    for (const digit of [1, 2, 5]) all.push(Number(`${digit}e${exponent}`));
  }
  const min = all.findLast((mark) => mark < from) ?? all[0]!;
  const max = all.find((mark) => mark > to && mark >= min * 10) ?? all.at(-1)!;
  const within = all.filter((mark) => mark >= min && mark <= max);
  const powers = within.filter((mark) => Number.isInteger(Math.log10(mark)));
  return { min, max, marks: within.length > 8 && powers.length > 1 ? powers : within };
}
