/**
 * `processOf(pid)`: CPU, memory and open descriptors of a process on this machine, out of /proc; on
 * other platforms, of a process of somebody else, or when it has gone, unknown.
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

/** Linux tells times to programs in hundredths of a second, whatever its own ticks are. */
const ticksPerSecond = 100;
/** A program with thousands of them must not cost its watcher thousands of files. */
const mostThreads = 100;

/**
 * `targetCpu` and `targetCpuPeak`: CPU time as a share of what all cores of the machine have.
 * `processCores`: in cores. `targetThread`: what its busiest thread used of one core. `targetStopped`: 1 where it was
 * stopped by a signal. `targetMemory`: resident bytes. `targetDescriptors`: open files and sockets.
 */
export function processOf(
  pid: number,
  { folder = '/proc', cores = cpus().length }: { folder?: string; cores?: number } = {},
): MonitorSource {
  return sourceOf('process', () => {
    let before: ProcessStat | undefined;
    let threadsBefore: ReadonlyMap<string, number> = new Map();
    return async (spanMs) => {
      const text = await readFile(`${folder}/${pid}/stat`, 'utf8');
      const stat = readProcessStat(text);
      const threads = await threadTicks(`${folder}/${pid}/task`);
      const residentBytes = readResidentBytes(await readFile(`${folder}/${pid}/status`, 'utf8'));
      const descriptors = await readdir(`${folder}/${pid}/fd`);
      // One that has ended and was not waited for has no memory any more.
      if (stat === undefined || residentBytes === undefined) {
        return nothingKnown(`process ${pid} has ended, or is none of Linux`);
      }
      const cpu =
        before && spanMs !== undefined ? cpuOf(before, stat, spanMs, { pid, cores }) : undefined;
      const busiest = busiestOf(threadsBefore, threads);
      before = stat;
      threadsBefore = threads;
      const whole = (spanMs ?? 0) / 1000;
      const ratios = cpu?.ratios && {
        ...cpu.ratios,
        ...defined({
          targetThread:
            busiest === undefined ? undefined : { part: busiest / ticksPerSecond, whole },
        }),
      };
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

/** CPU time of each thread, by its number. One that ends meanwhile is passed over. */
async function threadTicks(folder: string): Promise<ReadonlyMap<string, number>> {
  const names = await readdir(folder).catch(() => []);
  const all = await Promise.all(
    names.slice(0, mostThreads).map(async (name) => {
      const stat = readProcessStat(
        await readFile(`${folder}/${name}/stat`, 'utf8').catch(() => ''),
      );
      return stat === undefined ? [] : ([[name, stat.cpuTicks]] as const);
    }),
  );
  return new Map(all.flat());
}

function busiestOf(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): number | undefined {
  const gained = [...after].flatMap(([name, ticks]) => {
    const then = before.get(name);
    return then === undefined ? [] : [ticks - then];
  });
  return gained.length === 0 ? undefined : Math.max(...gained);
}
