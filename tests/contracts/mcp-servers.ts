/** Servers of the official SDK, in both versions, with the same tools, for judging the wire client. */
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as OlderServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { z } from 'zod';
import { listening, sleep, type TestServer } from './client-harness.ts';

type Notify = (text: string) => Promise<void>;

interface TestTool {
  readonly name: string;
  readonly run: (word: string, notify: Notify) => Promise<string>;
}

const tools: readonly TestTool[] = [
  { name: 'echo', run: (word) => Promise.resolve(`you said ${word}`) },
  {
    name: 'slow',
    run: async (word) => {
      await sleep(60);
      return `slowly, ${word}`;
    },
  },
  {
    name: 'streamed',
    run: async (word, notify) => {
      for (const part of ['one', 'two', 'three']) await notify(`${part} ${word}`);
      return `in parts, ${word}`;
    },
  },
  { name: 'failing', run: (word) => Promise.reject(new Error(`no ${word} today`)) },
];

const input = z.object({ word: z.string() });
const about = { name: 'judge', version: '1.0.0' };
const logging = { capabilities: { logging: {} } };

function newServer(): McpServer {
  const server = new McpServer(about, logging);
  for (const { name, run } of tools) {
    server.registerTool(name, { inputSchema: input }, async ({ word }, { mcpReq }) => {
      const notify: Notify = (data) =>
        mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data } });
      return { content: [{ type: 'text' as const, text: await run(word, notify) }] };
    });
  }
  return server;
}

function newOlderServer(): OlderServer {
  const server = new OlderServer(about, logging);
  for (const { name, run } of tools) {
    server.registerTool(name, { inputSchema: { word: z.string() } }, async ({ word }, extra) => {
      const notify: Notify = (data) =>
        extra.sendNotification({
          method: 'notifications/message',
          params: { level: 'info', data },
        });
      return { content: [{ type: 'text' as const, text: await run(word, notify) }] };
    });
  }
  return server;
}

interface SessionTransport {
  handleRequest: (...args: Parameters<RequestListener>) => Promise<void>;
}

/** Routes requests to the transport of their session. */
function inSessions(
  connect: (sessions: Map<string, SessionTransport>) => Promise<SessionTransport>,
): { readonly listener: RequestListener; readonly sessions: Map<string, SessionTransport> } {
  const sessions = new Map<string, SessionTransport>();
  const listener: RequestListener = (request, response) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    if (known === undefined && id !== undefined) {
      response.writeHead(404).end();
      return;
    }
    void Promise.resolve(known ?? connect(sessions)).then((transport) =>
      transport.handleRequest(request, response),
    );
  };
  return { listener, sessions };
}

export interface McpTestServer extends TestServer {
  /** By id. Removing a session makes the server forget it. */
  readonly sessions: Map<string, unknown>;
}

async function started(
  listener: RequestListener,
  sessions: Map<string, unknown> = new Map(),
): Promise<McpTestServer> {
  return { ...(await listening(createServer(listener))), sessions };
}

/** Stateless requests, in both forms of the protocol. */
export function statelessServer(
  responseMode: 'auto' | 'sse' | 'json' = 'auto',
): Promise<McpTestServer> {
  const handler = toNodeHandler(createMcpHandler(newServer, { responseMode }));
  return started((request, response) => {
    void handler(request as IncomingMessage & { method: string; url: string }, response);
  });
}

/** The current version with initialised sessions. */
export function sessionServer(enableJsonResponse = false): Promise<McpTestServer> {
  const { listener, sessions } = inSessions(async (open) => {
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse,
      onsessioninitialized: (id) => void open.set(id, transport),
      onsessionclosed: (id) => void open.delete(id),
    });
    await newServer().connect(transport);
    return transport;
  });
  return started(listener, sessions);
}

/** The older version with initialised sessions. */
export function olderServer(): Promise<McpTestServer> {
  const { listener, sessions } = inSessions(async (open) => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void open.set(id, transport),
      onsessionclosed: (id) => void open.delete(id),
    });
    // The older version's types are not compatible with exactOptionalPropertyTypes.
    await newOlderServer().connect(transport);
    return transport;
  });
  return started(listener, sessions);
}
