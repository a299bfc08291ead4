import { expect, test } from '@playwright/test';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { McpRestClient } from '../../../../load/clients/mcp/rest.ts';
import { mcpCalls } from '../../../../load/systems/mcp-server/calls.ts';
import { mcpSettings } from '../../../../load/systems/mcp-server/settings.ts';
import { Canaries } from '../../../../load/systems/mcp-server/canary.ts';
import { sandboxProbesUser } from '../../../../load/systems/mcp-server/probes-user.ts';
import {
  catalogue,
  judgeable,
  lacking,
  probeTools,
  sendProbe,
} from '../../../../load/systems/mcp-server/probe-catalogue.ts';
import { TestLoad, tcpServer } from '../../../contracts/client-harness.ts';

const everything = { files: true, listener: true, pages: true, endpoint: true };

function families(oracles: typeof everything): string[] {
  return [...new Set(judgeable(oracles).map(({ family }) => family))];
}

test('a family without its oracle is not sent', () => {
  expect(families(everything)).toEqual(['files', 'git', 'web', 'endpoint']);
  expect(families({ ...everything, files: false })).toEqual(['web']);
  expect(families({ ...everything, listener: false })).toEqual(['files', 'git', 'endpoint']);
  expect(families({ ...everything, endpoint: false })).toEqual(['files', 'git', 'web']);
  expect(families({ ...everything, files: false, listener: false })).toEqual([]);
  const withoutPages = judgeable({ ...everything, pages: false });
  expect(withoutPages.some(({ needsPages }) => needsPages === true)).toBe(false);
  expect(withoutPages.some(({ family }) => family === 'web')).toBe(true);
});

for (const [id, oracles, lacks] of [
  ['files-1a', {}, undefined],
  ['files-1a', { files: false }, 'files'],
  ['git-1a-log', { files: false }, 'files'],
  ['web-1a', { files: false, pages: false }, undefined],
  ['web-1a', { listener: false }, 'listener'],
  ['web-3a', { pages: false }, 'pages'],
  ['web-3a', { pages: false, listener: false }, 'listener'],
  ['endpoint-1a', { endpoint: false, files: false }, 'endpoint'],
  ['endpoint-1a', { files: false }, 'files'],
] as const) {
  const without = Object.keys(oracles).join(' and ') || 'nothing';
  test(`${id} without ${without} lacks ${lacks ?? 'nothing'}`, () => {
    const probe = catalogue.find((one) => one.id === id)!;
    expect(lacking(probe, { ...everything, ...oracles })).toBe(lacks);
  });
}

test('a server that breaks down at what is no path is a violation; at a path out it is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadwright-probes-'));
  const root = join(folder, 'sandbox');
  mkdirSync(root);
  const server = await tcpServer((socket) => {
    socket.destroy();
  });
  const load = new TestLoad({ url: server.url });
  const { http } = load.newUser();
  const values = { values: { repo_path: '.', url: '.' }, arguments: {} };
  const map = { tools: { git_status: values, git_log: values, web_scrape: values } };
  const tools = probeTools(new McpRestClient(http), mcpCalls(map, []), {
    http,
    endpoint: undefined,
  });
  const canaries = new Canaries({ root });
  const found: string[] = [];
  for (const probe of catalogue.filter(({ id }) => /^files-1+[a-e]$/.test(id))) {
    const { violation } = await sendProbe(probe, canaries, tools);
    if (violation !== undefined) found.push(`${probe.id} ${violation}`);
  }
  expect(found.map((text) => text.slice(0, 19))).toEqual(
    ['a', 'b', 'c', 'd', 'e'].map((letter) => `files-11${letter} no answer`),
  );
  load.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

test('a probe may take as long as the slowest of the tools', () => {
  expect(sandboxProbesUser(mcpSettings({})).tasks.probe.deadlineMs).toBe(15_000);
});
