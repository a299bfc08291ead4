/** What a virtual user costs that waits: memory of a process full of them, each of which has sent. */
import { z } from 'zod';
import { connectionPolicies } from './connection-policies.ts';
import { engineRun } from './engine-run.ts';
import { defineUser } from '../load/user/define-user.ts';
import { users } from '../load/workload/users.ts';
import { constant } from '../load/workload/think-time.ts';

export interface Memory {
  readonly users: number;
  /** Growth of the live heap and of buffers outside it, after a full collection. */
  readonly heapBytesPerUser: number;
  /** Growth of what the process has of the machine, after a full collection. */
  readonly residentBytesPerUser: number;
  /** All that the process has of the machine. */
  readonly residentBytes: number;
}

const spawnRate = 2000;
const settleMs = 2000;

const collect = (globalThis as { gc?: () => void }).gc;

function memory(): { heap: number; resident: number } {
  if (collect === undefined) throw new Error('waiting-users: run with --expose-gc');
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

async function measure(
  url: string,
  connections: 'shared' | 'perUser',
  count: number,
): Promise<Memory> {
  const spawnMs = (count / spawnRate) * 1000;
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
    workload: users({ count, spawnRate, duration: '5m' }),
  });
  const before = memory();
  const done = run.run();
  await new Promise((resolve) => setTimeout(resolve, spawnMs + settleMs));
  const after = memory();
  run.stop({ cause: 'completed', detail: 'measured' });
  const { sent } = await done;
  if (sent !== count) throw new Error(`waiting-users: ${sent} requests of ${count} users`);
  return {
    users: count,
    heapBytesPerUser: (after.heap - before.heap) / count,
    residentBytesPerUser: (after.resident - before.resident) / count,
    residentBytes: after.resident,
  };
}

const [url = '', policy = '', count = '10000'] = process.argv.slice(2);
if (process.send !== undefined) {
  process.send(await measure(url, z.enum(connectionPolicies).parse(policy), Number(count)));
  process.disconnect();
}
