/** MCP: the cost of a tool call compared with the official client, and of a waiting user. */
import { measureIn, withServer } from './child.ts';
import type { CallCost } from './mcp-callers.ts';
import { memoryText, type Memory } from './memory.ts';
import { median, type Part } from './part.ts';

const rounds = 3;

export const benchMcpCalls: Part = async (say) => {
  const calls: Record<'wire' | 'official', CallCost[]> = { wire: [], official: [] };
  await withServer('mcp-server', async (url) => {
    for (let round = 1; round <= rounds; round++) {
      for (const name of ['wire', 'official'] as const) {
        calls[name].push(await measureIn<CallCost>('mcp-callers', [name, url]));
      }
    }
  });
  const cost = (name: 'wire' | 'official'): number =>
    median(calls[name].map(({ cpuMsPerCall }) => cpuMsPerCall));
  const [wire, official] = [cost('wire'), cost('official')];
  say(
    `an MCP tool call, 20 callers: ${wire.toFixed(3)} ms of CPU, by the official client ` +
      `${official.toFixed(3)} ms (${(official / wire).toFixed(1)} × as much)`,
  );
  const what = 'MCP call against the official client';
  return { calls, bounds: [{ what, value: wire / official, limit: 0.1, unit: '×' }] };
};

export const benchWaitingMcpUsers: Part = async (say) => {
  const memory = await withServer('mcp-server', (url) =>
    measureIn<Memory>('waiting-mcp-users', [url], ['--expose-gc']),
  );
  say(`${memory.users} waiting MCP users, connections shared: ${memoryText(memory)}`);
  const value = memory.residentBytesPerUser / 1e3;
  return { memory, bounds: [{ what: 'a waiting MCP user, shared', value, limit: 30, unit: 'kB' }] };
};
