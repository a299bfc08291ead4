/** The memory of a process without and with waiting virtual users. */
import { setTimeout } from 'node:timers/promises';

export interface Memory {
  readonly users: number;
  /** Growth of the live heap and of buffers outside it, after a full collection. */
  readonly heapBytesPerUser: number;
  /** Growth of the process's resident memory, after a full collection. */
  readonly residentBytesPerUser: number;
  /** The process's resident memory. */
  readonly residentBytes: number;
}

const collect = (globalThis as { gc?: () => void }).gc;

function memoryNow(): { heap: number; resident: number } {
  if (collect === undefined) throw new Error('memory of waiting users: run with --expose-gc');
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

/** Starts the users, and measures when they have started and `waitMs` have passed. */
export async function memoryOfWaiting(
  users: number,
  waitMs: number,
  start: () => void,
): Promise<Memory> {
  const before = memoryNow();
  start();
  await setTimeout(waitMs);
  const after = memoryNow();
  return {
    users,
    heapBytesPerUser: (after.heap - before.heap) / users,
    residentBytesPerUser: (after.resident - before.resident) / users,
    residentBytes: after.resident,
  };
}

export function memoryText({ heapBytesPerUser, residentBytesPerUser }: Memory): string {
  const [heap, resident] = [heapBytesPerUser / 1e3, residentBytesPerUser / 1e3];
  return `${heap.toFixed(1)} kB of heap each (${resident.toFixed(1)} kB of the process)`;
}
