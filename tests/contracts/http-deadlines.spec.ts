/** The total deadline of a request holds, whatever the server does: rows 17 and 18. */
import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { VirtualClock } from '../engine/virtual-clock.ts';
import { fault } from '../faults/fault-matrix.ts';
import { notOk, readByClient, tcpServer, TestLoad, until, verdict } from './client-harness.ts';

const deadlineMs = 200;
/** Row 17: how far behind its deadline a request may end. */
const toleranceMs = 50;

/**
 * Ends one request by its deadline in real time: not before it, and before what is due at the end of the
 * tolerance. Both wait for the same event loop, so a busy machine delays both.
 */
async function endsInRealTime(load: TestLoad): Promise<void> {
  const { http } = load.newUser();
  const request = notOk(http.get('/', { deadline: deadlineMs }));
  await load.clock.until(load.clock.now() + deadlineMs + toleranceMs);
  // Sockets are read once more before a request expires.
  await load.clock.turn();
  expect(load.samples).toHaveLength(1);
  const sample = await request;
  expect(sample.outcome).toBe('timeout');
  expect(sample.endedAtMs - sample.startedAtMs).toBeGreaterThanOrEqual(deadlineMs);
  expect(load.lost).toBe(0);
}

const silences: readonly {
  readonly what: string;
  /** The row of the fault matrix. */
  readonly row: 17 | 18;
  /** The server writes this when the request comes, and then every 20 ms. */
  readonly head?: string;
  readonly drop?: string;
}[] = [
  { what: 'accepts and never answers', row: 17 },
  {
    what: 'sends headers, then nothing',
    row: 18,
    head: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n',
  },
  {
    what: 'sends a byte now and then',
    row: 18,
    head: 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n',
    drop: 'x',
  },
];

for (const { what, row, head = '', drop = '' } of silences) {
  test(
    `a server that ${what}: timeout at the deadline, socket freed`,
    { annotation: fault(row) },
    async () => {
      const accepted: Socket[] = [];
      const server = await tcpServer((socket) => {
        accepted.push(socket);
        socket.write(head);
      });
      const clock = new VirtualClock();
      const load = new TestLoad({ url: server.url, clock });
      const request = notOk(load.newUser().http.get('/', { deadline: deadlineMs }));
      await until(() => accepted.length === 1);
      for (let atMs = 20; atMs < deadlineMs; atMs += 20) {
        accepted[0]!.write(drop);
        await readByClient(accepted[0]!);
        await clock.run(atMs);
      }
      await clock.run(deadlineMs - 1);
      expect(load.samples).toEqual([]);
      await clock.run(deadlineMs);
      const sample = await request;
      expect(sample.outcome).toBe('timeout');
      expect(sample.endedAtMs - sample.startedAtMs).toBe(deadlineMs);
      expect(load.lost).toBe(0);
      await until(() => server.sockets.size === 0);
      expect(server.received()).toBe(1);
      load.close();
      await server.close();
    },
  );
}

test(
  'in real time a request ends behind its deadline, and within the tolerance',
  { annotation: fault(17) },
  async () => {
    const server = await tcpServer(() => undefined);
    const load = new TestLoad({ url: server.url });
    await endsInRealTime(load);
    await until(() => server.sockets.size === 0);
    load.close();
    await server.close();
  },
);

test(
  'a connection that never comes about: timeout at the deadline',
  { annotation: fault(17) },
  async () => {
    // A process that listens and never accepts. When its backlog is full, the kernel drops connections.
    const script = `const server = require('node:net').createServer();
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('node:fs').writeSync(1, String(server.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    const fillers = Array.from({ length: 8 }, () => connect(Number(port), '127.0.0.1'));
    for (const filler of fillers) filler.on('error', () => undefined);
    await once(fillers[0]!, 'connect');
    const load = new TestLoad({ url: `http://127.0.0.1:${String(port)}` });
    await endsInRealTime(load);
    expect(load.last.valueOf('connect')).toBeUndefined();
    load.close();
    for (const filler of fillers) filler.destroy();
    child.kill('SIGKILL');
  },
);

test('many requests with several deadlines each end at their own', async () => {
  const server = await tcpServer(() => undefined);
  const clock = new VirtualClock();
  const load = new TestLoad({ url: server.url, clock });
  const { http } = load.newUser();
  const deadlines = [150, 50, 100, 50, 150];
  const requests = deadlines.map((deadline) => notOk(http.get('/', { deadline })));
  await until(() => server.received() === deadlines.length);
  await clock.run(1000);
  const samples = await Promise.all(requests);
  expect(samples.map(({ startedAtMs, endedAtMs }) => endedAtMs - startedAtMs)).toEqual(deadlines);
  expect(load.samples.map((sample) => samples.indexOf(sample))).toEqual([1, 3, 2, 0, 4]);
  load.close();
  await server.close();
});

test('the deadline is the task’s where the request states none', async () => {
  const server = await tcpServer(() => undefined);
  const load = new TestLoad({ url: server.url, deadlineMs: 60 });
  expect(verdict(await notOk(load.newUser().http.get('/')))).toBe('timeout timeout');
  load.close();
  await server.close();
});

test('what is in flight when the run is cut off is interrupted, and its socket freed', async () => {
  const server = await tcpServer(() => undefined);
  const load = new TestLoad({ url: server.url });
  const pending = notOk(load.newUser().http.get('/'));
  await until(() => server.received() === 1);
  load.deadlines.interruptAll();
  expect(verdict(await pending)).toBe('interrupted interrupted');
  await until(() => server.sockets.size === 0);
  load.close();
  await server.close();
});

test('a user goes on after a timeout, on a fresh connection', async () => {
  const server = await tcpServer((socket, count) => {
    if (count > 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
  });
  const clock = new VirtualClock();
  const load = new TestLoad({ url: server.url, clock });
  const { http } = load.newUser();
  const late = notOk(http.get('/', { deadline: 50 }));
  await until(() => server.received() === 1);
  await clock.run(50);
  expect(verdict(await late)).toBe('timeout timeout');
  expect((await http.get('/')).text()).toBe('ok');
  expect(server.opened()).toBe(2);
  load.close();
  await server.close();
});

/** Listens in a thread, answers, and wakes who waits for cell `n` when the `n`th answer has been sent. */
const answering = `const { parentPort, workerData } = require('node:worker_threads');
let count = 0;
const server = require('node:http').createServer((_, response) => {
  const cell = ++count;
  response.end('{}', () => {
    Atomics.store(workerData, cell, 1);
    Atomics.notify(workerData, cell);
  });
});
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;

const heldUpMs = 500;

test('an answer that came while this machine was held up is one, at the time it was read', async () => {
  const sent = new Int32Array(new SharedArrayBuffer(12));
  const worker = new Worker(answering, { eval: true, workerData: sent });
  const [port] = (await once(worker, 'message')) as [number];
  const load = new TestLoad({ url: `http://127.0.0.1:${port}` });
  const { http } = load.newUser();
  // It opens the connection, on which the next request is sent within a turn of the event loop.
  await http.get('/');
  const { clock } = load;
  await clock.turn();
  const endMs = clock.now() + heldUpMs;
  const reply = http.get('/', { deadline: heldUpMs });
  await clock.turn();
  // In the turn of its sending this thread is blocked, until the answer is here and the deadline has
  // passed. Timers then come first.
  expect(Atomics.wait(sent, 2, 0, 30_000)).not.toBe('timed-out');
  Atomics.wait(sent, 0, 0, Math.max(0, endMs - clock.now()) + toleranceMs);
  const wokeMs = clock.now();
  expect((await reply).status).toBe(200);
  expect(load.last.endedAtMs).toBeGreaterThanOrEqual(wokeMs);
  load.close();
  await worker.terminate();
});
