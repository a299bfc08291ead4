/**
 * Each behaviour of a real server leads to exactly one outcome: rows 14, 15 and 18 to 25 of the fault
 * matrix.
 */
import { expect, test } from '@playwright/test';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { fault, type FaultRow } from '../faults/fault-matrix.ts';
import { httpServer, notOk, readByClient, tcpServer, TestLoad, verdict } from './client-harness.ts';
import { defined } from '../../load/platform/defined.ts';

const expected = z.object({ a: z.number() });
const jsonType = { 'content-type': 'application/json' };

const answers: readonly {
  readonly what: string;
  readonly answer: (response: ServerResponse) => void;
  readonly verdict: string;
  readonly degraded?: true;
  readonly status?: number;
  readonly detail?: string;
  /** The row of the fault matrix. */
  readonly row?: FaultRow;
}[] = [
  { what: 'a good body', answer: send(200, '{"a":1}'), verdict: 'ok' },
  { what: 'a body behind a mark', answer: send(200, '\uFEFF{"a":1}'), verdict: 'ok' },
  {
    what: 'HTML',
    answer: send(200, '<html>', 'text/html'),
    verdict: 'invalid contentType',
    row: 20,
  },
  { what: 'no content type', answer: send(200, '{"a":1}', ''), verdict: 'invalid contentType' },
  { what: 'broken JSON', answer: send(200, '{"a":'), verdict: 'invalid truncated', row: 20 },
  { what: 'an empty body', answer: send(200, ''), verdict: 'invalid emptyBody', row: 20 },
  {
    what: 'another shape',
    answer: send(200, '{"a":"x"}'),
    verdict: 'invalid schema',
    detail: 'a: ',
  },
  {
    what: 'success: false',
    answer: send(200, '{"success": false, "error": "no model"}'),
    verdict: 'failed application',
    detail: 'no model',
    row: 20,
  },
  { what: '500', answer: send(500, 'oh no'), verdict: 'failed status 500', detail: 'oh no' },
  { what: '401', answer: send(401, '{}'), verdict: 'failed status 401' },
  { what: '302', answer: send(302, ''), verdict: 'failed status 302' },
  { what: '503', answer: send(503, 'busy'), verdict: 'failed status 503' },
  {
    what: '503, tolerated',
    answer: send(503, 'busy'),
    verdict: 'degraded degraded',
    degraded: true,
  },
  { what: '429', answer: send(429, 'slow down'), verdict: 'throttled throttled', row: 25 },
  { what: '403 where 403 is right', answer: send(403, '{"a":1}'), verdict: 'ok', status: 403 },
  {
    what: '200 where 403 is right',
    answer: send(200, '{"a":1}'),
    verdict: 'failed status 200',
    status: 403,
  },
];

function send(status: number, body: string, type = 'application/json') {
  return (response: ServerResponse): void => {
    response.writeHead(status, type === '' ? {} : { 'content-type': type }).end(body);
  };
}

for (const { what, answer, verdict: right, degraded, status, detail, row } of answers) {
  test(`${what} is ${right}`, { annotation: row ? [fault(row)] : [] }, async () => {
    const server = await httpServer((_, response) => {
      answer(response);
    });
    const load = new TestLoad({ url: server.url, toleratesDegraded: degraded === true });
    const options = defined({ expect: expected, status });
    const request = load.newUser().http.get('/', options);
    if (right === 'ok') await request;
    else await notOk(request);
    expect(verdict(load.last)).toBe(right);
    expect(load.last.errorDetail).toContain(detail ?? '');
    if (right !== 'ok') expect(load.last.url).toContain(`GET ${server.url}/`);
    // No silent retry and no lost request, by the server's own count.
    expect(server.seen).toHaveLength(1);
    expect(load.lost).toBe(0);
    load.close();
    await server.close();
  });
}

test(
  '429 carries its Retry-After, in seconds or as a date',
  { annotation: fault(25) },
  async () => {
    const values = ['7', new Date(Date.now() + 3_600_000).toUTCString()];
    const server = await httpServer((_, response) => {
      response.writeHead(429, { 'retry-after': values.shift() }).end();
    });
    const load = new TestLoad({ url: server.url });
    const { http } = load.newUser();
    expect((await notOk(http.get('/'))).valueOf('retryAfter')).toBe(7000);
    expect((await notOk(http.get('/'))).valueOf('retryAfter')! / 3_600_000).toBeCloseTo(1, 2);
    expect(server.seen).toHaveLength(2);
    load.close();
    await server.close();
  },
);

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

/** A reset discards what was not read, so it comes when the client has read the text. */
function resetBehind(socket: Socket, text: string): void {
  socket.write(text);
  void readByClient(socket).then(() => socket.resetAndDestroy());
}

const wires: readonly {
  readonly what: string;
  readonly act: (socket: Socket) => void;
  readonly verdict: string;
  /** The row of the fault matrix. */
  readonly row: FaultRow;
}[] = [
  {
    what: 'a reset before the headers',
    act: (s) => s.resetAndDestroy(),
    verdict: 'failed reset',
    row: 14,
  },
  {
    what: 'a reset after an interim answer',
    act: (s) => {
      resetBehind(s, 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n');
    },
    verdict: 'failed reset',
    row: 14,
  },
  {
    what: 'an end in a chunked body that is to end the connection',
    act: (s) =>
      s.end(`${head}connection: close\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{"a"\r\n`),
    verdict: 'invalid truncated',
    row: 15,
  },
  {
    what: 'a head with two lengths',
    act: (s) => s.write(`${head}content-length: 7\r\ncontent-length: 7\r\n\r\n{"a":1}`),
    verdict: 'failed protocol',
    row: 15,
  },
  { what: 'an end before the headers', act: (s) => s.end(), verdict: 'failed reset', row: 14 },
  {
    what: 'a reset in the body',
    act: (s) => {
      resetBehind(s, `${head}content-length: 50\r\n\r\n{"a"`);
    },
    verdict: 'invalid truncated',
    row: 15,
  },
  {
    what: 'an end before content-length is reached',
    act: (s) => s.end(`${head}content-length: 50\r\n\r\n{"a"`),
    verdict: 'invalid truncated',
    row: 15,
  },
  {
    what: 'an end in a chunked body',
    act: (s) => s.end(`${head}transfer-encoding: chunked\r\n\r\n4\r\n{"a"\r\n`),
    verdict: 'invalid truncated',
    row: 15,
  },
  {
    what: 'a garbage status line',
    act: (s) => s.end('HELLO\r\n\r\n'),
    verdict: 'failed protocol',
    row: 19,
  },
  {
    what: 'broken chunking',
    act: (s) => s.write(`${head}transfer-encoding: chunked\r\n\r\nZZ\r\nxx\r\n0\r\n\r\n`),
    verdict: 'failed protocol',
    row: 19,
  },
  {
    what: 'headers over the limit',
    act: (s) => s.write(`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(40_000)}\r\n\r\n`),
    verdict: 'failed protocol',
    row: 19,
  },
];

for (const { what, act, verdict: right, row } of wires) {
  test(`${what} is ${right}, and the run goes on`, { annotation: fault(row) }, async () => {
    const server = await tcpServer((socket, count) => {
      if (count === 1) act(socket);
      else socket.write(`${head}content-length: 7\r\n\r\n{"a":1}`);
    });
    const load = new TestLoad({ url: server.url });
    const { http } = load.newUser();
    expect(verdict(await notOk(http.get('/')))).toBe(right);
    // By the server's own count: the request was not repeated.
    expect(server.received()).toBe(1);
    await http.get('/', { expect: expected });
    expect(load.recorder.totals.sent).toBe(server.received());
    expect(load.lost).toBe(0);
    load.close();
    await server.close();
  });
}

test('nobody listening is refused, an unknown host is dns', { annotation: fault(16) }, async () => {
  const server = await httpServer();
  await server.close();
  const refused = new TestLoad({ url: server.url });
  const sample = await notOk(refused.newUser().http.get('/'));
  expect(verdict(sample)).toBe('failed refused');
  expect(sample.errorDetail).toContain(String(server.port));
  const unknown = new TestLoad({
    url: 'http://no-such-host.invalid',
    allowedHosts: ['no-such-host.invalid'],
  });
  expect(verdict(await notOk(unknown.newUser().http.get('/')))).toBe('failed dns');
});

test('a host that was not allowed is never asked', { annotation: fault(34) }, async () => {
  const server = await httpServer();
  const load = new TestLoad({ url: server.url });
  const { http } = load.newUser();
  expect(verdict(await notOk(http.get('http://example.com/x')))).toBe('failed generator');
  expect(load.recorder.totals.sent).toBe(0);
  expect(load.lost).toBe(0);
  load.close();
  await server.close();
});

test('interim answers are passed over', async () => {
  const server = await tcpServer((socket) => {
    socket.write(
      `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${head}content-length: 7\r\n\r\n{"a":1}`,
    );
  });
  const load = new TestLoad({ url: server.url });
  expect((await load.newUser().http.get('/', { expect: expected })).status).toBe(200);
  load.close();
  await server.close();
});

test('a known rejection is ok, also one that says success: false', async () => {
  const server = await httpServer((_, response) => {
    response.writeHead(403, jsonType).end('{"success": false}');
  });
  const load = new TestLoad({ url: server.url });
  const { http } = load.newUser();
  await http.get('/', { status: 403 });
  await http.get('/', { status: 403, expect: z.object({ success: z.literal(false) }) });
  expect(load.samples.map(verdict)).toEqual(['ok', 'ok']);
  load.close();
  await server.close();
});

test('success: false is found in a long answer, too', { annotation: fault(20) }, async () => {
  const server = await httpServer((_, response) => {
    response
      .writeHead(200, jsonType)
      .end(JSON.stringify({ success: false, trace: 'x'.repeat(20_000) }));
  });
  const load = new TestLoad({ url: server.url });
  expect(verdict(await notOk(load.newUser().http.get('/')))).toBe('failed application');
  load.close();
  await server.close();
});
