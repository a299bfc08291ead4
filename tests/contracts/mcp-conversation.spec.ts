/**
 * A server that sends messages before its answer: each call ends as with the official client, over HTTP
 * and stdio.
 */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, test } from '@playwright/test';
import type { ServerResponse } from 'node:http';
import type { Measure } from '../../load/clients/client.ts';
import { sessionProtocol, type McpClient } from '../../load/clients/mcp/mcp.ts';
import { McpStdioClient } from '../../load/clients/mcp/stdio.ts';
import { McpHttpClient } from '../../load/clients/mcp/streamable-http.ts';
import { measure as measured } from '../../load/user/measured.ts';
import { fault } from '../faults/fault-matrix.ts';
import { httpServer, json, TestLoad, verdict } from './client-harness.ts';
import { Talker, talkingTools, type Heard } from './talking-tools.ts';

const options = { protocol: sessionProtocol, onSession: () => undefined } as const;
const command = ['--import', 'tsx/esm', 'tests/contracts/talking-server-stdio.ts'];

/** `tools/call` is answered on a stream; the client's replies come as separate requests. */
function talkingServer() {
  const talker = new Talker();
  return httpServer(({ request, body }, response) => {
    if (request.method !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    const message = JSON.parse(body.toString()) as Heard & { params: { protocolVersion?: string } };
    const { id, method, params } = message;
    if (method === 'initialize') {
      const serverInfo = { name: 'talking', version: '1' };
      const { protocolVersion } = params;
      const result = { protocolVersion, capabilities: { tools: {} }, serverInfo };
      json(response, { jsonrpc: '2.0', id, result });
    } else if (method === 'tools/call') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const say = (one: object): void => {
        event(response, JSON.stringify(one));
      };
      void talker
        .call(message, say, (text) => {
          event(response, text);
        })
        .then(() => response.end());
    } else response.writeHead(talker.hear(message) || id === undefined ? 202 : 400).end();
  });
}

function event(response: ServerResponse, text: string): void {
  response.write(`event: message\ndata: ${text}\n\n`);
}

interface Ended {
  readonly text: string;
  readonly isError: boolean;
}

async function called(client: McpClient, tool: string): Promise<Ended> {
  const { kind, text } = await client.callTool(tool, {}, { accept: 'any' });
  expect(['success', 'toolError']).toContain(kind);
  return { text, isError: kind === 'toolError' };
}

async function officially(client: Client, tool: string): Promise<Ended> {
  const { content, isError = false } = await client.callTool({ name: tool, arguments: {} });
  const [{ text = '' } = {}] = content as readonly { readonly text?: string }[];
  return { text, isError };
}

function officialClient(): Client {
  const mode = { versionNegotiation: { mode: 'legacy' } } as const;
  return new Client({ name: 'judge', version: '1' }, mode);
}

const shown = { annotation: fault(51) };

test(
  'over HTTP every call ends as the official client’s, and no answer is lost',
  shown,
  async () => {
    const server = await talkingServer();
    const judge = officialClient();
    await judge.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)));
    const load = new TestLoad({ url: server.url });
    const client = new McpHttpClient(load.newUser().http, '/mcp', options);
    await client.open();
    for (const tool of talkingTools) {
      await test.step(tool, async () => {
        const ended = await called(client, tool);
        expect(ended, tool).toEqual(await officially(judge, tool));
        expect(ended.text).not.toBe('');
      });
    }
    await judge.close();
    expect(new Set(load.samples.map(verdict))).toEqual(new Set(['ok']));
    const names = load.samples.map(({ series }) => series.request);
    // 20 and 8 pings, and seven tools that ask once.
    expect(names.filter((name) => name === 'answer to the server')).toHaveLength(36);
    expect(load.lost).toBe(0);
    load.close();
    await server.close();
  },
);

test('over stdio every call ends as the official client’s', shown, async () => {
  const judge = officialClient();
  await judge.connect(new StdioClientTransport({ command: process.execPath, args: command }));
  const load = new TestLoad({ url: 'http://127.0.0.1:1' });
  const scope = load.newScope();
  const measure: Measure = (name, send) =>
    measured(scope, scope.schedule(name), load.deadlines, send);
  const client = new McpStdioClient({ command: [process.execPath, ...command] }, measure, options);
  await client.open();
  for (const tool of talkingTools) {
    await test.step(tool, async () => {
      expect(await called(client, tool), tool).toEqual(await officially(judge, tool));
    });
  }
  await client.close();
  await judge.close();
  expect(new Set(load.samples.map(verdict))).toEqual(new Set(['ok']));
  load.close();
});

test('a tool that needs what this client has not is a failed call, by the tool’s own words', async () => {
  const server = await talkingServer();
  const load = new TestLoad({ url: server.url });
  const client = new McpHttpClient(load.newUser().http, '/mcp', options);
  await client.open();
  await expect(client.callTool('a refusal', {})).rejects.toThrow('failed (toolError)');
  expect(load.last.errorDetail).toBe('this tool needs a model: -32601');
  load.close();
  await server.close();
});
