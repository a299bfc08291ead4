/**
 * A real HTTP server that follows a script, in a separate process, so that its freezes do not block the
 * generator. Started by local-server.ts, with the script as its argument.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServerScript {
  /** From the request to the last byte of its answer. */
  readonly answerAfterMs: number;
  /** The answer is an event stream with a chunk at this interval until `answerAfterMs` is over. */
  readonly chunkEveryMs?: number;
  /** The whole process freezes; counted from the first request. */
  readonly freezes?: readonly { readonly atMs: number; readonly forMs: number }[];
  /** After this many good answers every answer is bad. */
  readonly turnsBad?: { readonly after: number; readonly into: BadAnswer };
  /** The first requests that are never answered. */
  readonly hangs?: number;
}

export type BadAnswer = 503 | 429 | 401 | 'html';

/** The server itself recorded these. */
export interface ServerReport {
  readonly received: number;
  /** How long each answer took, from the request's arrival to the hand-over of the last byte. */
  readonly durationsMs: readonly number[];
  /** In epoch ms. */
  readonly freezes: readonly { readonly startMs: number; readonly endMs: number }[];
}

const script = JSON.parse(process.argv[2] ?? '') as ServerScript;
const durationsMs: number[] = [];
const freezes: { startMs: number; endMs: number }[] = [];
let received = 0;

function freeze(forMs: number): void {
  const startMs = performance.timeOrigin + performance.now();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
  freezes.push({ startMs, endMs: performance.timeOrigin + performance.now() });
}

function answer(response: ServerResponse, index: number): void {
  const { turnsBad } = script;
  if (turnsBad === undefined || index < turnsBad.after) {
    const body = JSON.stringify({ answer: 'forty-two' });
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  } else if (turnsBad.into === 'html') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Back soon</h1>');
  } else {
    response.writeHead(turnsBad.into, { 'content-type': 'text/plain' }).end('no');
  }
}

function stream(response: ServerResponse, everyMs: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const timer = setInterval(() => response.write('data: token\n\n'), everyMs);
  setTimeout(() => {
    clearInterval(timer);
    response.end('data: [DONE]\n\n');
  }, script.answerAfterMs);
}

const server = createServer((_, response) => {
  const arrivedMs = performance.now();
  if (received === 0) {
    for (const { atMs, forMs } of script.freezes ?? []) setTimeout(freeze, atMs, forMs);
  }
  const index = received++;
  if (index < (script.hangs ?? 0)) return;
  response.once('finish', () => durationsMs.push(performance.now() - arrivedMs));
  if (script.chunkEveryMs !== undefined) stream(response, script.chunkEveryMs);
  else if (script.answerAfterMs === 0) answer(response, index);
  else setTimeout(answer, script.answerAfterMs, response, index);
});

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('message', () => {
  process.send?.({ received, durationsMs, freezes } satisfies ServerReport);
});
// Its parent has gone.
process.on('disconnect', () => process.exit());
