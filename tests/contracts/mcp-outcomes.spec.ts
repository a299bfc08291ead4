/** For a list of calls, the wire client reports the same outcome and content as the official client. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, test } from '@playwright/test';
import {
  sessionProtocol,
  statelessProtocol,
  type SessionEvent,
} from '../../load/clients/mcp/mcp.ts';
import { McpHttpClient } from '../../load/clients/mcp/streamable-http.ts';
import { RequestNotOk } from '../../load/clients/scope.ts';
import { fault } from '../faults/fault-matrix.ts';
import { TestLoad, verdict } from './client-harness.ts';
import { olderServer, sessionServer, statelessServer, type McpTestServer } from './mcp-servers.ts';

interface Reported {
  readonly outcome: 'success' | 'toolError' | 'rpcError';
  readonly content?: unknown;
  readonly text?: string;
}

const calls = [
  { what: 'a good call', tool: 'echo', args: { word: 'yes' } },
  { what: 'text beyond ASCII', tool: 'echo', args: { word: 'žluťoučký 😀 \n' } },
  { what: 'an unknown tool beyond ASCII', tool: ' größe', args: { word: 'yes' } },
  { what: 'an unknown tool', tool: 'nothing', args: {} },
  { what: 'bad arguments', tool: 'echo', args: { word: 7 } },
  { what: 'a tool error', tool: 'failing', args: { word: 'luck' } },
  { what: 'a slow call', tool: 'slow', args: { word: 'but sure' } },
  { what: 'a call with messages before its result', tool: 'streamed', args: { word: 'way' } },
] as const;

const servers = [
  { name: 'stateless', start: () => statelessServer(), protocol: statelessProtocol },
  { name: 'stateless, as JSON', start: () => statelessServer('json'), protocol: statelessProtocol },
  { name: 'stateless, streamed', start: () => statelessServer('sse'), protocol: statelessProtocol },
  { name: 'no sessions, older era', start: () => statelessServer(), protocol: sessionProtocol },
  { name: 'sessions', start: () => sessionServer(), protocol: sessionProtocol },
  { name: 'sessions, as JSON', start: () => sessionServer(true), protocol: sessionProtocol },
  { name: 'sessions, older SDK', start: olderServer, protocol: sessionProtocol },
] as const;

async function official(server: McpTestServer, protocol: string): Promise<Reported[]> {
  const mode = protocol === statelessProtocol ? { pin: protocol } : 'legacy';
  const client = new Client({ name: 'judge', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url)));
  expect(client.getNegotiatedProtocolVersion()).toBe(protocol);
  const reported: Reported[] = [];
  for (const { tool, args } of calls) {
    reported.push(
      await client.callTool({ name: tool, arguments: args }).then(
        ({ content, isError }) =>
          ({ outcome: isError ? 'toolError' : 'success', content }) as const,
        (error: unknown) => {
          const { code, message } = error as Error & { code?: number };
          return { outcome: 'rpcError', text: `${code}: ${message}` } as const;
        },
      ),
    );
  }
  await client.close();
  return reported;
}

for (const { name, start, protocol } of servers) {
  test(`${name}: outcome and content equal the official client's`, async () => {
    const server = await start();
    const load = new TestLoad({ url: server.url });
    const sessions: SessionEvent[] = [];
    const onSession = (event: SessionEvent): void => void sessions.push(event);
    for (const asked of ['auto', protocol] as const) {
      const user = load.newUser();
      const client = new McpHttpClient(user.http, '/', { protocol: asked, onSession });
      await client.open();
      if (asked === protocol) expect(client.protocol).toBe(protocol);
      expect((await client.listTools()).map((tool) => tool.name)).toContain('streamed');
      const reported: Reported[] = [];
      for (const { tool, args } of calls) {
        const answer = await client.callTool(tool, args, { accept: 'any' });
        const text = `${answer.code}: ${answer.text}`;
        reported.push(
          answer.kind === 'rpcError'
            ? { outcome: 'rpcError', text }
            : { outcome: answer.kind as 'success', content: answer.content },
        );
      }
      expect(reported).toEqual(await official(server, client.protocol!));
      await client.close();
      await user.close();
    }
    expect(sessions).toEqual(
      name.startsWith('sessions') ? ['opened', 'closed', 'opened', 'closed'] : [],
    );
    expect(server.sessions.size).toBe(name.startsWith('sessions') ? 2 : 0);
    load.close();
    await server.close();
  });
}

const kinds = [
  { tool: 'echo', args: { word: 'yes' }, verdict: 'ok', detail: '' },
  { tool: 'failing', args: { word: 'luck' }, verdict: 'failed toolError', detail: 'no luck today' },
  {
    tool: 'nothing',
    args: {},
    verdict: 'failed rpcError',
    detail: '-32602: Tool nothing not found',
  },
] as const;

for (const protocol of [statelessProtocol, sessionProtocol] as const) {
  test(`${protocol}: errors of the tool and of JSON-RPC are told apart`, async () => {
    const server = await (protocol === statelessProtocol ? statelessServer() : sessionServer());
    const load = new TestLoad({ url: server.url });
    const options = { protocol, onSession: () => undefined };
    const client = new McpHttpClient(load.newUser().http, '/', options);
    await client.open();
    for (const { tool, args, ...expected } of kinds) {
      await client.callTool(tool, args).catch((error: unknown) => {
        if (!(error instanceof RequestNotOk)) throw error;
      });
      expect(verdict(load.last)).toBe(expected.verdict);
      expect(load.last.errorDetail).toBe(expected.detail);
    }
    load.close();
    await server.close();
  });
}

test(
  'a forgotten session is a failed call and a lost session, and a new one takes its place',
  { annotation: fault(40) },
  async () => {
    const server = await sessionServer();
    const load = new TestLoad({ url: server.url });
    const sessions: SessionEvent[] = [];
    const client = new McpHttpClient(load.newUser().http, '/', {
      protocol: sessionProtocol,
      onSession: (event) => void sessions.push(event),
    });
    await client.open();
    server.sessions.clear();
    await expect(client.callTool('echo', { word: 'lost' })).rejects.toThrow('status 404');
    expect((await client.callTool('echo', { word: 'found' })).text).toBe('you said found');
    server.sessions.clear();
    await client.close();
    expect(sessions).toEqual(['opened', 'lost', 'opened', 'lost']);
    load.close();
    await server.close();
  },
);
