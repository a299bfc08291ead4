/** One contract for every transport of MCP tools: the same calls and outcomes over real connections. */
import { expect, test } from '@playwright/test';
import { launchReference } from '../../fixtures/reference/launch.ts';
import {
  sessionProtocol,
  statelessProtocol,
  type McpClient,
  type McpProtocol,
  type SessionEvent,
} from '../../load/clients/mcp/mcp.ts';
import { McpHttpClient } from '../../load/clients/mcp/streamable-http.ts';
import { McpRestClient } from '../../load/clients/mcp/rest.ts';
import type { Measure } from '../../load/clients/client.ts';
import { McpStdioClient } from '../../load/clients/mcp/stdio.ts';
import { JudgedFailure } from '../../load/clients/scope.ts';
import { isRunning } from '../child-processes.ts';
import { fault } from '../faults/fault-matrix.ts';
import { TestLoad } from './client-harness.ts';

interface Opened {
  readonly client: McpClient;
  /** How the last request ended. */
  readonly last: () => string;
  readonly names: string[];
  readonly sessions: SessionEvent[];
  readonly close: () => Promise<void>;
}

function overHttp(protocol: McpProtocol | 'rest') {
  return async (): Promise<Opened> => {
    const service = await launchReference('mcp-server');
    const load = new TestLoad({ url: service.url });
    const { http } = load.newUser();
    const sessions: SessionEvent[] = [];
    const onSession = (event: SessionEvent): void => void sessions.push(event);
    const client =
      protocol === 'rest'
        ? new McpRestClient(http)
        : new McpHttpClient(http, '/mcp', { protocol, onSession });
    return {
      client,
      sessions,
      names: [],
      last: () => `${load.last.outcome} ${load.last.errorKind ?? ''}`.trim(),
      close: async () => {
        load.close();
        await service.stop();
      },
    };
  };
}

const command = ['--import', 'tsx/esm', 'fixtures/reference/mcp-server-stdio.ts'];

function overStdio(protocol: McpProtocol) {
  return (): Promise<Opened> => {
    let ended = '';
    const names: string[] = [];
    const measure: Measure = async (name, send) => {
      names.push(name);
      try {
        const value = await send();
        ended = 'ok';
        return value;
      } catch (error) {
        if (!(error instanceof JudgedFailure)) throw error;
        ended = `${error.verdict.outcome} ${error.verdict.kind}`;
        throw error;
      }
    };
    const sessions: SessionEvent[] = [];
    const client = new McpStdioClient({ command: [process.execPath, ...command] }, measure, {
      protocol,
      onSession: (event) => void sessions.push(event),
    });
    return Promise.resolve({ client, names, sessions, last: () => ended, close: async () => {} });
  };
}

const session = ['opened', 'closed'];
const transports = [
  { name: 'HTTP, negotiated', open: overHttp('auto'), protocol: statelessProtocol, events: [] },
  {
    name: 'HTTP, stateless',
    open: overHttp(statelessProtocol),
    protocol: statelessProtocol,
    events: [],
  },
  {
    name: 'HTTP, sessions',
    open: overHttp(sessionProtocol),
    protocol: sessionProtocol,
    events: session,
  },
  { name: 'REST', open: overHttp('rest'), protocol: undefined, events: [] },
  {
    name: 'stdio, negotiated',
    open: overStdio('auto'),
    protocol: statelessProtocol,
    events: session,
  },
  {
    name: 'stdio, sessions',
    open: overStdio(sessionProtocol),
    protocol: sessionProtocol,
    events: session,
  },
] as const;

for (const { name, open, protocol, events } of transports) {
  test(`${name}: opens, lists, calls, tells errors apart, closes`, async () => {
    const { client, last, sessions, close } = await open();
    await client.open();
    expect(client.protocol).toBe(protocol);
    const names = (await client.listTools()).map((tool) => tool.name);
    expect(names).toEqual(['read_file', 'write_file', 'git_status', 'git_log', 'web_scrape']);
    const path = 'some/file.txt';
    await client.callTool('write_file', { path, content: 'žluť 😀' });
    expect(last()).toBe('ok');
    expect(await client.callTool('read_file', { path })).toEqual({
      kind: 'success',
      content: [{ type: 'text', text: 'žluť 😀' }],
      text: 'žluť 😀',
    });
    await expect(client.callTool('read_file', { path: 'missing' })).rejects.toThrow();
    expect(last()).toBe('failed toolError');
    const refused = await client.callTool('read_file', { path: '../x' }, { accept: 'any' });
    expect(refused).toMatchObject({ kind: 'toolError', text: 'the path is outside the sandbox' });
    expect(last()).toBe('ok');
    await expect(client.callTool('no_such_tool', {})).rejects.toThrow();
    expect(last()).toBe(protocol === undefined ? 'failed status 404' : 'failed rpcError');
    await client.close();
    expect(sessions).toEqual(events);
    await close();
  });
}

test('stdio: set-up, discovery, calls and the end are requests of their own', async () => {
  const { client, names } = await overStdio('auto')();
  await client.open();
  await client.listTools();
  await client.callTool('git_status', { repo_path: 'repository' });
  await client.close();
  expect(names).toEqual(['server/discover', 'tools/list', 'git_status', 'end session']);
});

test(
  'stdio: a server that dies is a failed call and a lost session; the next call starts another',
  { annotation: fault(40) },
  async () => {
    const { client, last, sessions } = await overStdio('auto')();
    await client.open();
    const { process: first } = client as unknown as { process: { child: { pid: number } } };
    const { pid } = first.child;
    // An endless page keeps the call in flight.
    const listed = JSON.stringify(await client.listTools());
    const url = /http:[^"]*\/pages\/1/.exec(listed)![0].replace('/pages/1', '/endless');
    const call = client.callTool('web_scrape', { url });
    process.kill(pid, 'SIGTERM');
    await expect(call).rejects.toThrow('the server ended with exit code 0');
    expect(last()).toBe('failed reset');
    expect(isRunning(pid)).toBe(false);
    expect((await client.callTool('read_file', { path: 'README.md' })).text).toContain('Sandbox');
    await client.close();
    expect(sessions).toEqual(['opened', 'lost', 'opened', 'closed']);
  },
);

test('stdio: a command that cannot be started says so', async () => {
  const measure: Measure = (_, send) => send();
  const options = { protocol: 'auto', onSession: () => undefined } as const;
  const client = new McpStdioClient({ command: ['/no/such/program'] }, measure, options);
  await expect(client.open()).rejects.toThrow('/no/such/program could not be started');
});
