/** How many connections the server sees, and what happens to a broken connection: rows 14 and 26. */
import { expect, test } from '@playwright/test';
import type { Socket } from 'node:net';
import { VirtualClock } from '../engine/virtual-clock.ts';
import { fault } from '../faults/fault-matrix.ts';
import { httpServer, notOk, tcpServer, TestLoad, until, verdict } from './client-harness.ts';

const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

for (const [policy, opened] of [
  ['perUser', 3],
  ['shared', 1],
  ['none', 12],
] as const) {
  test(`${policy}: 3 users in turn, 4 requests each, open ${opened} connections`, async () => {
    const server = await httpServer();
    const load = new TestLoad({ url: server.url, connections: policy });
    const users = [load.newUser(), load.newUser(), load.newUser()];
    for (let round = 0; round < 4; round++) for (const { http } of users) await http.get('/');
    expect(server.opened()).toBe(opened);
    const paid = load.samples.filter((sample) => sample.valueOf('connect') !== undefined);
    expect(paid).toHaveLength(opened);
    for (const user of users) await user.close();
    load.close();
    // No connection is left.
    await until(() => server.sockets.size === 0);
    await server.close();
  });
}

test('shared: a request never waits for another one’s connection', async () => {
  const server = await httpServer((_, response) => {
    setTimeout(() => response.end('{}'), 50);
  });
  const load = new TestLoad({ url: server.url, connections: 'shared' });
  const users = Array.from({ length: 5 }, () => load.newUser());
  await Promise.all(users.map(({ http }) => http.get('/')));
  expect(server.opened()).toBe(5);
  await users[0]!.http.get('/');
  expect(server.opened()).toBe(5);
  load.close();
  await server.close();
});

test('parallel requests of one user take a second connection, and keep it', async () => {
  const server = await httpServer();
  const load = new TestLoad({ url: server.url });
  const { http } = load.newUser();
  await Promise.all([http.get('/'), http.get('/')]);
  await Promise.all([http.get('/'), http.get('/')]);
  expect(server.opened()).toBe(2);
  load.close();
  await server.close();
});

test('the connections of a user are closed with its session, also one still in use', async () => {
  const server = await httpServer((_, response) => {
    setTimeout(() => response.end('{}'), 100);
  });
  const load = new TestLoad({ url: server.url });
  const user = load.newUser();
  const late = user.http.get('/');
  await until(() => server.sockets.size === 1);
  await user.close();
  await late.catch(() => undefined);
  await until(() => server.sockets.size === 0);
  expect(load.lost).toBe(0);
  load.close();
  await server.close();
});

test(
  'a kept-alive connection that the server closes as it is used is a kind of its own',
  { annotation: fault(26) },
  async () => {
    const server = await tcpServer((socket, count) => {
      if (count === 2) socket.destroy();
      else socket.write(answer);
    });
    // No time passes between the request and the end of its connection.
    const load = new TestLoad({ url: server.url, clock: new VirtualClock() });
    const { http } = load.newUser();
    await http.get('/');
    expect(verdict(await notOk(http.get('/')))).toBe('failed closedIdle');
    expect(server.received()).toBe(2);
    await http.get('/');
    expect(load.recorder.totals.sent).toBe(server.received());
    load.close();
    await server.close();
  },
);

test(
  'a connection that was seen to be closed while idle is replaced, and nothing is sent twice',
  { annotation: fault(26) },
  async () => {
    const server = await tcpServer((socket) => {
      socket.end(answer);
    });
    const load = new TestLoad({ url: server.url });
    const { http } = load.newUser();
    for (let i = 0; i < 3; i++) {
      await http.get('/');
      await until(() => server.sockets.size === 0);
    }
    expect(load.samples.map(verdict)).toEqual(['ok', 'ok', 'ok']);
    expect(server.received()).toBe(3);
    load.close();
    await server.close();
  },
);

test(
  'a reset on a fresh connection is reset, whatever the one before it carried',
  { annotation: fault(14) },
  async () => {
    const server = await tcpServer((socket, count) => {
      if (count === 3) socket.resetAndDestroy();
      else socket.end(answer.replace('\r\n', '\r\nconnection: close\r\n'));
    });
    const load = new TestLoad({ url: server.url });
    const { http } = load.newUser();
    await http.get('/');
    await http.get('/');
    expect(verdict(await notOk(http.get('/')))).toBe('failed reset');
    load.close();
    await server.close();
  },
);

test(
  'a server that dies while it works on a request resets it: the connection was not idle',
  { annotation: fault(14) },
  async () => {
    const clock = new VirtualClock();
    const server = await tcpServer((socket: Socket, count) => {
      if (count === 2) void clock.run(300).then(() => socket.resetAndDestroy());
      else socket.write(answer);
    });
    const load = new TestLoad({ url: server.url, clock });
    const { http } = load.newUser();
    await http.get('/');
    expect(verdict(await notOk(http.get('/')))).toBe('failed reset');
    load.close();
    await server.close();
  },
);

test('keep-alive hints of the server are honoured', async () => {
  const server = await tcpServer((socket) => {
    socket.write(answer.replace('\r\n', '\r\nkeep-alive: timeout=3\r\n'));
  });
  const load = new TestLoad({ url: server.url });
  await load.newUser().http.get('/');
  // Closed from this side before the server would do it; the server has no timer.
  await until(() => server.sockets.size === 0);
  load.close();
  await server.close();
});
