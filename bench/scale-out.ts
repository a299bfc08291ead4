/** Scaling out: what a second slice costs, what a merge costs, and how many users one process holds. */
import type { Bound } from './bounds.ts';
import { startChild, startServer } from './child.ts';
import type { MergeCost } from './merge-logs.ts';
import { startNginx, type BenchTarget } from './nginx.ts';
import type { SliceCost } from './slice-at-rate.ts';
import type { Memory } from './waiting-users.ts';

const rounds = 5;
const manyUsers = 100_000;
const ratePerSlice = 5000;

export interface ScaleOutFigures {
  readonly costs: Readonly<Record<'alone' | 'together', readonly number[]>>;
  readonly merges: readonly MergeCost[];
  readonly memory: Memory;
  readonly bounds: readonly Bound[];
}

/** `say` takes a line for the reader. */
export async function benchScaleOut(say: (line: string) => void): Promise<ScaleOutFigures> {
  const target = (await startNginx()) ?? (await bareServer());
  const { url } = target;
  const costs = await slicesInTurns(url);
  const memory = (await startChild(
    'waiting-users',
    [url, 'shared', String(manyUsers)],
    ['--expose-gc'],
  ).message) as Memory;
  await target.stop();
  const [one, two] = [median(costs.alone), median(costs.together)];
  say(
    `requests per second of CPU: ${(1e6 / one).toFixed(0)} by one slice, ${(1e6 / two).toFixed(0)} ` +
      `by each of two at once (target: ${target.name})`,
  );
  const residentMb = memory.residentBytes / 1e6;
  say(`${manyUsers} waiting users, connections shared: ${residentMb.toFixed(0)} MB of one process`);
  const merges: MergeCost[] = [];
  for (const count of [100, 1000]) {
    const cost = (await startChild('merge-logs', [String(count)]).message) as MergeCost;
    say(
      `merging the one-minute logs of ${count} slices, 100 requests/s each: ` +
        `${cost.seconds.toFixed(1)} s, ${(cost.peakBytes / 1e6).toFixed(0)} MB`,
    );
    merges.push(cost);
  }
  const { seconds, peakBytes } = merges.at(-1)!;
  const bounds: Bound[] = [
    {
      what: 'requests per second of CPU, two slices against one',
      unit: '×',
      value: one / two,
      limit: 0.9,
      isLeast: true,
    },
    { what: '100 000 waiting users, shared', value: residentMb, limit: 1000, unit: 'MB' },
    { what: 'merge of 1000 logs', value: seconds, limit: 10, unit: 's' },
    { what: 'memory of that merge', value: peakBytes / 1e6, limit: 1000, unit: 'MB' },
  ];
  return { costs, merges, memory, bounds };
}

/**
 * CPU of the generator in ms per 1000 requests: of one process that sends all of a load, and of two that
 * send a half each of one twice as large. No more than the server and this machine do with ease: what
 * is asked is what a slice costs, and not how processes share two cores.
 */
async function slicesInTurns(url: string): Promise<Record<'alone' | 'together', number[]>> {
  const costs: Record<'alone' | 'together', number[]> = { alone: [], together: [] };
  const slice = async (rate: number, words: string): Promise<number> => {
    const child = startChild('slice-at-rate', [url, String(rate), words]);
    return ((await child.message) as SliceCost).cpuMsPer1000;
  };
  for (let round = 1; round <= rounds; round++) {
    costs.alone.push(await slice(ratePerSlice, '1/1'));
    const both = ['1/2', '2/2'].map((words) => slice(2 * ratePerSlice, words));
    costs.together.push(...(await Promise.all(both)));
  }
  return costs;
}

async function bareServer(): Promise<BenchTarget> {
  const { url, child } = await startServer();
  const stop = (): Promise<void> => {
    child.kill();
    return Promise.resolve();
  };
  return { name: 'a bare server', url, stop };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
