/** What an MCP user costs that waits: memory of a process with 1000 of them, each of which has called. */
import { engineRun } from './engine-run.ts';
import { mcpUser } from './mcp-user.ts';
import type { Memory } from './waiting-users.ts';
import { outcomesOf, selectSeries } from '../load/metrics/result/select.ts';
import { constant } from '../load/workload/think-time.ts';
import { users } from '../load/workload/users.ts';

const count = 1000;
const spawnRate = 100;
const settleMs = 3000;

const collect = (globalThis as { gc?: () => void }).gc;

function memory(): { heap: number; resident: number } {
  if (collect === undefined) throw new Error('waiting-mcp-users: run with --expose-gc');
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

async function measure(url: string): Promise<Memory> {
  const user = mcpUser({ connections: 'shared', thinkTime: constant('10m') });
  const workload = users({ count, spawnRate, duration: '5m' });
  // Compiled code, connections and the young generation's full size are no user's own.
  const busy = mcpUser({ connections: 'shared' });
  const warmUp = users({ count: 1, spawnRate: 10, duration: '3s' });
  await engineRun({ url, user: busy, workload: warmUp }).run();
  const run = engineRun({ url, user, workload });
  const before = memory();
  const done = run.run();
  await new Promise((resolve) => setTimeout(resolve, (count / spawnRate) * 1000 + settleMs));
  const after = memory();
  run.stop({ cause: 'completed', detail: 'measured' });
  const result = await done;
  const { ok = 0 } = outcomesOf(selectSeries(result, { task: 'read_file', phases: 'all' }));
  if (ok !== count) throw new Error(`waiting-mcp-users: ${ok} calls of ${count} users`);
  return {
    users: count,
    heapBytesPerUser: (after.heap - before.heap) / count,
    residentBytesPerUser: (after.resident - before.resident) / count,
    residentBytes: after.resident,
  };
}

const [url = ''] = process.argv.slice(2);
if (process.send !== undefined) {
  process.send(await measure(url));
  process.disconnect();
}
