/** `host()`: CPU and memory of the machine on which the load runs, out of /proc; elsewhere unknown. */
import { readFile } from 'node:fs/promises';
import { defined } from '../platform/defined.ts';
import { readCpuTicks, readMemory, type CpuTicks } from '../platform/proc-files.ts';
import { nothingKnown, sourceOf, type MonitorSource } from './source.ts';

/** `hostCpu`: share of all cores. `hostMemory`: share of the memory. `hostMemoryBytes`: what is used. */
export function host(folder = '/proc'): MonitorSource {
  return sourceOf('host', () => {
    let before: CpuTicks | undefined;
    return async () => {
      const cpu = readCpuTicks(await readFile(`${folder}/stat`, 'utf8'));
      const memory = readMemory(await readFile(`${folder}/meminfo`, 'utf8'));
      if (cpu === undefined || memory === undefined) {
        return nothingKnown(`${folder} is not what Linux writes`);
      }
      const part = before === undefined ? 0 : cpu.busy - before.busy;
      const whole = before === undefined ? 0 : cpu.total - before.total;
      before = cpu;
      return defined({
        // Ticks of a core that went to sleep have been seen to go back by one or two.
        ratios: whole > 0 && part >= 0 ? { hostCpu: { part, whole } } : undefined,
        gauges: { hostMemory: memory.used / memory.total, hostMemoryBytes: memory.used },
      });
    };
  });
}
