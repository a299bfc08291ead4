/** Scaling out: the cost of a second slice and of a merge, and how many users one process can run. */
import { measureIn, withServer } from './child.ts';
import type { Memory } from './memory.ts';
import type { MergeCost } from './merge-logs.ts';
import { startNginx } from './nginx.ts';
import { median, type Bound, type Part } from './part.ts';
import type { SliceCost } from './slice-at-rate.ts';

const rounds = 5;
const manyUsers = 100_000;
const ratePerSlice = 5000;

export const benchSlices: Part = async (say) => {
  const { name, costs } = await withFastServer(async (url, server) => ({
    name: server,
    costs: await slicesInTurns(url),
  }));
  const [one, two] = [median(costs.alone), median(costs.together)];
  say(
    `requests per second of CPU: ${(1e6 / one).toFixed(0)} by one slice, ${(1e6 / two).toFixed(0)} ` +
      `by each of two at once (target: ${name})`,
  );
  const what = 'requests per second of CPU, two slices against one';
  const bound: Bound = { what, unit: '×', value: one / two, limit: 0.9, isLeast: true };
  return { costs, bounds: [bound] };
};

export const benchManyUsers: Part = async (say) => {
  const memory = await withFastServer((url) =>
    measureIn<Memory>('waiting-users', [url, 'shared', String(manyUsers)], ['--expose-gc']),
  );
  const value = memory.residentBytes / 1e6;
  say(`${manyUsers} waiting users, connections shared: ${value.toFixed(0)} MB of one process`);
  const what = '100 000 waiting users, shared';
  return { memory, bounds: [{ what, value, limit: 1000, unit: 'MB' }] };
};

export const benchMerges: Part = async (say) => {
  const merges: MergeCost[] = [];
  for (const count of [100, 1000]) {
    const cost = await measureIn<MergeCost>('merge-logs', [String(count)]);
    say(
      `merging the one-minute logs of ${count} slices, 100 requests/s each: ` +
        `${cost.seconds.toFixed(1)} s, ${(cost.peakBytes / 1e6).toFixed(0)} MB`,
    );
    merges.push(cost);
  }
  const { seconds, peakBytes } = merges.at(-1)!;
  const bounds: Bound[] = [
    { what: 'merge of 1000 logs', value: seconds, limit: 10, unit: 's' },
    { what: 'memory of that merge', value: peakBytes / 1e6, limit: 1000, unit: 'MB' },
  ];
  return { merges, bounds };
};

/**
 * CPU of the generator in ms per 1000 requests: of one process that sends a whole load, and of two that
 * send half each of a load twice as large. The rate is low enough for server and machine, since this
 * measures the cost of a slice, not how processes share two cores.
 */
async function slicesInTurns(url: string): Promise<Record<'alone' | 'together', number[]>> {
  const costs: Record<'alone' | 'together', number[]> = { alone: [], together: [] };
  const slice = async (rate: number, words: string): Promise<number> => {
    const cost = await measureIn<SliceCost>('slice-at-rate', [url, String(rate), words]);
    return cost.cpuMsPer1000;
  };
  for (let round = 1; round <= rounds; round++) {
    costs.alone.push(await slice(ratePerSlice, '1/1'));
    const both = ['1/2', '2/2'].map((words) => slice(2 * ratePerSlice, words));
    costs.together.push(...(await Promise.all(both)));
  }
  return costs;
}

/**
 * With nginx, if it is installed, since it needs a fraction of the generator's CPU; else with the bare
 * server.
 */
async function withFastServer<T>(use: (url: string, name: string) => Promise<T>): Promise<T> {
  const nginx = await startNginx();
  if (nginx === undefined) return withServer('local-server', (url) => use(url, 'a bare server'));
  try {
    return await use(nginx.url, nginx.name);
  } finally {
    await nginx.stop();
  }
}
