/**
 * `processOf(pid)`: CPU, memory and open descriptors of a process on this machine, read from /proc.
 * Unknown on other platforms, for a process of another user, and when the process has ended.
 */
import { readFile, readdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import {
  readIsStopped,
  readProcessStat,
  readResidentBytes,
  type ProcessStat,
} from '../platform/proc-files.ts';
import { defined } from '../platform/defined.ts';
import { nothingKnown, sourceOf, type Measured, type MonitorSource } from './source.ts';
import { readThreads, threadRatios, ticksPerSecond, type Threads } from './threads.ts';

/**
 * `targetCpu` and `targetCpuPeak`: CPU time as a share of all cores of the machine. `processCores`: in
 * cores. `targetThread` and `targetThreadWanted`: of its busiest thread (threads.ts). `targetStopped`: 1
 * if it was stopped by a signal. `targetMemory`: resident bytes. `targetDescriptors`: open files and
 * sockets.
 */
export function processOf(
  pid: number,
  { folder = '/proc', cores = cpus().length }: { folder?: string; cores?: number } = {},
): MonitorSource {
  return sourceOf('process', () => {
    let before: ProcessStat | undefined;
    let threadsBefore: Threads = new Map();
    return async (spanMs) => {
      const text = await readFile(`${folder}/${pid}/stat`, 'utf8');
      const stat = readProcessStat(text);
      const threads = await readThreads(`${folder}/${pid}/task`);
      const residentBytes = readResidentBytes(await readFile(`${folder}/${pid}/status`, 'utf8'));
      const descriptors = await readdir(`${folder}/${pid}/fd`);
      // A zombie process has no memory.
      if (stat === undefined || residentBytes === undefined) {
        return nothingKnown(`process ${pid} has ended, or this is not Linux`);
      }
      const cpu =
        before && spanMs !== undefined ? cpuOf(before, stat, spanMs, { pid, cores }) : undefined;
      const own = threadRatios(threadsBefore, threads, (spanMs ?? 0) / 1000);
      before = stat;
      threadsBefore = threads;
      const ratios = cpu?.ratios && { ...cpu.ratios, ...own };
      return {
        ...cpu,
        ...defined({ ratios }),
        gauges: {
          targetMemory: residentBytes,
          targetDescriptors: descriptors.length,
          targetStopped: readIsStopped(text) ? 1 : 0,
        },
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
  const seconds = spanMs / 1000;
  const share = { part, whole: seconds * cores };
  return {
    ratios: { targetCpu: share, targetCpuPeak: share, processCores: { part, whole: seconds } },
  };
}
