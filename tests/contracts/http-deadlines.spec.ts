/** The total deadline of a request holds, whatever the server does: rows 17 and 18. */
import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fault } from '../faults/fault-matrix.ts';
import { withServer } from '../instrument/local-server.ts';
import { notOk, sleep, tcpServer, TestLoad, until, verdict } from './client-harness.ts';

const deadlineMs = 200;
/** Row 17: how far from its deadline a request may end. */
const toleranceMs = 50;

/** Ends one request by its deadline and compares it with a plain timer set at the same time. */
async function endsWithTimer(load: TestLoad, path = '/'): Promise<void> {
  const { http } = load.newUser();
  const timer = new Promise<number>((resolve) => {
    setTimeout(() => {
      resolve(load.clock.now());
    }, deadlineMs);
  });
  const sample = await notOk(http.get(path, { deadline: deadlineMs }));
  expect(sample.outcome).toBe('timeout');
  expect(Math.abs(sample.endedAtMs - (await timer))).toBeLessThanOrEqual(toleranceMs);
  expect(load.lost).toBe(0);
}

const silences: readonly {
  readonly what: string;
  /** The row of the fault matrix. */
  readonly row: 17 | 18;
  readonly act: (socket: Socket) => void;
}[] = [
  { what: 'accepts and never answers', row: 17, act: () => undefined },
  {
    what: 'sends headers, then nothing',
    row: 18,
    act: (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n'),
  },
  {
    what: 'sends a byte now and then',
    row: 18,
    act: (s) => {
      s.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      const drip = setInterval(() => s.write('x'), 20);
      s.once('close', () => {
        clearInterval(drip);
      });
    },
  },
];

for (const { what, row, act } of silences) {
  test(
    `a server that ${what}: timeout at the deadline, socket freed`,
    { annotation: fault(row) },
    async () => {
      const server = await tcpServer((socket) => {
        act(socket);
      });
      const load = new TestLoad({ url: server.url });
      await endsWithTimer(load);
      await until(() => server.sockets.size === 0);
      expect(server.received()).toBe(1);
      load.close();
      await server.close();
    },
  );
}

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
    await endsWithTimer(load);
    expect(load.last.valueOf('connect')).toBeUndefined();
    load.close();
    for (const filler of fillers) filler.destroy();
    child.kill('SIGKILL');
  },
);

test('many requests with several deadlines each end at their own', async () => {
  const server = await tcpServer(() => undefined);
  const load = new TestLoad({ url: server.url });
  const { http } = load.newUser();
  const deadlines = [150, 50, 100, 50, 150];
  const samples = await Promise.all(
    deadlines.map((deadline) => notOk(http.get('/', { deadline }))),
  );
  const overMs = samples.map((sample, i) => sample.endedAtMs - sample.startedAtMs - deadlines[i]!);
  // Never early. That they end in order shows that none waits for a coarser sweep.
  expect(Math.min(...overMs)).toBeGreaterThanOrEqual(0);
  const order = load.samples.map((sample) => samples.indexOf(sample));
  expect(order).toEqual([1, 3, 2, 0, 4]);
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
  const load = new TestLoad({ url: server.url });
  const { http } = load.newUser();
  await notOk(http.get('/', { deadline: 50 }));
  expect((await http.get('/')).text()).toBe('ok');
  expect(server.opened()).toBe(2);
  load.close();
  await server.close();
});

test('an answer that came while this machine was held up is one, at the time it was read', async () => {
  await withServer({ answerAfterMs: 60 }, async (server) => {
    const load = new TestLoad({ url: server.url });
    const { http } = load.newUser();
    const reply = http.get('/', { deadline: 200 });
    // The answer is on its way when this process is blocked until after the deadline. Timers then come
    // first.
    await sleep(20);
    await load.clock.turn();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    const wokeMs = load.clock.now();
    expect((await reply).status).toBe(200);
    expect(load.last.endedAtMs).toBeGreaterThanOrEqual(wokeMs);
    load.close();
  });
});
