/**
 * The cost of a chunk of a streamed chat: CPU of a process that reads, parses and measures 100 streams,
 * and of the same process, in turns, with sockets that only read and count. Disturbances affect both
 * alike.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { outcomesOf, selectSeries } from '../load/metrics/result/select.ts';
import { users } from '../load/workload/users.ts';
import { engineRun } from './engine-run.ts';
import { streamUser } from './stream-user.ts';
import { tellParent } from './child.ts';

export interface ChunkCost {
  readonly streams: number;
  readonly chunks: number;
  /** User and system time of the process, all its threads, round by round. */
  readonly cpuUsPerChunk: readonly { readonly engine: number; readonly bare: number }[];
}

const streams = 100;
const rounds = 5;
const warmUpMs = 2000;
const durationMs = 4000;

/** Reads streams for the given time and resolves with the number of chunks. */
type Read = (url: string, forMs: number) => Promise<number>;

const engine: Read = async (url, forMs) => {
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
};

/** Sockets that only look for content and for the end. */
const bare: Read = async (url, forMs) => {
  const { hostname, port } = new URL(url);
  const endMs = performance.now() + forMs;
  let chunks = 0;
  const slot = async (): Promise<void> => {
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    while (performance.now() < endMs) {
      socket.write('POST / HTTP/1.1\r\nhost: bare\r\ncontent-length: 0\r\n\r\n');
      await new Promise<void>((resolve) => {
        const read = (bytes: Buffer): void => {
          for (let at = bytes.indexOf(content); at >= 0; at = bytes.indexOf(content, at + 1)) {
            chunks += 1;
          }
          if (!bytes.subarray(-lastBytes.length).equals(lastBytes)) return;
          socket.off('data', read);
          resolve();
        };
        socket.on('data', read);
      });
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: streams }, slot));
  return chunks;
};

const content = Buffer.from('"content":"');
/** The bytes with which HTTP's framing ends a chunked body. */
const lastBytes = Buffer.from('\r\n0\r\n\r\n');

async function costOf(read: Read, url: string): Promise<{ chunks: number; us: number }> {
  const before = process.cpuUsage();
  const chunks = await read(url, durationMs);
  const { user, system } = process.cpuUsage(before);
  return { chunks, us: (user + system) / chunks };
}

async function measure(url: string): Promise<ChunkCost> {
  await engine(url, warmUpMs);
  await bare(url, warmUpMs);
  let chunks = 0;
  const cpuUsPerChunk: { engine: number; bare: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const [own, plain] = [await costOf(engine, url), await costOf(bare, url)];
    chunks += own.chunks;
    cpuUsPerChunk.push({ engine: own.us, bare: plain.us });
  }
  return { streams, chunks, cpuUsPerChunk };
}

const [url = ''] = process.argv.slice(2);
await tellParent(() => measure(url));
