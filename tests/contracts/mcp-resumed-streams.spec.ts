/**
 * A server may close a call's stream before its answer. It is resumed after the last event that was
 * received.
 */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, test } from '@playwright/test';
import type { ServerResponse } from 'node:http';
import { sessionProtocol } from '../../load/clients/mcp/mcp.ts';
import { McpHttpClient } from '../../load/clients/mcp/streamable-http.ts';
import type { Socket } from 'node:net';
import { VirtualClock } from '../engine/virtual-clock.ts';
import {
  httpServer,
  json,
  readByClient,
  TestLoad,
  until,
  verdict,
  type Seen,
  type TestLoadOptions,
} from './client-harness.ts';

const stream = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });
const priming = (id: string, retryMs: number | string = 20): string =>
  `id: ${id}\nretry: ${retryMs}\ndata:\n\n`;
const answer = (id: unknown, text = 'resumed'): string => {
  const result = { content: [{ type: 'text', text }] };
  return `id: last\nevent: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`;
};

type Respond = (response: ServerResponse, id: unknown, count: number) => void;

/** `call` answers the POST of a call, `again` each GET with an event id. Returns the ids that came. */
async function closing(
  call: Respond,
  again: Respond,
  options: Pick<TestLoadOptions, 'deadlineMs' | 'clock'> = {},
) {
  const resumed: { id: string; headers: Seen['request']['headers'] }[] = [];
  let called: unknown;
  const server = await httpServer(({ request, body }, response) => {
    const last = request.headers['last-event-id'];
    if (request.method === 'GET' && last === undefined) response.writeHead(405).end();
    else if (request.method === 'GET') {
      resumed.push({ id: String(last), headers: request.headers });
      again(response, called, resumed.length);
    } else {
      const { id, method } = JSON.parse(body.toString()) as { id?: unknown; method: string };
      const serverInfo = { name: 'closing', version: '1' };
      const opened = { protocolVersion: sessionProtocol, capabilities: { tools: {} }, serverInfo };
      if (method === 'tools/call') call(response, (called = id), 0);
      else if (id === undefined) response.writeHead(202).end();
      else {
        response.setHeader('mcp-session-id', 'one');
        json(response, { jsonrpc: '2.0', id, result: opened });
      }
    }
  });
  const load = new TestLoad({ url: server.url, ...options });
  const events: string[] = [];
  const onSession = (event: string): void => void events.push(event);
  const session = { protocol: sessionProtocol, onSession } as const;
  const client = new McpHttpClient(load.newUser().http, '/mcp', session);
  await client.open();
  const close = async (): Promise<void> => {
    expect(load.lost).toBe(0);
    expect(load.recorder.inFlight).toBe(0);
    load.close();
    await server.close();
  };
  return { url: `${server.url}/mcp`, resumed, events, load, client, server, close };
}

const ends: Respond = (response) => stream(response).end(priming('one'));
const finishes: Respond = (response, id) => stream(response).end(answer(id));

test('a call whose stream was closed is one request, from its sending to its answer', async () => {
  const { url, resumed, events, load, client, close } = await closing(ends, finishes);
  expect((await client.callTool('any', {})).text).toBe('resumed');
  expect(resumed[0]!.headers).toMatchObject({
    accept: 'text/event-stream',
    'last-event-id': 'one',
    'mcp-session-id': 'one',
    'mcp-protocol-version': sessionProtocol,
  });
  expect(resumed[0]!.headers).not.toHaveProperty('content-type');
  expect(events).toEqual(['opened', 'resumed']);
  expect(load.samples.map(verdict)).toEqual(['ok', 'ok', 'ok']);
  const { startedAtMs, endedAtMs, series } = load.last;
  expect(series.request).toBe('task');
  // Includes the pause that the server asks for.
  expect(endedAtMs - startedAtMs).toBeGreaterThanOrEqual(20);
  const judge = new Client(
    { name: 'judge', version: '1' },
    { versionNegotiation: { mode: 'legacy' } },
  );
  await judge.connect(new StreamableHTTPClientTransport(new URL(url)));
  const { content } = await judge.callTool({ name: 'any', arguments: {} });
  expect(content).toEqual([{ type: 'text', text: 'resumed' }]);
  await judge.close();
  await close();
});

for (const [what, call, again, ids] of [
  [
    'is cut',
    (response) => stream(response).write(priming('one'), () => response.destroy()),
    finishes,
    ['one'],
  ],
  [
    'is cut in its answer',
    (response, id) =>
      stream(response).write(priming('one') + answer(id, 'half').slice(0, -30), () =>
        response.destroy(),
      ),
    finishes,
    ['one'],
  ],
  [
    'is closed again and again',
    ends,
    (response, id, count) => {
      if (count === 4) finishes(response, id, count);
      else stream(response).end(priming(`n${count}`, 10));
    },
    ['one', 'n1', 'n2', 'n3'],
  ],
  [
    'is closed again without a new event',
    ends,
    (response, id, count) => {
      if (count === 2) finishes(response, id, count);
      else stream(response).end(': nothing yet\n\n');
    },
    ['one', 'one'],
  ],
  [
    'is cut before its head when it is taken up again',
    ends,
    (response, id, count) => {
      if (count === 2) finishes(response, id, count);
      else response.destroy();
    },
    ['one', 'one'],
  ],
  [
    'is answered as JSON when it is taken up again',
    ends,
    (response, id) => {
      json(response, {
        jsonrpc: '2.0',
        id,
        result: { content: [{ type: 'text', text: 'resumed' }] },
      });
    },
    ['one'],
  ],
] as readonly [string, Respond, Respond, readonly string[]][]) {
  test(`a stream that ${what} leads to its answer`, async () => {
    const { resumed, load, client, close } = await closing(call, again);
    expect((await client.callTool('any', {})).text).toBe('resumed');
    expect(resumed.map(({ id }) => id)).toEqual(ids);
    expect(load.samples.map(verdict)).toEqual(['ok', 'ok', 'ok']);
    await close();
  });
}

for (const [what, call, again, expected] of [
  [
    'names no event',
    (response) => stream(response).end(': hello\n\n'),
    finishes,
    'invalid truncated',
  ],
  [
    'names an event by what no header carries',
    (response) => stream(response).end(priming('ž')),
    finishes,
    'invalid truncated',
  ],
  [
    'names an event by more than 1 kB',
    (response) => stream(response).end(priming('x'.repeat(1025))),
    finishes,
    'invalid truncated',
  ],
  [
    'may not be taken up again',
    ends,
    (response) => response.writeHead(405).end(),
    'failed status 405',
  ],
  ['leads to an error', ends, (response) => response.writeHead(500).end('no'), 'failed status 500'],
] as readonly [string, Respond, Respond, string][]) {
  test(`a stream that is closed and ${what} is ${expected}`, async () => {
    const { load, client, close } = await closing(call, again);
    await client.callTool('any', {}).catch(() => undefined);
    expect(verdict(load.last)).toBe(expected);
    await close();
  });
}

test('a server that closes without an end is waited for until the deadline, and not asked faster than it can', async () => {
  const clock = new VirtualClock();
  const answered: { socket: Socket; atMs: number }[] = [];
  const ends: Respond = (response, _, count) => {
    answered.push({ socket: response.socket!, atMs: clock.now() });
    stream(response).end(priming(`n${count}`, 0));
  };
  const { load, client, close } = await closing(ends, ends, { deadlineMs: 500, clock });
  const call = client.callTool('any', {}).catch(() => undefined);
  // At least 10 ms between them, even if the server says less.
  for (let times = 1; times <= 50; times++) {
    await until(() => answered.length >= times);
    await readByClient(answered.at(-1)!.socket);
    await clock.run(clock.now() + 10);
  }
  await call;
  expect(answered.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 50 }, (_, i) => 10 * i));
  expect(verdict(load.last)).toBe('timeout timeout');
  expect(load.last.endedAtMs - load.last.startedAtMs).toBe(500);
  await close();
});

test('a run that ends cuts off a call that waits to be taken up again', async () => {
  const sockets: Socket[] = [];
  const { load, client, close } = await closing((response) => {
    sockets.push(response.socket!);
    stream(response).end(priming('one', 30_000));
  }, finishes);
  const call = client.callTool('any', {}).catch(() => undefined);
  await until(() => sockets.length === 1);
  await readByClient(sockets[0]!);
  expect(load.recorder.inFlight).toBe(1);
  load.deadlines.interruptAll();
  await call;
  expect(verdict(load.last)).toBe('interrupted interrupted');
  await close();
});
