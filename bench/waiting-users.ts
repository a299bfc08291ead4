/** The cost of a waiting virtual user: memory of a process full of them, each of which has sent a request. */
import { z } from 'zod';
import { engineRun } from './engine-run.ts';
import { defineUser } from '../load/user/define-user.ts';
import { users } from '../load/workload/users.ts';
import { constant } from '../load/workload/think-time.ts';
import { tellParent } from './child.ts';
import { memoryOfWaiting, type Memory } from './memory.ts';

/** The connection policies that are measured. */
const policies = z.enum(['shared', 'perUser']);
const spawnRate = 2000;
const settleMs = 2000;

async function measure(
  url: string,
  connections: z.infer<typeof policies>,
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
  let done: ReturnType<typeof run.run> | undefined;
  const memory = await memoryOfWaiting(count, spawnMs + settleMs, () => {
    done = run.run();
  });
  run.stop({ cause: 'completed', detail: 'measured' });
  const { sent } = await done!;
  if (sent !== count) throw new Error(`waiting-users: ${sent} requests of ${count} users`);
  return memory;
}

const [url = '', policy = '', count = '10000'] = process.argv.slice(2);
await tellParent(() => measure(url, policies.parse(policy), Number(count)));
