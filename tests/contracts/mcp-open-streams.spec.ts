/** Replies as event streams: the answer counts when its event has arrived, whatever the stream does then. */
import { expect, test } from '@playwright/test';
import type { ServerResponse } from 'node:http';
import { sessionProtocol } from '../../load/clients/mcp/mcp.ts';
import { McpHttpClient } from '../../load/clients/mcp/streamable-http.ts';
import { systemClock } from '../../load/platform/clock.ts';
import { VirtualClock } from '../engine/virtual-clock.ts';
import { httpServer, json, readByClient, TestLoad, until, verdict } from './client-harness.ts';

const good = { content: [{ type: 'text', text: 'done 🎉' }] };
const log = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info' } };

function event(value: object): string {
  return `event: message\ndata: ${JSON.stringify(value)}\n\n`;
}

function answerTo(id: unknown, fields: object = { result: good }): string {
  return event({ jsonrpc: '2.0', id, ...fields });
}

/** A server that answers tool calls on an open stream by `answer`, and a client that has opened it. */
async function streaming(
  answer: (stream: ServerResponse, id: unknown) => void,
  clock = systemClock(),
) {
  const server = await httpServer(({ body }, response) => {
    const { method, id } = JSON.parse(body.toString()) as { method: string; id: unknown };
    if (method === 'tools/call') {
      answer(response.writeHead(200, { 'content-type': 'text/event-stream' }), id);
    } else if (id === undefined) response.writeHead(202).end();
    else json(response, { jsonrpc: '2.0', id, result: { protocolVersion: sessionProtocol } });
  });
  const load = new TestLoad({ url: server.url, clock });
  const options = { protocol: sessionProtocol, onSession: () => undefined } as const;
  const client = new McpHttpClient(load.newUser().http, '/mcp', options);
  await client.open();
  const close = async (): Promise<void> => {
    expect(load.lost).toBe(0);
    expect(load.recorder.inFlight).toBe(0);
    load.close();
    await server.close();
  };
  return { server, load, client, close };
}

test('the latency of a call ends with its answer, not with the stream', async () => {
  const streams: ServerResponse[] = [];
  const clock = new VirtualClock();
  const { load, client, close } = await streaming((stream, id) => {
    stream.write(answerTo(id));
    streams.push(stream);
  }, clock);
  const call = client.callTool('any', {});
  await until(() => streams.length === 1);
  await readByClient(streams[0]!.socket!);
  // The stream is still open when this time has passed.
  await clock.run(300);
  const answer = await call;
  const { startedAtMs, endedAtMs } = load.last;
  expect([verdict(load.last), answer.text]).toEqual(['ok', 'done 🎉']);
  expect([startedAtMs, endedAtMs]).toEqual([0, 0]);
  streams[0]!.end();
  await close();
});

for (const [what, fields, expected] of [
  ['an error of JSON-RPC', { error: { code: -32603, message: 'no' } }, 'failed rpcError'],
  ['a tool error', { result: { ...good, isError: true } }, 'failed toolError'],
  ['neither result nor error', {}, 'invalid schema'],
] as const) {
  test(`${what} on a stream that stays open is ${expected}`, async () => {
    const { load, client, close } = await streaming((stream, id) => {
      stream.write(answerTo(id, fields));
    });
    await client.callTool('any', {}).catch(() => undefined);
    expect(verdict(load.last)).toBe(expected);
    await close();
  });
}

test('what is told before the answer, or of another request, ends nothing', async () => {
  let go = (): void => undefined;
  const streams: ServerResponse[] = [];
  const { load, client, close } = await streaming((stream, id) => {
    stream.write(`id: 1\ndata:\n\n${event(log)}${answerTo(999)}`);
    streams.push(stream);
    go = () => stream.write(answerTo(id));
  });
  const call = client.callTool('any', {});
  await until(() => streams.length === 1);
  await readByClient(streams[0]!.socket!);
  const wentAtMs = load.clock.now();
  go();
  await call;
  expect(load.last.endedAtMs).toBeGreaterThanOrEqual(wentAtMs);
  expect(verdict(load.last)).toBe('ok');
  await close();
});

test('an answer that comes in pieces is whole with its last one', async () => {
  const { load, client, close } = await streaming((stream, id) => {
    const pieces = [...Buffer.from(answerTo(id))].map((byte) => Buffer.of(byte));
    const next = (): void => {
      const piece = pieces.shift();
      if (piece !== undefined) stream.write(piece, () => setImmediate(next));
    };
    next();
  });
  expect((await client.callTool('any', {})).content).toEqual(good.content);
  expect(verdict(load.last)).toBe('ok');
  await close();
});

for (const [what, finish] of [
  ['ends', (stream: ServerResponse) => stream.end(event(log))],
  ['is cut', (stream: ServerResponse) => stream.write(event(log), () => stream.destroy())],
] as const) {
  test(`a stream that ${what} without the answer is truncated`, async () => {
    const { load, client, close } = await streaming((stream) => {
      finish(stream);
    });
    await expect(client.callTool('any', {})).rejects.toThrow('invalid (truncated)');
    expect(load.last.errorDetail).not.toBe('');
    await close();
  });
}

test('a stream that ends behind its answer gives its connection back', async () => {
  const calls = 8;
  const { server, load, client, close } = await streaming((stream, id) => {
    stream.write(answerTo(id), () => setImmediate(() => stream.end()));
  });
  for (let i = 0; i < calls; i += 1) await client.callTool('any', {});
  expect(load.samples.slice(2).map(verdict)).toEqual(Array.from({ length: calls }, () => 'ok'));
  // One stream may still be read to its end while the next call is sent.
  expect(server.opened()).toBeLessThanOrEqual(2);
  await close();
});

test('a stream that never ends loses its connection; the calls go on', async () => {
  let closed = 0;
  const { server, load, client, close } = await streaming((stream, id) => {
    stream.once('close', () => (closed += 1));
    stream.write(answerTo(id));
  });
  await client.callTool('any', {});
  await client.callTool('any', {});
  await until(() => closed === 2);
  await client.callTool('any', {});
  expect(load.samples.slice(2).map(verdict)).toEqual(['ok', 'ok', 'ok']);
  expect(server.opened()).toBe(3);
  await close();
});

test('the end of the run closes the streams that are still open', async () => {
  const closed: string[] = [];
  const open = async (name: string) => {
    const clock = new VirtualClock();
    const streams: ServerResponse[] = [];
    const opened = await streaming((stream, id) => {
      stream.once('close', () => closed.push(name));
      stream.write(answerTo(id));
      streams.push(stream);
    }, clock);
    const call = opened.client.callTool('any', {});
    await until(() => streams.length === 1);
    await readByClient(streams[0]!.socket!);
    await clock.run(100);
    await call;
    return { ...opened, clock };
  };
  const [goingOn, ended] = [await open('of a run that goes on'), await open('of the ended run')];
  ended.load.deadlines.interruptAll();
  await until(() => closed.length > 0);
  expect(closed).toEqual(['of the ended run']);
  expect(verdict(ended.load.last)).toBe('ok');
  await goingOn.clock.run(5000);
  await until(() => closed.length === 2);
  for (const { close } of [goingOn, ended]) await close();
});
