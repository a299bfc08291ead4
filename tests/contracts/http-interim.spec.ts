/**
 * Answers that HTTP allows and our HTTP library does not read by itself: they are read correctly, or
 * reported as this side's error, never as one of the system.
 */
import { expect, test } from '@playwright/test';
import type { Socket } from 'node:net';
import { notOk, readByClient, tcpServer, TestLoad, until, verdict } from './client-harness.ts';

const goOn = 'HTTP/1.1 100 Continue\r\n\r\n';
const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** Each text is written when the client has read the one before it, so it is read apart. */
async function written(socket: Socket, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    socket.write(text);
    await readByClient(socket);
  }
}

const heads: Readonly<Record<string, readonly string[]>> = {
  'before the answer, in one write': [goOn + answer],
  'before the answer, in a write of its own': [goOn, answer],
  'with headers of its own': ['HTTP/1.1 100 Continue\r\ndate: x\r\nserver: y\r\n\r\n', answer],
  'without its word': ['HTTP/1.1 100 \r\n\r\n', answer],
  twice: [goOn + goOn + answer],
  'behind another interim answer': [
    `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${goOn}${answer}`,
  ],
  'cut in its headers': ['HTTP/1.1 100 Continue\r\nda', `te: x\r\n\r\n${answer}`],
};

for (const [what, texts] of Object.entries(heads)) {
  test(`100 Continue that nobody asked for, ${what}: passed over`, async () => {
    const server = await tcpServer((socket) => void written(socket, texts));
    const load = new TestLoad({ url: server.url });
    const { http } = load.newUser();
    for (let i = 0; i < 2; i++) {
      const reply = await http.post('/', { json: { a: 1 } });
      expect([reply.status, reply.text()]).toEqual([200, 'ok']);
    }
    // The connection can still be used.
    expect(server.opened()).toBe(1);
    load.close();
    await server.close();
  });
}

test('a body that looks like an interim answer is a body', async () => {
  const head = `HTTP/1.1 200 OK\r\ncontent-length: ${goOn.length}\r\n\r\n`;
  const server = await tcpServer((socket) => void written(socket, [head, goOn]));
  const load = new TestLoad({ url: server.url });
  expect((await load.newUser().http.get('/')).text()).toBe(goOn);
  load.close();
  await server.close();
});

test('100 Continue that comes in pieces is told as this side’s own', async () => {
  const server = await tcpServer(
    (socket) => void written(socket, ['HTTP/1.1 10', `0 Continue\r\n\r\n${answer}`]),
  );
  const load = new TestLoad({ url: server.url });
  expect(verdict(await notOk(load.newUser().http.get('/')))).toBe('failed generator');
  load.close();
  await server.close();
});

test('an unasked change of the protocol is the server’s', async () => {
  const switching = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n';
  const server = await tcpServer((socket) => void socket.write(switching));
  const load = new TestLoad({ url: server.url });
  expect(verdict(await notOk(load.newUser().http.get('/')))).toBe('failed protocol');
  load.close();
  await server.close();
});

for (const [status, header] of [
  ['304 Not Modified', 'content-length: 1234'],
  ['304 Not Modified', 'transfer-encoding: chunked'],
  ['304 Not Modified', 'content-length: 0'],
  ['304 Not Modified', 'etag: "a"'],
  ['204 No Content', 'content-length: 5'],
] as const) {
  test(`${status} with ${header} has no body, and ends with its head`, async () => {
    const server = await tcpServer((socket, count) => {
      socket.write(count === 1 ? `HTTP/1.1 ${status}\r\n${header}\r\n\r\n` : answer);
    });
    const load = new TestLoad({ url: server.url });
    const user = load.newUser();
    const { http } = user;
    const code = Number(status.slice(0, 3));
    const reply = await http.get('/', { status: code, headers: { 'if-none-match': '"a"' } });
    expect([reply.status, reply.bytes.length]).toEqual([code, 0]);
    expect((await http.get('/')).text()).toBe('ok');
    expect(load.lost).toBe(0);
    await user.close();
    load.close();
    // No unusable connection is left.
    await until(() => server.sockets.size === 0);
    await server.close();
  });
}
