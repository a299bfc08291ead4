/**
 * Reads streams of the reference gateway from bare sockets, in a process that does nothing else, to
 * measure the delays of the machine and the server. Sends `[id, first token's time]` of each.
 */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { chatBody, type StreamsWanted } from './measured-streams.ts';

/** Completion's id and when its first token was read, on the wall clock. */
export type BareStream = readonly [id: string, firstTokenAtEpochMs: number];

export interface BareWanted extends StreamsWanted {
  readonly url: string;
}

function nextStream(socket: Socket, tokens: number): Promise<BareStream> {
  const body = JSON.stringify({ ...chatBody(tokens), stream: true });
  const head = 'POST /v1/chat/completions HTTP/1.1\r\nhost: bare\r\ncontent-type: application/json';
  socket.write(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  return new Promise((resolve) => {
    let first: BareStream | undefined;
    const read = (bytes: Buffer): void => {
      const atEpochMs = performance.timeOrigin + performance.now();
      const text = bytes.toString('latin1');
      if (first === undefined && /content":"[^"]/.test(text)) {
        first = [/"id":"(chatcmpl-\d+)"/.exec(text)![1]!, atEpochMs];
      }
      // The last chunk of HTTP's framing.
      if (!/(^|\r\n)0\r\n\r\n$/.test(text) || first === undefined) return;
      socket.off('data', read);
      resolve(first);
    };
    socket.on('data', read);
  });
}

async function slot({ url, each, tokens }: BareWanted, afterMs: number): Promise<BareStream[]> {
  await sleep(afterMs);
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.setNoDelay(true);
  const streams: BareStream[] = [];
  for (let i = 0; i < each; i++) streams.push(await nextStream(socket, tokens));
  socket.destroy();
  return streams.slice(1);
}

const wanted = JSON.parse(process.argv[2] ?? 'null') as BareWanted | null;
if (wanted !== null) {
  process.on('disconnect', () => process.exit());
  const { slots, spreadMs } = wanted;
  const all = Array.from({ length: slots }, (_, i) => slot(wanted, (i * spreadMs) / slots));
  process.send?.((await Promise.all(all)).flat());
}
