/** Measures how much a request costs the engine, plain undici and autocannon: in turn, by medians. */
import { measureIn, withServer } from './child.ts';
import type { Cost } from './contend.ts';
import { contenders, contenderTitles, type ContenderName } from './contenders/contenders.ts';
import { median, type Bound, type Say } from './part.ts';

type Costs = Readonly<Record<ContenderName, readonly Cost[]>>;

const names = Object.keys(contenders) as ContenderName[];

export async function benchContenders(say: Say, rounds: number) {
  const costs = Object.fromEntries(names.map((name) => [name, [] as Cost[]])) as unknown as Record<
    ContenderName,
    Cost[]
  >;
  await withServer('local-server', async (url) => {
    for (let round = 1; round <= rounds; round++) {
      // The order rotates, so that no contender always follows the same one.
      for (const at of names.keys()) {
        const name = names[(at + round) % names.length]!;
        costs[name].push(await measureIn<Cost>('contend', [name, url]));
      }
      say(`round ${round} of ${rounds}`);
    }
  });
  for (const line of table(costs)) say(line);
  const cpu = (name: ContenderName): number => of(costs, name, 'cpuMsPer1000');
  const ratio = (what: string, value: number, limit: number): Bound => ({
    what,
    value,
    limit,
    unit: '×',
  });
  const bounds = [
    ratio('engine against undici.dispatch', cpu('engine') / cpu('dispatch'), 1.15),
    ratio('engine with JSON and zod against it', cpu('engineJson') / cpu('dispatch'), 1.3),
    ratio('engine against autocannon', cpu('engine') / cpu('autocannon'), 1.25),
  ];
  return { costs, bounds };
}

function of(
  costs: Costs,
  name: ContenderName,
  figure: 'cpuMsPer1000' | 'requestsPerSecond' | 'peakBytes',
): number {
  return median(costs[name].map((cost) => cost[figure]));
}

function table(costs: Costs): string[] {
  const bare = of(costs, 'dispatch', 'cpuMsPer1000');
  const rows = names.map((name) => {
    const cpu = of(costs, name, 'cpuMsPer1000');
    const cells = [
      contenderTitles[name],
      `${cpu.toFixed(1)} ms`,
      `${(cpu / bare).toFixed(2)} ×`,
      of(costs, name, 'requestsPerSecond').toFixed(0),
      `${(of(costs, name, 'peakBytes') / 1e6).toFixed(0)} MB`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const head = '| | CPU per 1000 requests | against bare dispatch | requests/s | peak memory |';
  return ['', head, '|---|---|---|---|---|', ...rows, ''];
}
