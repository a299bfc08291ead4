import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, test } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { launchReference, type ReferenceService } from '../../fixtures/reference/launch.ts';

interface Health {
  readonly sandbox: { readonly root: string; readonly pages: string };
  readonly sessions: number;
}

let service: ReferenceService;
let health: Health;

test.beforeAll(async () => {
  service = await launchReference('mcp-server');
  health = await healthOf(service);
});

test.afterAll(() => service.stop());

async function healthOf({ url }: ReferenceService): Promise<Health> {
  return (await (await fetch(`${url}/health`)).json()) as Health;
}

async function connected(mode: 'auto' | 'legacy') {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const transport = new StreamableHTTPClientTransport(new URL(`${service.url}/mcp`));
  await client.connect(transport);
  const call = async (name: string, args: Record<string, unknown>) => {
    const { content, isError = false } = await client.callTool({ name, arguments: args });
    const [first] = content as { readonly text: string }[];
    return { text: first?.text ?? '', isError };
  };
  return { client, transport, call };
}

for (const mode of ['auto', 'legacy'] as const) {
  test(`the official client (${mode}) works with real files, git and pages`, async () => {
    const { client, call } = await connected(mode);
    expect(client.getNegotiatedProtocolVersion()).toBe(
      mode === 'auto' ? '2026-07-28' : '2025-11-25',
    );
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
      'read_file',
      'write_file',
      'git_status',
      'git_log',
      'web_scrape',
    ]);
    const path = `notes/${mode}.txt`;
    expect(await call('write_file', { path, content: `by ${mode}` })).toMatchObject({
      isError: false,
    });
    expect(readFileSync(join(health.sandbox.root, path), 'utf8')).toBe(`by ${mode}`);
    expect(await call('read_file', { path })).toEqual({ text: `by ${mode}`, isError: false });
    expect((await call('git_status', { repo_path: 'repository' })).text).toBe('## main\n');
    const log = (await call('git_log', { repo_path: 'repository', max_count: 2 })).text;
    expect(log.trim().split('\n')).toHaveLength(2);
    expect(log).toContain('Change number 24');
    const page = await call('web_scrape', { url: `${health.sandbox.pages}/pages/7` });
    expect(page).toEqual({ text: 'Page 7\nPage 7 This is page 7 of 20.', isError: false });
    await client.close();
  });
}

test('a session that was closed is not known any more', async () => {
  const { client, transport } = await connected('legacy');
  const before = (await healthOf(service)).sessions;
  const id = transport.sessionId!;
  const status = async (): Promise<number> => {
    const answer = await fetch(`${service.url}/mcp`, {
      method: 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-session-id': id,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/list' }),
    });
    await answer.text();
    return answer.status;
  };
  expect(await status()).toBe(200);
  await transport.terminateSession();
  expect(await status()).toBe(404);
  expect((await healthOf(service)).sessions).toBe(before - 1);
  await client.close();
});

const rest = [
  { name: 'read_file', input: { path: 'README.md' }, status: 200, success: true },
  { name: 'read_file', input: { path: 'missing' }, status: 200, success: false },
  { name: 'read_file', input: { path: 5 }, status: 400, success: false },
  { name: 'read_file', input: { path: 'README.md', mode: 'r' }, status: 400, success: false },
  { name: 'no_such_tool', input: {}, status: 404, success: false },
] as const;

for (const { name, input, status, success } of rest) {
  test(`REST: ${name} ${JSON.stringify(input)} gives ${status}, success ${success}`, async () => {
    const answer = await fetch(`${service.url}/tools/${name}/call`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ arguments: input }),
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ success });
  });
}

for (const header of ['host', 'origin']) {
  test(`a foreign ${header} is turned away`, async () => {
    const url = new URL(`${service.url}/mcp`);
    const asked = request(url, { method: 'POST', headers: { [header]: 'http://evil.example' } });
    const status = new Promise((resolve) => {
      asked.on('response', ({ statusCode }) => {
        resolve(statusCode);
      });
    });
    asked.end('{}');
    expect(await status).toBe(403);
  });
}

test('the workspace goes with the server', async () => {
  const other = await launchReference('mcp-server');
  const { root } = (await healthOf(other)).sandbox;
  expect(existsSync(root)).toBe(true);
  await other.stop();
  expect(existsSync(root)).toBe(false);
});
