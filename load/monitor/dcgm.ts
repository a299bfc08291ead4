/** `dcgm('/metrics')`: the same as `gpu()`, of another machine, by the Prometheus exporter of NVIDIA's DCGM. */
import { selectSamples } from './prometheus-difference.ts';
import { prometheus, type Figures } from './prometheus.ts';
import type { Exposition } from './prometheus-text.ts';
import type { MonitorSource } from './source.ts';

const used = 'DCGM_FI_DEV_FB_USED';
const free = 'DCGM_FI_DEV_FB_FREE';
const mebibyte = 2 ** 20;
/** DCGM writes a number from here up (2⁴⁷, 2⁶³ − 14 and their like) for what a card does not tell. */
const blank = 2 ** 47;

export const dcgmFigures: Figures = {
  gpuMemory: level([used, free], ([a, b]) => sum(a) / (sum(a) + sum(b))),
  gpuMemoryBytes: level([used], ([a]) => sum(a) * mebibyte),
  gpuMemoryTotal: level([used, free], ([a, b]) => (sum(a) + sum(b)) * mebibyte),
  gpuUtilisation: level(['DCGM_FI_DEV_GPU_UTIL'], ([a]) => sum(a) / a.length / 100),
  gpuTemperature: level(['DCGM_FI_DEV_GPU_TEMP'], ([a]) => Math.max(...a)),
  gpuPower: level(['DCGM_FI_DEV_POWER_USAGE'], ([a]) => sum(a)),
};

export function dcgm(path: string): MonitorSource {
  // A card need not tell all of them.
  return prometheus(path, dcgmFigures, { isOptional: true });
}

/** A figure of all cards, from the values of these series; not told where one of them is missing. */
function level(
  names: readonly string[],
  of: (values: readonly [readonly number[], readonly number[]]) => number,
) {
  return {
    names,
    levelOf: (page: Exposition): number | string | undefined => {
      const values = names.map((name) => selectSamples(page, { name }).map(({ value }) => value));
      if (values.some((one) => one.length === 0)) return undefined;
      if (values.flat().some((value) => value >= blank)) return 'a card does not tell it';
      const told = of([values[0]!, values[1] ?? []]);
      return Number.isFinite(told) ? told : 'a series of it has no number';
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
