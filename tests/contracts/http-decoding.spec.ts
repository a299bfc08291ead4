/** Encoded bodies, and the limit on their size: row 22. */
import { expect, test } from '@playwright/test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { fault } from '../faults/fault-matrix.ts';
import { httpServer, notOk, TestLoad, tcpServer, until, verdict } from './client-harness.ts';

const text = JSON.stringify({ a: 'x'.repeat(1000) });
const expected = z.object({ a: z.string().length(1000) });

const encodings: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  Deflate: deflateRawSync,
  br: brotliCompressSync,
  identity: (bytes) => bytes,
  // Not registered, but sent by servers to keep proxies from compressing a stream.
  none: (bytes) => bytes,
  'UTF-8': (bytes) => bytes,
  'gzip, br': (bytes) => brotliCompressSync(gzipSync(bytes)),
};

function sending(bytes: Buffer, encoding: string, status = 200) {
  return httpServer((_, response) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    response.writeHead(status, headers).end(bytes);
  });
}

for (const [encoding, encode] of Object.entries(encodings)) {
  test(`${encoding} is decoded, and the wire's bytes are counted`, async () => {
    const packed = encode(Buffer.from(text));
    const server = await sending(packed, encoding);
    const load = new TestLoad({ url: server.url });
    const reply = await load.newUser().http.get('/', { expect: expected });
    expect(reply.text()).toBe(text);
    expect(load.last.bytesReceived).toBe(packed.length);
    load.close();
    await server.close();
  });
}

const packed = gzipSync(text);
for (const [what, bytes, encoding, right] of [
  ['a cut gzip', packed.subarray(0, packed.length - 12), 'gzip', 'invalid truncated'],
  ['a gzip that is none', Buffer.from('hello'), 'gzip', 'invalid protocol'],
  ['an unknown encoding', packed, 'zstd', 'invalid protocol'],
  ['three layers', gzipSync(gzipSync(packed)), 'gzip, gzip, gzip', 'invalid protocol'],
] as const) {
  test(
    `${what} is ${right}`,
    { annotation: what === 'three layers' ? [fault(22)] : [] },
    async () => {
      const server = await sending(bytes, encoding);
      const load = new TestLoad({ url: server.url });
      expect(verdict(await notOk(load.newUser().http.get('/')))).toBe(right);
      load.close();
      await server.close();
    },
  );
}

test('an answer without a body has nothing to decode', async () => {
  const server = await sending(packed, 'gzip');
  const empty = await sending(Buffer.alloc(0), 'gzip', 204);
  const load = new TestLoad({ url: server.url });
  await load.newUser().http.head('/');
  await load.newUser().http.get(`${empty.url}/`);
  expect(load.samples.map(verdict)).toEqual(['ok', 'ok']);
  load.close();
  await server.close();
  await empty.close();
});

test('the status is judged whatever the encoding of the body', async () => {
  const server = await sending(packed, 'zstd', 500);
  const load = new TestLoad({ url: server.url });
  expect(verdict(await notOk(load.newUser().http.get('/')))).toBe('failed status 500');
  load.close();
  await server.close();
});

const capBytes = 2 ** 20;

test(
  'a gzip bomb stops at the cap, in memory that does not grow with it',
  { annotation: fault(22) },
  async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc((512 * 2 ** 20) >> 2)));
    const server = await sending(bomb, 'gzip, gzip');
    const load = new TestLoad({ url: server.url, http: { maxBodyBytes: capBytes } });
    const peak = watchMemory();
    expect(verdict(await notOk(load.newUser().http.get('/')))).toBe('invalid tooLarge');
    expect(peak.growthBytes()).toBeLessThan(16 * capBytes);
    load.close();
    await server.close();
  },
);

test(
  'an endless body is cut at the cap, and its connection closed',
  { annotation: fault(22) },
  async () => {
    const block = Buffer.alloc(65_536);
    const server = await tcpServer((socket) => {
      const pump = (): void => {
        while (!socket.destroyed && socket.write(block));
      };
      socket.on('drain', pump);
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n');
      pump();
    });
    const load = new TestLoad({ url: server.url, http: { maxBodyBytes: capBytes } });
    const peak = watchMemory();
    expect(verdict(await notOk(load.newUser().http.get('/')))).toBe('invalid tooLarge');
    expect(peak.growthBytes()).toBeLessThan(16 * capBytes);
    await until(() => server.sockets.size === 0);
    load.close();
    await server.close();
  },
);

/** The largest growth of the JavaScript heap, sampled on every turn. */
function watchMemory(): { growthBytes(): number } {
  const held = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  const before = held();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, held());
  }, 1);
  return {
    growthBytes: () => {
      clearInterval(timer);
      return Math.max(peak, held()) - before;
    },
  };
}
