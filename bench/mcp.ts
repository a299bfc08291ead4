/** MCP: what a tool call costs against the official client, and what a user costs that waits. */
import type { Bound } from './bounds.ts';
import { startChild, startServer } from './child.ts';
import type { CallCost } from './mcp-callers.ts';
import type { Memory } from './waiting-users.ts';

const rounds = 3;

export interface McpFigures {
  readonly calls: Readonly<Record<'wire' | 'official', readonly CallCost[]>>;
  readonly memory: Memory;
  readonly bounds: readonly Bound[];
}

/** `say` takes a line for the reader. */
export async function benchMcp(say: (line: string) => void): Promise<McpFigures> {
  const { url, child: server } = await startServer('mcp-server');
  const calls: Record<'wire' | 'official', CallCost[]> = { wire: [], official: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const name of ['wire', 'official'] as const) {
      calls[name].push((await startChild('mcp-callers', [name, url]).message) as CallCost);
    }
  }
  const { message } = startChild('waiting-mcp-users', [url], ['--expose-gc']);
  const memory = (await message) as Memory;
  server.kill();
  const [wire, official] = [medianCost(calls.wire), medianCost(calls.official)];
  const [heap, resident] = [memory.heapBytesPerUser, memory.residentBytesPerUser];
  say(
    `an MCP tool call, 20 callers: ${wire.toFixed(3)} ms of CPU, by the official client ` +
      `${official.toFixed(3)} ms (${(official / wire).toFixed(1)} × as much)`,
  );
  say(
    `${memory.users} waiting MCP users, connections shared: ${(heap / 1e3).toFixed(1)} kB of heap ` +
      `each (${(resident / 1e3).toFixed(1)} kB of the process)`,
  );
  const bounds: Bound[] = [
    { what: 'MCP call against the official client', value: wire / official, limit: 0.1, unit: '×' },
    { what: 'a waiting MCP user, shared', value: resident / 1e3, limit: 30, unit: 'kB' },
  ];
  return { calls, memory, bounds };
}

function medianCost(costs: readonly CallCost[]): number {
  const values = costs.map(({ cpuMsPerCall }) => cpuMsPerCall).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)]!;
}
