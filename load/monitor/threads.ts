/**
 * The threads of a process, read from /proc. One that works all the time is a bottleneck, however many
 * cores are idle.
 */
import { readFile, readdir } from 'node:fs/promises';
import type { Ratio } from '../metrics/log/monitor-reading.ts';
import { readProcessStat } from '../platform/proc-files.ts';

/** Linux reports times to programs in hundredths of a second, whatever its own ticks are. */
export const ticksPerSecond = 100;
/** For a program with thousands of threads, reading them all would be too much work. */
const mostThreads = 100;

/** Seconds since the thread began: running on a core, and waiting for one. */
interface ThreadTimes {
  readonly usedS: number;
  readonly waitedS: number;
}

export type Threads = ReadonlyMap<string, ThreadTimes>;

/** By thread id. A thread that ends meanwhile is skipped. */
export async function readThreads(folder: string): Promise<Threads> {
  const names = await readdir(folder).catch(() => []);
  const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
  const all = await Promise.all(
    names.slice(0, mostThreads).map(async (name) => {
      const stat = readProcessStat(await textOf(`${folder}/${name}/stat`));
      if (stat === undefined) return [];
      // Nanoseconds running and waiting for a core; not every kernel counts them.
      const waitedNs = Number((await textOf(`${folder}/${name}/schedstat`)).split(' ')[1] ?? 0);
      const times = { usedS: stat.cpuTicks / ticksPerSecond, waitedS: (waitedNs || 0) / 1e9 };
      return [[name, times]] as const;
    }),
  );
  return new Map(all.flat());
}

/**
 * `targetThread`: how much of a core the busiest thread used. `targetThreadWanted`: how much it would
 * have used without waiting.
 */
export function threadRatios(before: Threads, after: Threads, seconds: number) {
  const gained = [...after].flatMap(([name, { usedS, waitedS }]) => {
    const then = before.get(name);
    if (then === undefined) return [];
    const used = usedS - then.usedS;
    return [{ used, wanted: used + waitedS - then.waitedS }];
  });
  if (gained.length === 0) return {};
  const most = (part: number[]): Ratio => ({ part: Math.max(...part), whole: seconds });
  return {
    targetThread: most(gained.map(({ used }) => used)),
    targetThreadWanted: most(gained.map(({ wanted }) => wanted)),
  };
}
