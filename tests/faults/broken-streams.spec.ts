/**
 * Streams that break after their first tokens (fault matrix, 15 and 18): never `ok`; the time to first
 * token, measured before the break, is kept.
 */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { streamChat } from '../../load/clients/chat/streamed-chat.ts';
import type { Sample } from '../../load/metrics/record/sample.ts';
import { SamplesFile } from '../../load/metrics/log/samples-file.ts';
import {
  notOk,
  readByClient,
  tcpServer,
  TestLoad,
  until,
  verdict,
} from '../contracts/client-harness.ts';
import { VirtualClock } from '../engine/virtual-clock.ts';
import { defined } from '../../load/platform/defined.ts';
import { fault } from './fault-matrix.ts';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';
/** When the first token comes, and when the stream breaks. */
const tokenAtMs = 40;
const breakAtMs = 100;

function event(delta: object): string {
  return `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`;
}

function asChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

interface Break {
  readonly what: string;
  /** Without chunked encoding the end of the connection is the end of the body. */
  readonly isChunked: boolean;
  readonly act: (socket: Socket) => void;
  /** The server still sends this every 20 ms, until the deadline. */
  readonly drop?: string;
  readonly deadlineMs?: number;
  readonly right: string;
  /** The row of the fault matrix. */
  readonly row: 15 | 18;
}

const reset = (socket: Socket): void => void socket.resetAndDestroy();
const breaks: readonly Break[] = [
  { what: 'a reset', isChunked: true, act: reset, right: 'invalid truncated', row: 15 },
  {
    what: 'a reset where the connection is the body’s end',
    isChunked: false,
    act: reset,
    right: 'invalid truncated',
    row: 15,
  },
  {
    what: 'an end that looks like the body’s own',
    isChunked: false,
    act: (socket) => socket.end(),
    right: 'invalid truncated',
    row: 15,
  },
  {
    what: 'silence',
    isChunked: true,
    act: () => undefined,
    deadlineMs: 300,
    right: 'timeout timeout',
    row: 18,
  },
  {
    what: 'comments without end',
    isChunked: true,
    act: () => undefined,
    drop: ': still there\n\n',
    deadlineMs: 300,
    right: 'timeout timeout',
    row: 18,
  },
];

for (const { what, isChunked, act, drop, deadlineMs, right, row } of breaks) {
  test(
    `${what} in mid-stream: ${right}, and its time to first token is kept`,
    { annotation: fault(row) },
    async ({}, testInfo) => {
      const sockets: Socket[] = [];
      const server = await tcpServer((socket) => sockets.push(socket));
      const clock = new VirtualClock();
      const load = new TestLoad({ url: server.url, clock, ...defined({ deadlineMs }) });
      const { http } = load.newUser();
      const broken = notOk(streamChat(http, { path: '/', body: { messages: [] } }));
      await until(() => sockets.length === 1);
      const [socket] = sockets as [Socket];
      /** Time passes only when the client has read what was sent. */
      const send = async (text: string, untilMs: number): Promise<void> => {
        socket.write(isChunked ? asChunk(text) : text);
        await readByClient(socket);
        await clock.run(untilMs);
      };
      socket.write(`${head}${isChunked ? 'transfer-encoding: chunked\r\n' : ''}\r\n`);
      await send(event({ role: 'assistant' }), tokenAtMs);
      await send(event({ content: 'Drink ' }), breakAtMs);
      act(socket);
      if (deadlineMs !== undefined) {
        for (let atMs = breakAtMs; drop !== undefined && atMs < deadlineMs; atMs += 20) {
          await send(drop, atMs);
        }
        await clock.run(deadlineMs);
      }
      const sample = await broken;
      expect(verdict(sample)).toBe(right);
      // The role alone was no token, and the break came after it.
      const ttftMs = sample.valueOf('ttft')!;
      expect(ttftMs).toBe(tokenAtMs);
      expect(sample.endedAtMs - sample.startedAtMs).toBe(deadlineMs ?? breakAtMs);
      expect(sample.valueOf('ttftResponse')).toBe(tokenAtMs);
      expect(await writtenOf(sample, testInfo.outputPath('samples.gz'))).toMatchObject({
        outcome: sample.outcome,
        values: expect.arrayContaining([['ttft', Math.round(ttftMs * 1000) / 1000]]),
      });
      // Sent once, counted once, and its socket is released.
      await until(() => server.sockets.size === 0);
      expect([server.received(), load.recorder.totals.sent, load.lost]).toEqual([1, 1, 0]);
      load.close();
      await server.close();
    },
  );
}

/** Its line in the file of `LOAD_SAMPLES=1`. */
async function writtenOf(sample: Sample, path: string): Promise<unknown> {
  const file = new SamplesFile(path);
  file.add(sample);
  expect(await file.close()).toBeUndefined();
  return JSON.parse(gunzipSync(readFileSync(path)).toString());
}
