/** The cost of a waiting MCP user: memory of a process with 1000 of them, each of which has made a call. */
import { engineRun } from './engine-run.ts';
import { mcpUser } from './mcp-user.ts';
import { memoryOfWaiting, type Memory } from './memory.ts';
import { outcomesOf, selectSeries } from '../load/metrics/result/select.ts';
import { constant } from '../load/workload/think-time.ts';
import { users } from '../load/workload/users.ts';
import { tellParent } from './child.ts';

const count = 1000;
const spawnRate = 100;
const settleMs = 3000;

async function measure(url: string): Promise<Memory> {
  const user = mcpUser({ connections: 'shared', thinkTime: constant('10m') });
  const workload = users({ count, spawnRate, duration: '5m' });
  // Excludes compiled code, connections and the full young generation, which belong to no user.
  const busy = mcpUser({ connections: 'shared' });
  const warmUp = users({ count: 1, spawnRate: 10, duration: '3s' });
  await engineRun({ url, user: busy, workload: warmUp }).run();
  const run = engineRun({ url, user, workload });
  let done: ReturnType<typeof run.run> | undefined;
  const memory = await memoryOfWaiting(count, (count / spawnRate) * 1000 + settleMs, () => {
    done = run.run();
  });
  run.stop({ cause: 'completed', detail: 'measured' });
  const result = await done!;
  const { ok = 0 } = outcomesOf(selectSeries(result, { task: 'read_file', phases: 'all' }));
  if (ok !== count) throw new Error(`waiting-mcp-users: ${ok} calls of ${count} users`);
  return memory;
}

const [url = ''] = process.argv.slice(2);
await tellParent(() => measure(url));
