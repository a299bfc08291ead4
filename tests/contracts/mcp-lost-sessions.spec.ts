/** A session that the server has forgotten is replaced and counted, however the server reports it. */
import { expect, test } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sessionProtocol } from '../../load/clients/mcp/mcp.ts';
import { McpHttpClient } from '../../load/clients/mcp/streamable-http.ts';
import { fault } from '../faults/fault-matrix.ts';
import { httpServer, json, TestLoad, verdict } from './client-harness.ts';

const shown = {
  annotation: [fault(40), fault(51)],
};

type Refuse = (response: ServerResponse, id: unknown) => void;

const rpcError = (status: number, code: number, message: string): Refuse => {
  return (response, id) => {
    json(response, { jsonrpc: '2.0', id, error: { code, message } }, status);
  };
};
const plain = (status: number, text = ''): Refuse => {
  return (response) => response.writeHead(status).end(text);
};

/** Calls of known sessions succeed, unless `other` handles them; unknown sessions are refused by `refuse`. */
async function withSessions(refuse: Refuse, other?: Refuse) {
  const known = new Set<string>();
  const methods: string[] = [];
  const server = await httpServer(({ request, body }, response) => {
    const session = String(request.headers['mcp-session-id']);
    if (request.method === 'DELETE') {
      if (known.delete(session)) response.writeHead(200).end();
      else refuse(response, null);
      return;
    }
    const { id, method } = JSON.parse(body.toString()) as { id?: unknown; method: string };
    methods.push(method);
    const result = (value: object): void => {
      json(response, { jsonrpc: '2.0', id, result: value });
    };
    if (method === 'initialize') {
      const opened = randomUUID();
      known.add(opened);
      response.setHeader('mcp-session-id', opened);
      result({ protocolVersion: sessionProtocol });
    } else if (!known.has(session)) refuse(response, id);
    else if (id === undefined) response.writeHead(202).end();
    else if (method === 'ping') result({});
    else if (other !== undefined) other(response, id);
    else result({ content: [{ type: 'text', text: 'well' }] });
  });
  const load = new TestLoad({ url: server.url });
  const events: string[] = [];
  const onSession = (event: string): void => void events.push(event);
  const options = { protocol: sessionProtocol, onSession } as const;
  const client = new McpHttpClient(load.newUser().http, '/mcp', options);
  await client.open();
  const close = async (): Promise<void> => {
    expect(load.lost).toBe(0);
    load.close();
    await server.close();
  };
  return { known, methods, client, load, events, close };
}

for (const [what, refuse] of [
  ['404 without a word', plain(404)],
  ['410 as text', plain(410, 'gone')],
  ['404 as JSON-RPC', rpcError(404, -32001, 'Session not found')],
  ['400 as JSON-RPC', rpcError(400, -32000, 'Bad Request: No valid session ID provided')],
  ['400 of a server that was started anew', rpcError(400, -32000, 'Server not initialized')],
  ['400 in other words', rpcError(400, -32600, 'unknown Mcp-Session-Id')],
  ['400 without a word', plain(400)],
  ['400 as text', plain(400, 'bad request')],
] as const) {
  test(
    `a session that is told forgotten by ${what} is lost, and a new one takes its place`,
    shown,
    async () => {
      const { known, client, load, events, close } = await withSessions(refuse);
      known.clear();
      await expect(client.callTool('any', {})).rejects.toThrow(`status ${what.slice(0, 3)}`);
      expect((await client.callTool('any', {})).text).toBe('well');
      known.clear();
      await client.close();
      expect(events).toEqual(['opened', 'lost', 'opened', 'lost']);
      // Only the call is an error, not the check that found the session gone.
      expect(load.samples.filter(({ outcome }) => outcome !== 'ok')).toHaveLength(1);
      await close();
    },
  );
}

test('the answer to a call that any answer is good for may tell that, too', async () => {
  const { known, client, events, close } = await withSessions(plain(400));
  known.clear();
  expect(await client.callTool('any', {}, { accept: 'any' })).toMatchObject({ kind: 'httpError' });
  expect(events).toEqual(['opened', 'lost', 'opened']);
  await close();
});

for (const [what, other] of [
  ['bad arguments', rpcError(400, -32602, 'session_id is not valid')],
  ['something else', plain(400, 'too many headers')],
  ['a 401', plain(401)],
] as const) {
  test(`${what}: no session is lost by it`, async () => {
    const { methods, client, load, events, close } = await withSessions(plain(404), other);
    await expect(client.callTool('any', {})).rejects.toThrow('failed (status 40');
    expect(events).toEqual(['opened']);
    expect(methods.filter((method) => method === 'initialize')).toHaveLength(1);
    expect(load.samples.map(verdict).filter((one) => one !== 'ok')).toHaveLength(1);
    await close();
  });
}

test('calls that are refused at once lose one session', async () => {
  const { known, client, events, close } = await withSessions(plain(404));
  known.clear();
  const calls = await Promise.allSettled([1, 2, 3, 4].map(() => client.callTool('any', {})));
  expect(calls.map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
    'rejected',
    'rejected',
  ]);
  expect(events).toEqual(['opened', 'lost', 'opened']);
  expect(known.size).toBe(1);
  await close();
});

test(
  'a tool that is taken off the list is a failed call, and costs no session',
  shown,
  async () => {
    const gone = rpcError(200, -32602, 'Unknown tool: any');
    const { client, load, events, methods, close } = await withSessions(plain(404), gone);
    await expect(client.callTool('any', {})).rejects.toThrow('failed');
    // Only the call was measured, under the tool's name; it was not repeated.
    expect(load.samples.map(verdict).filter((one) => one !== 'ok')).toHaveLength(1);
    expect(load.last.errorDetail).toContain('Unknown tool: any');
    expect(methods.filter((method) => method === 'tools/call')).toHaveLength(1);
    expect(events).toEqual(['opened']);
    await close();
  },
);
