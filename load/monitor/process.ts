/**
 * `processOf(pid)`: CPU, memory and open descriptors of a process on this machine, out of /proc; on
 * other platforms, of a process of somebody else, or when it has gone, unknown.
 */
import { readFile, readdir } from 'node:fs/promises';
import { readProcessStat, readResidentBytes, type ProcessStat } from './proc-files.ts';
import { nothingKnown, reasonOf, type Measured, type MonitorSource } from './source.ts';

/** Linux tells times to programs in hundredths of a second, whatever its own ticks are. */
const ticksPerSecond = 100;

/**
 * `processCpu`: CPU time per second, 1 is one core. `processMemoryBytes`: resident.
 * `processDescriptors`: open files and sockets.
 */
export function processOf(pid: number, folder = '/proc'): MonitorSource {
  return {
    name: 'process',
    open() {
      let before: ProcessStat | undefined;
      return {
        async read(spanMs): Promise<Measured> {
          let stat, residentBytes, descriptors;
          try {
            stat = readProcessStat(await readFile(`${folder}/${pid}/stat`, 'utf8'));
            residentBytes = readResidentBytes(await readFile(`${folder}/${pid}/status`, 'utf8'));
            descriptors = (await readdir(`${folder}/${pid}/fd`)).length;
          } catch (error) {
            return nothingKnown(reasonOf(error));
          }
          // One that has ended and was not waited for has no memory any more.
          if (stat === undefined || residentBytes === undefined) {
            return nothingKnown(`process ${pid} has ended, or is none of Linux`);
          }
          const earlier = before;
          before = stat;
          return {
            ...(earlier === undefined || spanMs === undefined
              ? {}
              : cpuOf(earlier, stat, spanMs, pid)),
            gauges: { processMemoryBytes: residentBytes, processDescriptors: descriptors },
          };
        },
      };
    },
  };
}

function cpuOf(
  before: ProcessStat,
  { cpuTicks, startTicks }: ProcessStat,
  spanMs: number,
  pid: number,
): Measured {
  if (startTicks !== before.startTicks) {
    return { unknown: { processCpu: `another process has the pid ${pid} now` } };
  }
  const part = (cpuTicks - before.cpuTicks) / ticksPerSecond;
  return { ratios: { processCpu: { part, whole: spanMs / 1000 } } };
}
