/** Series with a point per minute: a level, a rise, and autocorrelated noise. */
import type { Point } from '../../../load/analysis/theil-sen.ts';
import { drawKey, normal, purpose } from '../../../load/platform/random.ts';

const startOfNoise = purpose('start of noise');
const noise = purpose('noise');

export interface SeriesShape {
  readonly minutes: number;
  readonly level: number;
  /** How much the last minute is above the first, as a share of the level. */
  readonly rise?: number;
  /** Standard deviation of the noise, as a share of the level. */
  readonly noise: number;
  /** Share of a minute's noise that carries over to the next. */
  readonly phi?: number;
}

export function series(seed: number, shape: SeriesShape): Point[] {
  const { minutes, level, rise = 0, phi = 0 } = shape;
  const key = drawKey(seed, 'series');
  const fresh = Math.sqrt(1 - phi * phi);
  let deviation = normal(key, 0, startOfNoise, 0);
  return Array.from({ length: minutes }, (_, minute) => {
    deviation = phi * deviation + fresh * normal(key, 0, noise, minute);
    const expected = level * (1 + (rise * minute) / (minutes - 1));
    return { x: minute * 60_000, y: expected + level * shape.noise * deviation };
  });
}
