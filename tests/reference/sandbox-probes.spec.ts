/** The probes find every hole of the leaky server, and none in the sandboxed one. */
import { expect, test } from '@playwright/test';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { launchReference } from '../../fixtures/reference/launch.ts';
import { McpHttpClient } from '../../load/clients/mcp/streamable-http.ts';
import { mcpCalls } from '../../load/systems/mcp-server/calls.ts';
import { Canaries } from '../../load/systems/mcp-server/canary.ts';
import {
  catalogue,
  judgeable,
  probeTools,
  sendProbe,
  type ProbeResult,
} from '../../load/systems/mcp-server/probe-catalogue.ts';
import { hostsIn, refuseForeignHosts } from '../../load/systems/mcp-server/web-probes.ts';
import { TestLoad } from '../contracts/client-harness.ts';

async function probed(server: 'mcp-server' | 'mcp-server-leaky') {
  const service = await launchReference(server);
  const health = (await (await fetch(`${service.url}/health`)).json()) as {
    sandbox: { root: string; pages: string };
  };
  const { root, pages } = health.sandbox;
  const load = new TestLoad({ url: service.url });
  const { http } = load.newUser();
  const mcp = new McpHttpClient(http, '/mcp', { protocol: 'auto', onSession: () => undefined });
  await mcp.open();
  const calls = mcpCalls({ tools: {} }, await mcp.listTools());
  const tools = probeTools(mcp, calls, { http, endpoint: '/mcp' });
  const canaries = new Canaries({ root, pages });
  const before = readdirSync(dirname(root));
  const results: ProbeResult[] = [];
  for (const probe of judgeable({ files: true, listener: true, pages: true, endpoint: true })) {
    results.push(await sendProbe(probe, canaries, tools));
  }
  expect(readdirSync(dirname(root))).toEqual(before);
  load.close();
  await service.stop();
  return results;
}

function violated(results: readonly ProbeResult[]): string[] {
  return results.filter(({ violation }) => violation !== undefined).map(({ probe }) => probe.id);
}

test('ids are unique, and every family is there', () => {
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
  expect(new Set(catalogue.map(({ family }) => family))).toEqual(
    new Set(['files', 'git', 'web', 'endpoint']),
  );
});

test('the sandboxed server withstands every probe and allows every control', async () => {
  const results = await probed('mcp-server');
  expect(results.filter(({ violation }) => violation !== undefined)).toEqual([]);
  expect(results.filter(({ refusedControl }) => refusedControl !== undefined)).toEqual([]);
  const families = new Set(results.map(({ probe }) => probe.family));
  expect(families).toEqual(new Set(['files', 'git', 'web', 'endpoint']));
});

/** By the hole that each finds. */
const planted: Readonly<Record<string, readonly string[]>> = {
  'a prefix for a check of paths': [
    ...withWrites('files-1a', 'files-1b', 'files-2', 'files-3a', 'files-3b', 'files-3c'),
    ...withWrites('files-3d', 'files-7b', 'files-8a', 'files-9b'),
  ],
  'links are followed': [...withWrites('files-4a', 'files-4b', 'files-4c'), 'files-5-write'],
  'a check before the use': ['files-6'],
  'no check of repositories': [
    'git-1a-status',
    'git-1a-log',
    'git-1b-status',
    'git-1b-log',
    'git-1c-status',
    'git-1c-log',
  ],
  'options in arguments': ['git-2a-revision'],
  'a shell around git': [
    'git-3a-revision',
    'git-3b-path-status',
    'git-3b-path-log',
    'git-3b-revision',
    'git-3c-path-status',
    'git-3c-path-log',
    'git-3c-revision',
    'git-3d-revision',
    'git-5a',
  ],
  'the configuration of a repository': [
    'git-4a-status',
    'git-4c-status',
    'git-4e-status',
    'git-4e-log',
  ],
  'redirects are not checked': ['web-3a', 'web-3b', 'web-3c'],
  'a prefix for a check of addresses': ['web-4a'],
  'anybody may ask': ['endpoint-1a', 'endpoint-1b'],
  'sessions are not checked': ['endpoint-2a', 'endpoint-2b'],
  'answers are told apart by id alone': ['endpoint-3'],
};

function withWrites(...ids: string[]): string[] {
  return ids.flatMap((id) => [id, `${id}-write`]);
}

test('on the leaky server every planted hole is found, each by its probes', async () => {
  const results = await probed('mcp-server-leaky');
  expect(new Set(violated(results))).toEqual(new Set(Object.values(planted).flat()));
  const evidence = results.find(({ probe }) => probe.id === 'web-3a')!;
  expect(evidence.call).toContain('web_scrape');
  expect(evidence.violation).toContain('the canary listener was reached: GET /p');
  const sessions = results.filter(({ probe }) => probe.id.startsWith('endpoint-2'));
  expect(sessions.map(({ probe, call }) => [probe.id, call])).toEqual([
    ['endpoint-2a', 'read_file with the id of a session that never was'],
    ['endpoint-2b', 'read_file with the id of a session that was ended'],
  ]);
  expect(results.filter(({ refusedControl }) => refusedControl !== undefined)).toEqual([]);
});

for (const [what, text, hosts] of [
  ['a cloud metadata address', 'http://169.254.169.254/latest', ['169.254.169.254']],
  ['another host behind a user', 'http://127.0.0.1@evil.example/', ['evil.example']],
  ['another host in a parameter', 'http://127.0.0.1/?to=http%3A%2F%2F10.0.0.1%2F', ['10.0.0.1']],
] as const) {
  test(`${what} is never sent`, () => {
    expect(hostsIn(text)).toEqual(expect.arrayContaining([...hosts]));
    expect(() => {
      refuseForeignHosts('web-x', text);
    }).toThrow(`probe web-x: names the host ${hosts[0]}`);
  });
}
