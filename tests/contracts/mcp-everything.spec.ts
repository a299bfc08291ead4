/**
 * Every tool of `@modelcontextprotocol/server-everything`, including those that report progress, run long
 * or ask the client: each call ends as with the official client, over both transports.
 */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, test } from '@playwright/test';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Measure } from '../../load/clients/client.ts';
import { sessionProtocol, type McpClient } from '../../load/clients/mcp/mcp.ts';
import { McpStdioClient } from '../../load/clients/mcp/stdio.ts';
import { McpHttpClient } from '../../load/clients/mcp/streamable-http.ts';
import { measure as measured } from '../../load/user/measured.ts';
import { isRunning, outerEnvironment } from '../child-processes.ts';
import { TestLoad, verdict } from './client-harness.ts';

const { resolve } = createRequire(import.meta.url);
const everything = resolve('@modelcontextprotocol/server-everything/dist/index.js');
const onLoopback = fileURLToPath(new URL('./loopback-listen.ts', import.meta.url));
const options = { protocol: sessionProtocol, onSession: () => undefined } as const;

const operation = { duration: 0.3, steps: 3 };
const calls = [
  { name: 'echo', arguments: { message: 'größer\u2028🙂' } },
  { name: 'echo', arguments: {} },
  { name: 'get-sum', arguments: { a: 2, b: 3 } },
  { name: 'get-annotated-message', arguments: { messageType: 'error', includeImage: true } },
  { name: 'get-resource-links', arguments: { count: 3 } },
  { name: 'get-resource-reference', arguments: { resourceType: 'Text', resourceId: 1 } },
  { name: 'get-resource-reference', arguments: { resourceType: 'Blob', resourceId: 1 } },
  { name: 'get-structured-content', arguments: { location: 'New York' } },
  { name: 'get-tiny-image', arguments: {} },
  { name: 'toggle-simulated-logging', arguments: {} },
  { name: 'toggle-subscriber-updates', arguments: {} },
  { name: 'trigger-long-running-operation', arguments: operation },
  { name: 'trigger-long-running-operation', arguments: operation, progress: true },
  // They need client features that neither of the two offers.
  { name: 'trigger-sampling-request', arguments: { prompt: 'a word' } },
  { name: 'trigger-sampling-request-async', arguments: { prompt: 'a word' } },
  { name: 'trigger-elicitation-request', arguments: {} },
  { name: 'get-roots-list', arguments: {} },
  { name: 'simulate-research-query', arguments: { topic: 'tea' } },
  { name: 'no-such-tool', arguments: {} },
] as const;

interface Ended {
  readonly kind: 'success' | 'toolError' | 'rpcError';
  readonly said: unknown;
}

const sessionId = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Replaces values that change with the session or the time. */
function steady(said: unknown): unknown {
  const text = JSON.stringify(said)
    .replaceAll(sessionId, '<session>')
    // It also contains the time of day.
    .replaceAll(/"blob":"[^"]*"/g, '"blob":"<packed>"');
  return JSON.parse(text.replaceAll(/\d{1,2}:\d{2}:\d{2} [AP]M/g, '<time>')) as unknown;
}

async function officially(client: Client, progress: string[]): Promise<Ended[]> {
  const ended: Ended[] = [];
  for (const { name, arguments: args, ...call } of calls) {
    const own = 'progress' in call ? { onprogress: () => void progress.push(name) } : {};
    ended.push(
      await client.callTool({ name, arguments: args }, own).then(
        ({ content, structuredContent, isError }): Ended => ({
          kind: isError === true ? 'toolError' : 'success',
          said: steady([content, structuredContent ?? null]),
        }),
        (error: unknown): Ended => {
          const { code, message } = error as Error & { code?: number };
          return {
            kind: 'rpcError',
            said: `${code}: ${message.replace(/^MCP error -?\d+: /, '')}`,
          };
        },
      ),
    );
  }
  return ended;
}

async function ours(client: McpClient): Promise<Ended[]> {
  const ended: Ended[] = [];
  for (const { name, arguments: args } of calls) {
    const answer = await client.callTool(name, args, { accept: 'any' });
    const { kind, content, structured, code, text } = answer;
    if (kind === 'rpcError') ended.push({ kind, said: `${code}: ${text}` });
    else ended.push({ kind: kind as 'success', said: steady([content, structured ?? null]) });
  }
  return ended;
}

function judge(): Client {
  const mode = { versionNegotiation: { mode: 'legacy' } } as const;
  return new Client({ name: 'judge', version: '1' }, mode);
}

/** Asks for progress, as the official client does if a callback is given. */
const progressing = { params: { _meta: { progressToken: 'ours' } } };

test('over Streamable HTTP', async () => {
  const child = fork(everything, ['streamableHttp'], {
    execArgv: ['--import', 'tsx/esm', '--import', onLoopback],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: outerEnvironment(),
  });
  const exited = once(child, 'exit');
  const [port] = (await once(child, 'message')) as [number];
  const url = `http://127.0.0.1:${port}`;
  try {
    const official = judge();
    await official.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
    const progress: string[] = [];
    const expected = await officially(official, progress);
    expect(progress).toHaveLength(operation.steps);
    await official.close();
    // With a token for each call, so that progress comes on the stream of every long one.
    const load = new TestLoad({ url, http: { overrides: [{ body: progressing }] } });
    const client = new McpHttpClient(load.newUser().http, '/mcp', options);
    await client.open();
    expect(await ours(client)).toEqual(expected);
    expect(new Set(expected.map(({ kind }) => kind)).size).toBeGreaterThan(1);
    await client.close();
    expect(new Set(load.samples.map(verdict))).toEqual(new Set(['ok']));
    expect(load.lost).toBe(0);
    load.close();
  } finally {
    child.kill();
    await exited;
  }
  expect(isRunning(child.pid!)).toBe(false);
});

test('over stdio', async () => {
  const official = judge();
  await official.connect(
    new StdioClientTransport({ command: process.execPath, args: [everything], stderr: 'ignore' }),
  );
  const expected = await officially(official, []);
  await official.close();
  const load = new TestLoad({ url: 'http://127.0.0.1:1' });
  const scope = load.newScope();
  const measure: Measure = (name, send) =>
    measured(scope, scope.schedule(name), load.deadlines, send);
  const client = new McpStdioClient({ command: [process.execPath, everything] }, measure, options);
  await client.open();
  expect(await ours(client)).toEqual(expected);
  await client.close();
  expect(new Set(load.samples.map(verdict))).toEqual(new Set(['ok']));
  load.close();
});
