/**
 * What the engine costs, against its peers on this machine: `npm run bench`. One server, contenders in
 * turn, several rounds, medians; exit code 1 where a bound is broken. Numbers of different runs or
 * machines say little, the ratios of one run do.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Writing } from '../tests/instrument/interval-writing.ts';
import { boundsOf, isKept } from './bounds.ts';
import { startChild, startServer } from './child.ts';
import { connectionPolicies } from './connection-policies.ts';
import type { Cost } from './contend.ts';
import { contenders, contenderTitles, type ContenderName } from './contenders/contenders.ts';
import { benchFirstTokens } from './first-tokens.ts';
import { benchMcp } from './mcp.ts';
import { benchScaleOut } from './scale-out.ts';
import type { ChunkCost } from './stream-chunks.ts';
import type { Memory } from './waiting-users.ts';

const rounds = Number(process.argv[2] ?? 7);
const names = Object.keys(contenders) as ContenderName[];

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function compare(url: string): Promise<Record<ContenderName, Cost[]>> {
  const costs = Object.fromEntries(names.map((name) => [name, [] as Cost[]]));
  for (let round = 1; round <= rounds; round++) {
    // The order turns, so that nobody always comes after the same one.
    for (const at of names.keys()) {
      const name = names[(at + round) % names.length]!;
      costs[name]!.push((await startChild('contend', [name, url]).message) as Cost);
    }
    say(`round ${round} of ${rounds}`);
  }
  return costs as Record<ContenderName, Cost[]>;
}

function sayCosts(costs: Readonly<Record<ContenderName, readonly Cost[]>>): void {
  const of = (name: ContenderName, figure: keyof Cost): number =>
    median(costs[name].map((cost) => cost[figure]));
  const bare = of('dispatch', 'cpuMsPer1000');
  say('\n| | CPU per 1000 requests | against bare dispatch | requests/s | peak memory |');
  say('|---|---|---|---|---|');
  for (const name of names) {
    const cpu = of(name, 'cpuMsPer1000');
    const cells = [
      contenderTitles[name],
      `${cpu.toFixed(1)} ms`,
      `${(cpu / bare).toFixed(2)} ×`,
      of(name, 'requestsPerSecond').toFixed(0),
      `${(of(name, 'peakBytes') / 1e6).toFixed(0)} MB`,
    ];
    say(`| ${cells.join(' | ')} |`);
  }
}

async function waitingUsers(url: string): Promise<Record<string, Memory>> {
  const found: Record<string, Memory> = {};
  for (const policy of connectionPolicies) {
    const { message } = startChild('waiting-users', [url, policy], ['--expose-gc']);
    const memory = (await message) as Memory;
    const [heap, resident] = [memory.heapBytesPerUser, memory.residentBytesPerUser];
    say(
      `${memory.users} waiting users, connections ${policy}: ${(heap / 1e3).toFixed(1)} kB of heap ` +
        `each (${(resident / 1e3).toFixed(1)} kB of the process)`,
    );
    found[policy] = memory;
  }
  return found;
}

async function streamChunks(): Promise<ChunkCost> {
  const { url, child } = await startServer('stream-server');
  const cost = (await startChild('stream-chunks', [url]).message) as ChunkCost;
  child.kill();
  const { streams, chunks, cpuUsPerChunk } = cost;
  say(
    `${streams} chats streamed at a time: ${cpuUsPerChunk.toFixed(1)} µs of CPU per chunk, parsed and measured (${chunks} chunks)`,
  );
  return cost;
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`;
say(`${machine}\n`);
const { url, child: server } = await startServer();
const costs = await compare(url);
sayCosts(costs);
say('');
const memory = await waitingUsers(url);
server.kill();
const stream = await streamChunks();
const firstTokens = await benchFirstTokens(say);
const writing = (await startChild('interval-write').message) as Writing;
const longestStretchMs = median(writing.longestMs);
say(
  `an interval of 20 000 requests over 5 tasks: ${median(writing.atOnceMs).toFixed(1)} ms of work in ` +
    `${writing.pieces} pieces, the longest ${longestStretchMs.toFixed(2)} ms`,
);

const cpu = Object.fromEntries(
  names.map((name) => [name, median(costs[name].map(({ cpuMsPer1000 }) => cpuMsPer1000))]),
) as Record<ContenderName, number>;
const mcp = await benchMcp(say);
const scaleOut = await benchScaleOut(say);
const sharedBytesPerUser = memory['shared']!.residentBytesPerUser;
const bounds = [
  ...boundsOf({ cpu, sharedBytesPerUser, longestStretchMs }),
  ...firstTokens.bounds,
  ...mcp.bounds,
  ...scaleOut.bounds,
];
say('');
for (const bound of bounds) {
  const { what, value, limit, unit } = bound;
  const atMost = bound.isLeast === true ? 'at least' : 'at most';
  const figures = `${value.toFixed(2)} ${unit}, ${atMost} ${limit} ${unit}`;
  say(`${isKept(bound) ? 'kept  ' : 'BROKEN'}  ${what}: ${figures}`);
}
mkdirSync('reports', { recursive: true });
writeFileSync(
  'reports/bench.json',
  `${JSON.stringify({ machine, costs, memory, stream, firstTokens, mcp, scaleOut, bounds }, null, 2)}\n`,
);
process.exitCode = bounds.every(isKept) ? 0 : 1;
