/**
 * Invalid requests to this side's servers: they are answered with an error or closed, and the servers go
 * on.
 */
import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startPages } from '../../fixtures/reference/mcp-pages.ts';
import { Coordinator } from '../../load/slices/coordinator.ts';
import { servePages } from '../../load/systems/mcp-server/pages.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { fault } from './fault-matrix.ts';

interface Listener {
  readonly url: string;
  /** A valid path that is answered with 200. */
  readonly good: string;
  readonly stop: () => Promise<void>;
}

const secret = 'sesame-sesame-1234';
const open: Readonly<Record<string, () => Promise<Listener>>> = {
  'the pages for probes': async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    return { url, good: '/pages/1', stop: await servePages(url) };
  },
  'their twin in the reference service': async () => {
    return { url: await startPages(), good: '/pages/1', stop: () => Promise.resolve() };
  },
  'the coordinator': async () => {
    const coordinator = await Coordinator.open({ secret });
    return { url: coordinator.url, good: '/health', stop: () => coordinator.close() };
  },
};

const head = `host: x\r\nauthorization: Bearer ${secret}\r\n`;
const garbage: Readonly<Record<string, string>> = {
  'no request at all': '\0\xff\r\n\r\n',
  'an address that is none': `GET // HTTP/1.1\r\n${head}\r\n`,
  'a whole address that is none': `GET http://[::zz/ HTTP/1.1\r\n${head}\r\n`,
  'broken percent encoding': `GET /redirect?to=%E0%A4%A HTTP/1.1\r\n${head}\r\n`,
  'a status that is none': `GET /redirect?status=nine HTTP/1.1\r\n${head}\r\n`,
  'a status out of range': `GET /redirect?status=99 HTTP/1.1\r\n${head}\r\n`,
  'a header that is none': `GET /redirect?to=%0d%0aset-cookie:%20a HTTP/1.1\r\n${head}\r\n`,
  'a method that is none': `BREW /pages/1 HTTP/1.1\r\n${head}\r\n`,
  'a connection to elsewhere': `CONNECT 127.0.0.1:1 HTTP/1.1\r\n${head}\r\n`,
  'another protocol': `GET /slices HTTP/1.1\r\n${head}connection: upgrade\r\nupgrade: websocket\r\n\r\n`,
  'a header of 100 kB': `GET /pages/1 HTTP/1.1\r\n${head}x: ${'x'.repeat(100_000)}\r\n\r\n`,
  'a body that is no JSON': `POST /slices HTTP/1.1\r\n${head}content-length: 9\r\n\r\n{"type":\n`,
  'a line without an end': `POST /slices HTTP/1.1\r\n${head}content-length: 3000000\r\n\r\n${'x'.repeat(2_000_000)}`,
};

/** Whether by an error or not. */
function closeOf(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
}

/** The response until the other side closed or completed it; '' if it closed without one. */
async function answerTo(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect(Number(port), hostname);
  let answer = '';
  const closed = closeOf(socket);
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      if (answer.includes('\r\n\r\n')) resolve();
    });
  });
  await once(socket, 'connect');
  socket.write(bytes, 'latin1');
  await Promise.race([closed, answered]);
  socket.destroy();
  return answer;
}

for (const [what, listen] of Object.entries(open)) {
  test(
    `garbage at ${what}: an error, or closed, and the next request is answered`,
    { annotation: fault(53) },
    async () => {
      const { url, good, stop } = await listen();
      for (const [kind, bytes] of Object.entries(garbage)) {
        const status = Number(/^HTTP\/1\.1 (\d+)/.exec(await answerTo(url, bytes))?.[1] ?? 400);
        // For some of these a redirect, or a stream that says that it ends, is the right answer.
        expect.soft([200, 302, 400, 401, 404, 431], `${kind}: ${status}`).toContain(status);
        expect((await fetch(`${url}${good}`)).status, `after ${kind}`).toBe(200);
      }
      await stop();
    },
  );
}

/** Sends the beginning, then the same piece again and again until the other side closes; reads nothing. */
async function withoutEnd(url: string, head: string, again: Buffer): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).pause();
  const closed = closeOf(socket);
  const more = (): void => {
    while (!socket.destroyed && socket.write(again));
    if (!socket.destroyed) socket.once('drain', more);
  };
  socket.write(head);
  more();
  await closed;
}

const chunked = 'transfer-encoding: chunked\r\n';
const chunk = (text: string): Buffer => Buffer.from(`${text.length.toString(16)}\r\n${text}\r\n`);
const endless: Readonly<Record<string, readonly [request: string, again: Buffer]>> = {
  'a body for a page': [
    `POST /pages/1 HTTP/1.1\r\n${head}${chunked}\r\n`,
    chunk('x'.repeat(64_000)),
  ],
  'a body for /health': [
    `GET /health HTTP/1.1\r\n${head}${chunked}\r\n`,
    chunk('x'.repeat(64_000)),
  ],
  'questions whose answers nobody reads': [
    `POST /slices HTTP/1.1\r\n${head}${chunked}\r\n`,
    chunk('{"type":"ping","n":1}\n'.repeat(2000)),
  ],
};

for (const [what, listen] of Object.entries(open)) {
  test(
    `what has no end at ${what}: the connection is closed, and the next request is answered`,
    { annotation: fault(53) },
    async () => {
      const { url, good, stop } = await listen();
      for (const [kind, [request, again]] of Object.entries(endless)) {
        await withoutEnd(url, request, again);
        expect((await fetch(`${url}${good}`)).status, `after ${kind}`).toBe(200);
      }
      await stop();
    },
  );
}

test.describe(() => {
  // All that they do is wait.
  test.describe.configure({ mode: 'parallel' });

  for (const [what, listen] of Object.entries(open)) {
    test(
      `a request to ${what} that goes no further is given up`,
      { annotation: fault(53), tag: '@long' },
      async () => {
        const { url, good, stop } = await listen();
        await Promise.all(
          ['GET /pages/1 HT', `POST /pages/1 HTTP/1.1\r\n${head}content-length: 9\r\n\r\n`].map(
            async (bytes) => {
              const { hostname, port } = new URL(url);
              const socket = connect(Number(port), hostname).resume();
              socket.write(bytes);
              await closeOf(socket);
            },
          ),
        );
        expect((await fetch(`${url}${good}`)).status).toBe(200);
        await stop();
      },
    );
  }
});
