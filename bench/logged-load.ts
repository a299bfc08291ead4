/**
 * A load that writes its interval log, in a separate process: the cost of its requests while others read
 * the log.
 */
import { outcomesOf, selectSeries } from '../load/metrics/result/select.ts';
import { defineUser } from '../load/user/define-user.ts';
import { arrivals } from '../load/workload/arrivals.ts';
import { tellParent } from './child.ts';
import { engineRun } from './engine-run.ts';

export interface LoggedCost {
  readonly requests: number;
  /** User and system time of the process, all its threads. */
  readonly cpuMsPer1000: number;
}

const ratePerSecond = 1000;
const warmUpMs = 2000;
const durationMs = 8000;

const user = defineUser<unknown, unknown, string, string>({
  system: 'local',
  connections: 'shared',
  tasks: {
    ask: {
      deadline: '15s',
      run: async ({ http }) => {
        await http.get('/');
      },
    },
  },
});

async function send(url: string, durationOfMs: number, logPath: string): Promise<number> {
  const workload = arrivals({ rate: ratePerSecond, duration: durationOfMs, maxUsers: 2000 });
  const result = await engineRun({ url, user, workload, logPath }).run();
  return outcomesOf(selectSeries(result, { phases: 'all' })).ok ?? 0;
}

const [url = '', logPath = ''] = process.argv.slice(2);
await tellParent(async (): Promise<LoggedCost> => {
  await send(url, warmUpMs, `${logPath}-warm-up.ndjson`);
  const before = process.cpuUsage();
  const requests = await send(url, durationMs, `${logPath}.ndjson`);
  const { user: ours, system } = process.cpuUsage(before);
  return { requests, cpuMsPer1000: (ours + system) / requests };
});
