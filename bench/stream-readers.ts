/**
 * One round of one reader of streams, in a separate process: 300 at a time, and how late the first token
 * of each was seen. The server includes the sending time in it.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { users } from '../load/workload/users.ts';
import { engineRun } from './engine-run.ts';
import type { Lateness } from './first-tokens.ts';
import { streamUser } from './stream-user.ts';
import { tellParent } from './child.ts';

const streams = 300;
const chunksEach = 25;
const warmUpMs = 2000;
const durationMs = 6000;

type Read = (url: string, forMs: number) => Promise<number[]>;

/** The whole engine: virtual users, client, parser, recorder. */
const engine: Read = async (url, forMs) => {
  const lateMs: number[] = [];
  const user = streamUser(`/${chunksEach}`, ({ firstTokenAtMs, text }) => {
    lateMs.push(run.plan.startedAtEpochMs + firstTokenAtMs - parseFloat(text));
  });
  const workload = users({ count: streams, spawnRate: streams, duration: forMs });
  const run = engineRun({ url, user, workload });
  await run.run();
  return lateMs;
};

/** Sockets that only read the clock and look for the end. */
const bare: Read = async (url, forMs) => {
  const lateMs: number[] = [];
  const endMs = performance.now() + forMs;
  const { hostname, port } = new URL(url);
  const slot = async (number: number): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, (number * 1000) / streams));
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    while (performance.now() < endMs) {
      socket.write(`POST /${chunksEach} HTTP/1.1\r\nhost: bare\r\ncontent-length: 0\r\n\r\n`);
      let isFirst = true;
      for (let isOpen = true; isOpen;) {
        const [bytes] = (await once(socket, 'data')) as [Buffer];
        const atEpochMs = performance.timeOrigin + performance.now();
        const sent: RegExpExecArray | null = isFirst
          ? /"content":"([\d.]+)/.exec(bytes.toString('latin1'))
          : null;
        if (sent !== null) lateMs.push(atEpochMs - Number(sent[1]));
        isFirst &&= sent === null;
        isOpen = !bytes.subarray(-7).equals(lastBytes);
      }
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: streams }, (_, number) => slot(number)));
  return lateMs;
};

/** The bytes with which HTTP's framing ends a chunked body. */
const lastBytes = Buffer.from('\r\n0\r\n\r\n');

async function measure(read: Read, url: string): Promise<Lateness> {
  await read(url, warmUpMs);
  const lateMs = (await read(url, durationMs)).sort((a, b) => a - b);
  const atRank = (share: number): number => lateMs[Math.ceil(share * lateMs.length) - 1]!;
  return { streams, p50Ms: atRank(0.5), p99Ms: atRank(0.99) };
}

const [name = '', url = ''] = process.argv.slice(2);
await tellParent(() => measure(name === 'engine' ? engine : bare, url));
