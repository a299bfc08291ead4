/** `gpu()`: memory, utilisation, temperature and power of this machine's GPUs, read with `nvidia-smi`. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { nothingKnown, sourceOf, type Measured, type MonitorSource } from './source.ts';

const program = 'nvidia-smi';
const query = [
  '--query-gpu=memory.used,memory.total,utilization.gpu,temperature.gpu,power.draw',
  '--format=csv,noheader,nounits',
];
const deadlineMs = 2000;

/** Whether the program exists. Without it, GPUs are not read, so that no note appears at each reading. */
export function hasGpuProgram(path = process.env['PATH'] ?? ''): boolean {
  return path.split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/**
 * Over all GPUs: `gpuMemory` (share) and `gpuMemoryBytes` in total, `gpuUtilisation` on average, the
 * highest `gpuTemperature` (°C), `gpuPower` (W) in total. Values that a GPU does not report are unknown.
 */
export function gpu(run: () => Promise<string> = askProgram): MonitorSource {
  return sourceOf('gpu', () => async () => readGpuTable(await run()));
}

async function askProgram(): Promise<string> {
  const { stdout } = await promisify(execFile)(program, query, { timeout: deadlineMs });
  return stdout;
}

/** One line per GPU, in the order of the query; `[N/A]` for values that it does not report. */
function readGpuTable(text: string): Measured {
  const cards = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map((field) => Number(field.trim())));
  if (cards.length === 0 || cards.some((fields) => fields.length !== query[0]!.split(',').length)) {
    return nothingKnown(`${program} did not answer with a table`);
  }
  const columns = [0, 1, 2, 3, 4].map((i) => cards.map((fields) => fields[i]!));
  const [used, total, utilisation, temperature, power] = columns as [
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const all = {
    gpuMemory: sum(used) / sum(total),
    gpuMemoryBytes: sum(used) * 2 ** 20,
    gpuMemoryTotal: sum(total) * 2 ** 20,
    gpuUtilisation: sum(utilisation) / cards.length / 100,
    gpuTemperature: Math.max(...temperature),
    gpuPower: sum(power),
  };
  const told = Object.entries(all);
  const unknown = told.filter(([, value]) => !Number.isFinite(value)).map(([name]) => name);
  const gauges = Object.fromEntries(told.filter(([, value]) => Number.isFinite(value)));
  if (unknown.length === 0) return { gauges };
  const reasons = unknown.map((name) => [name, `${program} does not report it`] as const);
  return { gauges, unknown: Object.fromEntries(reasons) };
}
