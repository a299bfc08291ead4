/** What a chunk of a streamed chat costs: CPU of a process that reads, parses and measures 100 streams. */
import { outcomesOf, selectSeries } from '../load/metrics/result/select.ts';
import { users } from '../load/workload/users.ts';
import { engineRun } from './engine-run.ts';
import { streamUser } from './stream-user.ts';
import { tellParent } from './child.ts';

export interface ChunkCost {
  readonly streams: number;
  readonly chunks: number;
  /** User and system time of the process, all its threads. */
  readonly cpuUsPerChunk: number;
}

const streams = 100;
const warmUpMs = 2000;
const durationMs = 8000;

async function send(url: string, forMs: number): Promise<number> {
  let chunks = 0;
  const user = streamUser('/', ({ chunkGapsMs }) => {
    chunks += chunkGapsMs.length + 1;
  });
  const workload = users({ count: streams, spawnRate: 1000, duration: forMs });
  const result = await engineRun({ url, user, workload }).run();
  const { ok = 0, ...others } = outcomesOf(selectSeries(result, { phases: 'all' }));
  if (ok === 0 || Object.keys(others).length > 0) {
    throw new Error(`stream-chunks: ${JSON.stringify({ ok, ...others })}`);
  }
  return chunks;
}

async function measure(url: string): Promise<ChunkCost> {
  await send(url, warmUpMs);
  const before = process.cpuUsage();
  const chunks = await send(url, durationMs);
  const { user, system } = process.cpuUsage(before);
  return { streams, chunks, cpuUsPerChunk: (user + system) / chunks };
}

const [url = ''] = process.argv.slice(2);
await tellParent(() => measure(url));
