/** One slice of an open load, in a separate process: the cost of its requests. */
import { outcomesOf, selectSeries } from '../load/metrics/result/select.ts';
import { parseSlice } from '../load/workload/slice.ts';
import { defineUser } from '../load/user/define-user.ts';
import { arrivals } from '../load/workload/arrivals.ts';
import { engineRun } from './engine-run.ts';
import { tellParent } from './child.ts';

export interface SliceCost {
  readonly requests: number;
  /** User and system time of the process, all its threads. */
  readonly cpuMsPer1000: number;
}

const warmUpMs = 2000;
const durationMs = 5000;

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

/** `rate`: per second, of the whole load. Resolves with the requests of this slice. */
async function send(url: string, rate: number, slice: string, forMs: number): Promise<number> {
  const workload = arrivals({ rate, duration: forMs, maxUsers: 2000 });
  const run = engineRun({ url, user, workload, slice: parseSlice(slice) });
  const { ok = 0, ...others } = outcomesOf(selectSeries(await run.run(), { phases: 'all' }));
  if (Object.keys(others).length > 0) throw new Error(`slice ${slice}: ${JSON.stringify(others)}`);
  return ok;
}

async function measure(url: string, rate: number, slice: string): Promise<SliceCost> {
  await send(url, rate, slice, warmUpMs);
  const before = process.cpuUsage();
  const requests = await send(url, rate, slice, durationMs);
  const { user: ours, system } = process.cpuUsage(before);
  return { requests, cpuMsPer1000: (ours + system) / requests };
}

const [url = '', rate = '', slice = '1/1'] = process.argv.slice(2);
await tellParent(() => measure(url, Number(rate), slice));
