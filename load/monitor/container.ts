/**
 * `containerOf(pid)`: the control group (version 1 or 2) of a process: how often its CPU was throttled,
 * its memory limit, and how often the kernel killed one of its processes because memory ran out.
 */
import { readFile } from 'node:fs/promises';
import type { Ratio } from '../metrics/log/monitor-reading.ts';
import { defined } from '../platform/defined.ts';
import { readControlGroups, readNamedCount } from '../platform/proc-files.ts';
import { sourceOf, type MonitorSource } from './source.ts';

/** Without a limit, version 1 has a number near 2⁶³. */
const noLimit = 2 ** 60;

interface Folders {
  readonly proc?: string;
  readonly groups?: string;
}

/** `cpuThrottled`: share of its periods. `memoryLimit`: bytes. `oomKills`: since the group was created. */
export function containerOf(
  pid: number | 'self',
  { proc = '/proc', groups = '/sys/fs/cgroup' }: Folders = {},
): MonitorSource {
  const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
  return sourceOf('container', () => {
    let before: { readonly throttled: number; readonly periods: number } | undefined;
    return async () => {
      // Read each time, since a process may be moved to another group.
      const paths = readControlGroups(await readFile(`${proc}/${pid}/cgroup`, 'utf8'));
      const folderOf = (controller: string): string =>
        paths.has(controller)
          ? `${groups}/${controller}${paths.get(controller)!}`
          : `${groups}${paths.get('') ?? '/'}`;
      const cpu = await textOf(`${folderOf('cpu')}/cpu.stat`);
      const memory = folderOf('memory');
      const [periods, throttled] = ['nr_periods', 'nr_throttled'].map((n) =>
        readNamedCount(cpu, n),
      );
      const now =
        periods === undefined || throttled === undefined ? undefined : { periods, throttled };
      const earlier = before;
      before = now;
      const limit = await limitIn(textOf, memory);
      const kills = await killsIn(textOf, memory);
      const gauges = defined({ memoryLimit: limit, oomKills: kills });
      return defined({
        ratios: earlier && now && ratioSince(earlier, now),
        gauges: Object.keys(gauges).length === 0 ? undefined : gauges,
      });
    };
  });
}

interface Periods {
  readonly throttled: number;
  readonly periods: number;
}

/** Without a quota there are no periods, and nothing is throttled. */
function ratioSince(before: Periods, now: Periods): Record<string, Ratio> | undefined {
  const whole = now.periods - before.periods;
  if (!(whole > 0)) return undefined;
  return { cpuThrottled: { part: now.throttled - before.throttled, whole } };
}

type TextOf = (path: string) => Promise<string>;

async function limitIn(textOf: TextOf, folder: string): Promise<number | undefined> {
  const told = [
    await textOf(`${folder}/memory.max`),
    await textOf(`${folder}/memory.limit_in_bytes`),
  ];
  const limit = told.map((text) => text.trim()).find((text) => /^\d+$/.test(text));
  return limit === undefined || Number(limit) > noLimit ? undefined : Number(limit);
}

async function killsIn(textOf: TextOf, folder: string): Promise<number | undefined> {
  const told = [
    await textOf(`${folder}/memory.events`),
    await textOf(`${folder}/memory.oom_control`),
  ];
  return told.map((text) => readNamedCount(text, 'oom_kill')).find((count) => count !== undefined);
}
