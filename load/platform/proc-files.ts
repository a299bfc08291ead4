/** Parsers for files in Linux's /proc. Pure functions. Each returns `undefined` for unexpected text. */

/** Ticks of all CPUs since the machine started; `busy` ticks were neither idle nor waiting for a disk. */
export interface CpuTicks {
  readonly busy: number;
  readonly total: number;
}

/** `/proc/stat`. */
export function readCpuTicks(text: string): CpuTicks | undefined {
  const line = /^cpu +(.*)$/m.exec(text)?.[1];
  if (line === undefined) return undefined;
  // user nice system idle iowait irq softirq steal; guest time, which follows, is already part of user.
  const ticks = line.trim().split(/\s+/).slice(0, 8).map(Number);
  if (ticks.length < 4 || !ticks.every(isCount)) return undefined;
  const total = ticks.reduce((sum, n) => sum + n, 0);
  return { busy: total - ticks[3]! - (ticks[4] ?? 0), total };
}

export interface MemoryBytes {
  readonly total: number;
  readonly used: number;
}

/** `/proc/meminfo`. Memory that a program could get does not count as used, so caches do not count. */
export function readMemory(text: string): MemoryBytes | undefined {
  const [total, available] = [kilobytesOf(text, 'MemTotal'), kilobytesOf(text, 'MemAvailable')];
  if (total === undefined || available === undefined) return undefined;
  return { total: total * 1024, used: (total - available) * 1024 };
}

export interface ProcessStat {
  /** User and system time of the process and its threads, in ticks. */
  readonly cpuTicks: number;
  /** In ticks since the machine started. A different value for the same pid means another process. */
  readonly startTicks: number;
}

/** `/proc/<pid>/stat`. The program's name is in parentheses and may contain blanks and parentheses. */
export function readProcessStat(text: string): ProcessStat | undefined {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  // Counted from the third field, the state.
  const [user, system, start] = [fields[11], fields[12], fields[19]].map(Number);
  if (!text.includes(')') || !isCount(user) || !isCount(system) || !isCount(start))
    return undefined;
  return { cpuTicks: user + system, startTicks: start };
}

/** `/proc/<pid>/status`: resident memory in bytes. */
export function readResidentBytes(text: string): number | undefined {
  const kilobytes = kilobytesOf(text, 'VmRSS');
  return kilobytes === undefined ? undefined : kilobytes * 1024;
}

function kilobytesOf(text: string, name: string): number | undefined {
  const digits = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0;
}

/**
 * `/proc/diskstats`: bytes of all whole disks since the machine started, without counting partitions
 * again. `undefined` if there is no disk.
 */
export function readDiskBytes(
  text: string,
): { readonly read: number; readonly written: number } | undefined {
  const disk = /^(?:[shv]d[a-z]+|xvd[a-z]+\d*|nvme\d+n\d+|mmcblk\d+)$/;
  const disks = text.split('\n').map((line) => line.trim().split(/\s+/));
  const counted = disks.filter((fields) => disk.test(fields[2] ?? ''));
  if (counted.length === 0) return undefined;
  // Sectors of 512 bytes, whatever the disk's own sector size is.
  const bytesOf = (field: number): number =>
    counted.reduce((sum, fields) => sum + 512 * (Number(fields[field]) || 0), 0);
  return { read: bytesOf(5), written: bytesOf(9) };
}

/** `/proc/net/dev`: bytes of all interfaces except loopback; `undefined` if there is none. */
export function readNetworkBytes(
  text: string,
): { readonly sent: number; readonly received: number } | undefined {
  const counted = text.split('\n').flatMap((line) => {
    const [, name = 'lo', counts = ''] = /^\s*([^:\s]+):(.*)$/.exec(line) ?? [];
    return name === 'lo' ? [] : [counts.trim().split(/\s+/).map(Number)];
  });
  if (counted.length === 0) return undefined;
  const bytesOf = (field: number): number =>
    counted.reduce((sum, fields) => sum + (fields[field] ?? 0), 0);
  return { sent: bytesOf(8), received: bytesOf(0) };
}

/** `/proc/<pid>/stat`: whether the process is stopped, by a signal or a debugger. */
export function readIsStopped(text: string): boolean {
  return /^\s*[Tt]\b/.test(text.slice(text.lastIndexOf(')') + 1));
}

/** The path of each controller's group in `/proc/<pid>/cgroup`. Version 2 has one, with an empty name. */
export function readControlGroups(text: string): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    for (const controller of controllers!.split(',')) groups.set(controller, path);
  }
  return groups;
}

/** The value of a name in a file of `name value` lines. */
export function readNamedCount(text: string, name: string): number | undefined {
  const digits = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
