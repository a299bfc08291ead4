/**
 * `host()`: CPU, memory, disks and network of the machine on which the load runs. On Linux it reads three
 * small files in /proc; elsewhere it uses the library `systeminformation`, which starts other programs.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Ratio } from '../metrics/log/monitor-reading.ts';
import { defined } from '../platform/defined.ts';
import {
  readCpuTicks,
  readDiskBytes,
  readMemory,
  readNetworkBytes,
  type CpuTicks,
} from '../platform/proc-files.ts';
import { nothingKnown, sourceOf, type Measured, type MonitorSource } from './source.ts';

/** Bytes since the machine started. Unknown values are missing. */
interface Moved {
  readonly hostDiskRead?: number;
  readonly hostDiskWritten?: number;
  readonly hostNetworkSent?: number;
  readonly hostNetworkReceived?: number;
}

/**
 * `hostCpu`: share of all cores. `hostMemory`: share of the memory. `hostMemoryBytes`: used bytes.
 * `hostDiskRead` and similar: bytes per second within the span.
 */
export function host(folder = '/proc'): MonitorSource {
  return existsSync(folder) ? hostOfLinux(folder) : hostByLibrary();
}

function hostOfLinux(folder: string): MonitorSource {
  return sourceOf('host', () => {
    let before: { readonly cpu: CpuTicks; readonly moved: Moved } | undefined;
    return async (spanMs) => {
      const read = (name: string): Promise<string> => readFile(`${folder}/${name}`, 'utf8');
      const cpu = readCpuTicks(await read('stat'));
      const memory = readMemory(await read('meminfo'));
      if (cpu === undefined || memory === undefined) {
        return nothingKnown(`${folder} is not what Linux writes`);
      }
      const disk = readDiskBytes(await read('diskstats').catch(() => ''));
      const network = readNetworkBytes(await read('net/dev').catch(() => ''));
      const moved = defined({
        hostDiskRead: disk?.read,
        hostDiskWritten: disk?.written,
        hostNetworkSent: network?.sent,
        hostNetworkReceived: network?.received,
      });
      const earlier = before;
      before = { cpu, moved };
      return {
        ...ratiosSince(earlier, before, spanMs),
        gauges: { hostMemory: memory.used / memory.total, hostMemoryBytes: memory.used },
      };
    };
  });
}

function ratiosSince(
  before: { readonly cpu: CpuTicks; readonly moved: Moved } | undefined,
  { cpu, moved }: { readonly cpu: CpuTicks; readonly moved: Moved },
  spanMs: number | undefined,
): Pick<Measured, 'ratios'> {
  if (before === undefined) return {};
  const ratios: Record<string, Ratio> =
    spanMs === undefined ? {} : gained(before.moved, moved, spanMs);
  const [part, whole] = [cpu.busy - before.cpu.busy, cpu.total - before.cpu.total];
  // The idle ticks of a sleeping core can go back by one or two.
  if (whole > 0 && part >= 0) ratios['hostCpu'] = { part, whole };
  return Object.keys(ratios).length === 0 ? {} : { ratios };
}

/** A counter that shrank belongs to a removed device and is left out. */
function gained(before: Moved, after: Moved, spanMs: number): Record<string, Ratio> {
  const names = Object.keys(after) as (keyof Moved)[];
  const parts = names.map((name) => [name, after[name]! - (before[name] ?? NaN)] as const);
  return Object.fromEntries(
    parts
      .filter(([, part]) => part >= 0)
      .map(([name, part]) => [name, { part, whole: spanMs / 1000 }]),
  );
}

/** Mostly for macOS and Windows. */
function hostByLibrary(): MonitorSource {
  return sourceOf('host', () => {
    let before: Moved | undefined;
    return async (spanMs) => {
      const { currentLoad, mem, fsStats, networkStats } = await import('systeminformation');
      const [load, memory, disk, networks] = await Promise.all([
        currentLoad(),
        mem(),
        fsStats() as Promise<{ rx: number; wx: number } | null>,
        networkStats('*'),
      ]);
      const sum = (of: 'tx_bytes' | 'rx_bytes') =>
        networks.reduce((all, network) => all + network[of], 0);
      const moved = defined({
        hostDiskRead: disk?.rx,
        hostDiskWritten: disk?.wx,
        hostNetworkSent: sum('tx_bytes'),
        hostNetworkReceived: sum('rx_bytes'),
      });
      const earlier = before;
      before = moved;
      const cpu = { hostCpu: { part: load.currentLoad / 100, whole: 1 } };
      const since = earlier && spanMs !== undefined ? gained(earlier, moved, spanMs) : undefined;
      return defined({
        ratios: earlier === undefined ? undefined : { ...cpu, ...since },
        gauges: { hostMemory: memory.active / memory.total, hostMemoryBytes: memory.active },
      });
    };
  });
}
