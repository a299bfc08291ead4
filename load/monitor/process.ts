/**
 * `processOf(pid)`: CPU, memory and open descriptors of a process on this machine, out of /proc; on
 * other platforms, of a process of somebody else, or when it has gone, unknown.
 */
import { readFile, readdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { readProcessStat, readResidentBytes, type ProcessStat } from '../platform/proc-files.ts';
import { nothingKnown, sourceOf, type Measured, type MonitorSource } from './source.ts';

/** Linux tells times to programs in hundredths of a second, whatever its own ticks are. */
const ticksPerSecond = 100;

/**
 * `targetCpu` and `targetCpuPeak`: CPU time as a share of what all cores of the machine have.
 * `targetMemory`: resident bytes. `targetDescriptors`: open files and sockets.
 */
export function processOf(
  pid: number,
  { folder = '/proc', cores = cpus().length }: { folder?: string; cores?: number } = {},
): MonitorSource {
  return sourceOf('process', () => {
    let before: ProcessStat | undefined;
    return async (spanMs) => {
      const stat = readProcessStat(await readFile(`${folder}/${pid}/stat`, 'utf8'));
      const residentBytes = readResidentBytes(await readFile(`${folder}/${pid}/status`, 'utf8'));
      const descriptors = await readdir(`${folder}/${pid}/fd`);
      // One that has ended and was not waited for has no memory any more.
      if (stat === undefined || residentBytes === undefined) {
        return nothingKnown(`process ${pid} has ended, or is none of Linux`);
      }
      const cpu =
        before && spanMs !== undefined ? cpuOf(before, stat, spanMs, { pid, cores }) : undefined;
      before = stat;
      return {
        ...cpu,
        gauges: { targetMemory: residentBytes, targetDescriptors: descriptors.length },
      };
    };
  });
}

function cpuOf(
  before: ProcessStat,
  { cpuTicks, startTicks }: ProcessStat,
  spanMs: number,
  { pid, cores }: { pid: number; cores: number },
): Measured {
  if (startTicks !== before.startTicks) {
    const reason = `another process has the pid ${pid} now`;
    return { unknown: { targetCpu: reason, targetCpuPeak: reason } };
  }
  const part = (cpuTicks - before.cpuTicks) / ticksPerSecond;
  const share = { part, whole: (spanMs / 1000) * cores };
  return { ratios: { targetCpu: share, targetCpuPeak: share } };
}
