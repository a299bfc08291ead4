/** Servers that answer a call fast and wrong: no answer is ok, and each has the right outcome. */
import { expect, test } from '@playwright/test';
import type { ServerResponse } from 'node:http';
import { sessionProtocol } from '../../load/clients/mcp/mcp.ts';
import { McpHttpClient } from '../../load/clients/mcp/streamable-http.ts';
import { httpServer, json, TestLoad, verdict } from './client-harness.ts';

type Answer = (response: ServerResponse, id: unknown) => void;

function body(text: string, type: string, status = 200): Answer {
  return (response) => response.writeHead(status, { 'content-type': type }).end(text);
}

function message(fields: object): Answer {
  return (response, id) => {
    json(response, { jsonrpc: '2.0', id, ...fields });
  };
}

function events(textOf: (id: unknown) => string): Answer {
  return (response, id) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(textOf(id));
}

const good = { content: [{ type: 'text', text: 'done' }] };
const event = (value: object): string => `event: message\ndata: ${JSON.stringify(value)}\n\n`;
const log = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info' } };

const wrong: Readonly<Record<string, readonly [Answer, string]>> = {
  'an error of JSON-RPC': [message({ error: { code: -32603, message: 'no' } }), 'failed rpcError'],
  'a tool error': [message({ result: { ...good, isError: true } }), 'failed toolError'],
  'a web page': [body('<html>', 'text/html'), 'invalid contentType'],
  'nothing at all': [body('', 'application/json'), 'invalid emptyBody'],
  'half a message': [body('{"jsonrpc":"2.0","id":', 'application/json'), 'invalid truncated'],
  'success: false': [body('{"success":false}', 'application/json'), 'invalid truncated'],
  'neither result nor error': [message({}), 'invalid schema'],
  'content that is no list': [message({ result: { content: 'done' } }), 'invalid schema'],
  'a question back': [
    message({ result: { ...good, resultType: 'input_required' } }),
    'invalid schema',
  ],
  "another request's answer": [message({ id: 999, result: good }), 'invalid truncated'],
  'a stream without its answer': [events(() => event(log)), 'invalid truncated'],
  'a stream cut in its answer': [
    events((id) => event({ jsonrpc: '2.0', id, result: good }).slice(0, -20)),
    'invalid truncated',
  ],
  'an unexpected status': [body('no', 'text/plain', 500), 'failed status 500'],
  'a call for a key': [body('', 'text/plain', 401), 'failed status 401'],
  'too many requests': [body('', 'text/plain', 429), 'throttled throttled'],
  'a 503': [body('', 'text/plain', 503), 'failed status 503'],
  'an error with a good result in it': [
    (response, id) => {
      json(response, { jsonrpc: '2.0', id, result: good }, 502);
    },
    'failed status 502',
  ],
};

const right: Readonly<Record<string, Answer>> = {
  'one message': message({ result: good }),
  'a list of messages': (response, id) => {
    json(response, [log, { jsonrpc: '2.0', id, result: good }]);
  },
  'a stream with comments and other messages': events(
    (id) =>
      `: hello\n\nid: 1\ndata:\n\n${event(log)}${event({ jsonrpc: '2.0', id, result: good })}`,
  ),
  'a stream with line ends of two bytes': events((id) =>
    event({ jsonrpc: '2.0', id, result: good }).replaceAll('\n', '\r\n'),
  ),
};

async function called(answer: Answer): Promise<string> {
  const server = await httpServer(({ body: sent }, response) => {
    const { method, id } = JSON.parse(sent.toString()) as { method: string; id: unknown };
    if (method === 'tools/call') answer(response, id);
    else if (id === undefined) response.writeHead(202).end();
    else message({ result: { protocolVersion: sessionProtocol } })(response, id);
  });
  const load = new TestLoad({ url: server.url });
  const options = { protocol: sessionProtocol, onSession: () => undefined } as const;
  const client = new McpHttpClient(load.newUser().http, '/mcp', options);
  await client.open();
  await client.callTool('any', {}).catch(() => undefined);
  expect(load.samples).toHaveLength(3);
  load.close();
  await server.close();
  return verdict(load.last);
}

for (const [what, [answer, expected]] of Object.entries(wrong)) {
  test(`${what} is ${expected}`, async () => {
    expect(await called(answer)).toBe(expected);
  });
}

for (const [what, answer] of Object.entries(right)) {
  test(`an answer in ${what} is ok`, async () => {
    expect(await called(answer)).toBe('ok');
  });
}

test('a web page in place of the versions that a server speaks is no answer', async () => {
  const server = await httpServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
  });
  const load = new TestLoad({ url: server.url });
  const options = { protocol: 'auto', onSession: () => undefined } as const;
  const client = new McpHttpClient(load.newUser().http, '/mcp', options);
  await expect(client.open()).rejects.toThrow('server/discover: invalid (contentType)');
  expect(load.samples.map(verdict)).toEqual(['invalid contentType']);
  load.close();
  await server.close();
});

test('a web page in place of the end of a session closes none', async () => {
  const server = await httpServer(({ request, body: sent }, response) => {
    if (request.method === 'DELETE') {
      body('<!doctype html>', 'text/html')(response, 0);
      return;
    }
    const { id } = JSON.parse(sent.toString()) as { id?: unknown };
    response.setHeader('mcp-session-id', 'one');
    if (id === undefined) response.writeHead(202).end();
    else message({ result: { protocolVersion: sessionProtocol } })(response, id);
  });
  const load = new TestLoad({ url: server.url });
  const sessions: string[] = [];
  const onSession = (event: string): void => void sessions.push(event);
  const options = { protocol: sessionProtocol, onSession } as const;
  const client = new McpHttpClient(load.newUser().http, '/mcp', options);
  await client.open();
  await expect(client.close()).rejects.toThrow('end session: invalid (contentType)');
  expect(sessions).toEqual(['opened']);
  load.close();
  await server.close();
});
