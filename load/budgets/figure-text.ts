/** Figures for a reader: short, with their unit, never for a calculation. */
import { formatMs } from '../platform/duration.ts';
import type { Dimension } from '../metrics/log/budget.ts';

/** A value in the base unit of its dimension: `1.23 s`, `0.53 %`, `12.3 /s`, `4.5 kB`, `8.2`. */
export function figureText(value: number | undefined, dimension: Dimension): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '–';
  if (dimension === 'time') return value === 0 ? '0 ms' : formatMs(value);
  if (dimension === 'share') return shareText(value);
  if (dimension === 'perSecond') return `${threeDigits(value)} /s`;
  if (dimension === 'bytes') return bytesText(value);
  return Number.isInteger(value) ? String(value) : threeDigits(value);
}

/** `0 %`, `0.053 %`, `7.0 %`, `12.3 %`, `100 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  // 99.96 % is not 100 %, nor 100 % minus an error that shows.
  if (percent > 99) return `${Number((100 - Number((100 - percent).toPrecision(2))).toFixed(6))} %`;
  return `${percent.toPrecision(percent < 10 ? 2 : 3)} %`;
}

/**
 * The value's text, with as many digits as it takes to tell it from the limit: a p95 of 1999.9 ms keeps
 * `< 2 s` and must not read as 2 s.
 */
export function figureBesideLimit(value: number, limit: number, dimension: Dimension): string {
  const text = figureText(value, dimension);
  if (value === limit || text !== figureText(limit, dimension)) return text;
  if (dimension === 'share') return `${Number((value * 100).toPrecision(9))} %`;
  const unit = { time: ' ms', perSecond: ' /s', bytes: ' B', number: '' }[dimension];
  return `${Number(value.toPrecision(9))}${unit}`;
}

/** `1.1–1.3 s`, `980 ms–1.2 s`, `2.9 s–∞`; one figure where both ends read the same. */
export function intervalText(
  interval: readonly [number, number] | undefined,
  dimension: Dimension,
): string {
  if (interval === undefined) return '';
  const [low, high] = interval.map((value) => figureText(value, dimension)) as [string, string];
  if (low === high) return low;
  const [lowNumber, lowUnit] = low.split(' ');
  return lowUnit !== undefined && lowUnit === high.split(' ')[1]
    ? `${lowNumber}–${high}`
    : `${low}–${high}`;
}

/** A moment of the run as a clock shows it: `0:31`, `5:03`, `1:02:05`. */
export function momentText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const minutes = h > 0 ? `${h}:${String(m).padStart(2, '0')}` : String(m);
  return `${minutes}:${String(s).padStart(2, '0')}`;
}

function bytesText(bytes: number): string {
  if (Math.abs(bytes) < 1000) return `${threeDigits(bytes)} B`;
  return Math.abs(bytes) < 1e6
    ? `${threeDigits(bytes / 1000)} kB`
    : `${threeDigits(bytes / 1e6)} MB`;
}

function threeDigits(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
