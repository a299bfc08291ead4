/** What a virtual user costs that waits: memory of a process with 10 000 of them, each of which has sent. */
import { z } from 'zod';
import { connectionPolicies } from './connection-policies.ts';
import { engineRun } from './engine-run.ts';
import { defineUser } from '../load/user/define-user.ts';
import { users } from '../load/workload/users.ts';
import { constant } from '../load/think-time.ts';

export interface Memory {
  readonly users: number;
  /** Growth of the live heap and of buffers outside it, after a full collection. */
  readonly heapBytesPerUser: number;
  /** Growth of what the process has of the machine, after a full collection. */
  readonly residentBytesPerUser: number;
}

const count = 10_000;
/** Long enough to have all of them wait at once. */
const spawnMs = 10_000;
const settleMs = 2000;

const collect = (globalThis as { gc?: () => void }).gc;

function memory(): { heap: number; resident: number } {
  if (collect === undefined) throw new Error('waiting-users: run with --expose-gc');
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

async function measure(url: string, connections: 'shared' | 'perUser'): Promise<Memory> {
  const run = engineRun({
    url,
    user: defineUser<unknown, unknown, string, string>({
      system: 'local',
      connections,
      thinkTime: constant('10m'),
      tasks: {
        ask: {
          deadline: '15s',
          run: async ({ http }) => {
            await http.get('/');
          },
        },
      },
    }),
    workload: users({ count, spawnRate: (count * 1000) / spawnMs, duration: '5m' }),
  });
  const before = memory();
  const done = run.run();
  await new Promise((resolve) => setTimeout(resolve, spawnMs + settleMs));
  const after = memory();
  run.stop({ reason: 'completed', detail: 'measured' });
  const { sent } = await done;
  if (sent !== count) throw new Error(`waiting-users: ${sent} requests of ${count} users`);
  return {
    users: count,
    heapBytesPerUser: (after.heap - before.heap) / count,
    residentBytesPerUser: (after.resident - before.resident) / count,
  };
}

const [url = '', policy = ''] = process.argv.slice(2);
if (process.send !== undefined) {
  process.send(await measure(url, z.enum(connectionPolicies).parse(policy)));
  process.disconnect();
}
