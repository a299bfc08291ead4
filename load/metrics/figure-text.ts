/**
 * Figures as short texts with their unit, for readers and not for calculations. Every table, message and
 * report uses these functions, so that a figure has the same text everywhere.
 */
import { formatMs } from '../platform/duration.ts';

/** The kind of quantity that a figure is. Its base unit is ms, a share from 0 to 1, per second, bytes, or none. */
export type Dimension = 'time' | 'share' | 'perSecond' | 'bytes' | 'number';

/** A value in the base unit of its dimension: `1.23 s`, `0.53 %`, `12.3 /s`, `4.5 kB`, `8.2`. */
export function figureText(value: number | null | undefined, dimension: Dimension): string {
  if (value === undefined || value === null || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '–';
  if (dimension === 'time') return value === 0 ? '0 ms' : formatMs(value);
  if (dimension === 'share') return shareText(value);
  if (dimension === 'perSecond') return `${numberText(value)} /s`;
  if (dimension === 'bytes') return bytesText(value);
  return Number.isInteger(value) ? String(value) : numberText(value);
}

/** `0 %`, `0.053 %`, `7.0 %`, `12.3 %`, `100 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  // 99.96 % must not become 100 %, and 100 % must not hide a visible error.
  if (percent > 99) return `${Number((100 - Number((100 - percent).toPrecision(2))).toFixed(6))} %`;
  return `${percent.toPrecision(percent < 10 ? 2 : 3)} %`;
}

/**
 * The value's text with enough digits to tell it from the limit: a p95 of 1999.9 ms is within `< 2 s` and
 * must not read as 2 s.
 */
export function figureBesideLimit(value: number, limit: number, dimension: Dimension): string {
  const text = figureText(value, dimension);
  if (value === limit || text !== figureText(limit, dimension)) return text;
  if (dimension === 'share') return `${Number((value * 100).toPrecision(9))} %`;
  const unit = { time: ' ms', perSecond: ' /s', bytes: ' B', number: '' }[dimension];
  return `${Number(value.toPrecision(9))}${unit}`;
}

/** `1.1–1.3 s`, `980 ms–1.2 s`, `2.9 s–∞`; a single figure if both ends have the same text. */
export function intervalText(
  interval: readonly [number, number] | undefined,
  dimension: Dimension,
): string {
  if (interval === undefined) return '';
  const [low, high] = interval.map((value) => figureText(value, dimension)) as [string, string];
  return low === high ? low : sharingUnit(low, '–', high);
}

/** `3.1 → 3.6 ms`, `980 ms → 1.2 s`. */
export function moveText(from: number, to: number, dimension: Dimension): string {
  return sharingUnit(figureText(from, dimension), ' → ', figureText(to, dimension));
}

/** A unit that both figures have is written once. */
function sharingUnit(first: string, joint: string, last: string): string {
  const [number, unit] = first.split(' ');
  const isShared = unit !== undefined && unit === last.split(' ')[1];
  return `${isShared ? number : first}${joint}${last}`;
}

/** A moment of the run as a clock shows it: `0:31`, `5:03`, `1:02:05`. */
export function momentText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const minutes = h > 0 ? `${h}:${String(m).padStart(2, '0')}` : String(m);
  return `${minutes}:${String(s).padStart(2, '0')}`;
}

/**
 * A relative change, e.g. 0.667 or −0.03: `+67 %`, `−3 %`, `+∞`, `0 %`. Two significant digits, and whole
 * per cents from 100 on. A dash for NaN, since a share of 0 has no value.
 */
export function changeText(change: number): string {
  if (Number.isNaN(change)) return '–';
  if (Math.abs(change) === Infinity) return signed(change, '∞');
  const percent = Math.abs(change) * 100;
  const digits = percent >= 100 ? Math.round(percent) : Number(percent.toPrecision(2));
  return signed(digits < 1e-6 ? 0 : change, `${digits < 1e-6 ? 0 : digits} %`);
}

/** `+8.1 to +20 %`; a single change if both ends have the same text. */
export function changeIntervalText([low, high]: readonly [number, number]): string {
  const [from, to] = [changeText(low), changeText(high)];
  return from === to ? from : `${from.replace(/ %$/, '')} to ${to}`;
}

/** The change's text with enough digits to tell it from its limit. */
export function changeBesideLimit(change: number, limit: number): string {
  const text = changeText(change);
  if (change === limit || text !== changeText(limit)) return text;
  return signed(change, `${Number((Math.abs(change) * 100).toPrecision(9))} %`);
}

/** The relative change that a difference of natural logarithms stands for. */
export function logChangeText(logDifference: number): string {
  return changeText(Math.expm1(logDifference));
}

/** A difference of two shares, e.g. 0.005: `+0.5 points`. */
export function pointsText(difference: number): string {
  const points = Number((Math.abs(difference) * 100).toPrecision(3));
  return signed(points < 1e-6 ? 0 : difference, `${points < 1e-6 ? 0 : points} points`);
}

/** A difference of two figures of a dimension: `+4.5 kB`, `−12 ms`, `0 B`. */
export function differenceText(difference: number | undefined, dimension: Dimension): string {
  if (difference === undefined) return figureText(undefined, dimension);
  return signed(difference, figureText(Math.abs(difference), dimension));
}

/** How many times as much: `20.3×`. */
export function factorText(factor: number): string {
  return `${factor.toFixed(1)}×`;
}

/** A probability by chance: `p = 0.013`, `p < 0.001`. */
export function chanceText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${Number(p.toPrecision(2))}`;
}

/** Three significant digits, but all digits of the whole part: `8.27`, `54.2`, `1101`. */
export function numberText(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function signed(value: number, size: string): string {
  return value === 0 ? size : `${value < 0 ? '−' : '+'}${size}`;
}

function bytesText(bytes: number): string {
  const size = Math.abs(bytes);
  if (size < 1000) return `${numberText(bytes)} B`;
  return size < 1e6 ? `${numberText(bytes / 1000)} kB` : `${numberText(bytes / 1e6)} MB`;
}
