/**
 * `dcgm('/metrics')`: the figures of `gpu()` for another machine, from the Prometheus exporter of
 * NVIDIA's DCGM.
 */
import { selectSamples } from './prometheus-difference.ts';
import { prometheus, type Figures } from './prometheus.ts';
import type { Exposition } from './prometheus-text.ts';
import type { MonitorSource } from './source.ts';

const used = 'DCGM_FI_DEV_FB_USED';
const free = 'DCGM_FI_DEV_FB_FREE';
const mebibyte = 2 ** 20;
/** DCGM writes a number above this (2⁴⁷, 2⁶³ − 14 and similar) for a value that a GPU does not report. */
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
  // A GPU may report only some of them.
  return prometheus(path, dcgmFigures, { isOptional: true });
}

/** A figure over all GPUs, from the values of these series; unknown if a value is missing. */
function level(
  names: readonly string[],
  of: (values: readonly [readonly number[], readonly number[]]) => number,
) {
  return {
    names,
    levelOf: (page: Exposition): number | string | undefined => {
      const values = names.map((name) => selectSamples(page, { name }).map(({ value }) => value));
      if (values.some((one) => one.length === 0)) return undefined;
      if (values.flat().some((value) => value >= blank)) return 'a GPU does not report it';
      const told = of([values[0]!, values[1] ?? []]);
      return Number.isFinite(told) ? told : 'a series of it has no number';
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
