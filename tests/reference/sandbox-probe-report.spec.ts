/** The log of a load with probes contains everything about which probes were sent. */
import { expect, test, type TestInfo } from '@playwright/test';
import { mkdirSync, readdirSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchReference, type ReferenceService } from '../../fixtures/reference/launch.ts';
import {
  probeFamiliesIn,
  upperBound,
  type ProbeFamilyReport,
} from '../../load/systems/mcp-server/probe-families.ts';
import { mcpSettings } from '../../load/systems/mcp-server/settings.ts';
import { sandboxProbesUser } from '../../load/systems/mcp-server/probes-user.ts';
import { catalogue } from '../../load/systems/mcp-server/probe-catalogue.ts';
import type { LoadRun } from '../../load/run/load-run.ts';
import { noThinkTime } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import { relayTo, type Instead } from '../contracts/relay.ts';
import { runForReal } from '../instrument/real-load.ts';

/** A load lasts until so many were made, however busy this machine is. */
const enoughCalls = 250;

/** Each load has canaries of its own, so that one service serves them all. */
const services = new Map<string, Promise<ReferenceService>>();
test.afterAll(async () => {
  for (const service of services.values()) await (await service).stop();
  services.clear();
});

function serviceOf(name: string): Promise<ReferenceService> {
  const service = services.get(name) ?? launchReference(name);
  services.set(name, service);
  return service;
}

async function reported(
  server: 'mcp-server' | 'mcp-server-leaky',
  environment: Readonly<Record<string, string>> = {},
  instead?: Instead,
): Promise<Partial<Record<string, ProbeFamilyReport>>> {
  const service = await serviceOf(server);
  let [calls, load]: [number, LoadRun | undefined] = [0, undefined];
  const relay = await relayTo(service.url, (request, response) => {
    if (request.what.includes('tools/call')) calls += 1;
    if (calls === enoughCalls) load?.stop({ cause: 'completed', detail: 'enough was probed' });
    return instead?.(request, response) ?? false;
  });
  const { result } = await runForReal({
    url: relay.url,
    user: sandboxProbesUser(mcpSettings(environment)) as unknown as UserDefinition,
    workload: users({ count: 4, spawnRate: 1000, duration: '120s', thinkTime: noThinkTime }),
    during: (run) => (load = run),
  });
  await relay.close();
  return Object.fromEntries(probeFamiliesIn(result).map((report) => [report.family, report]));
}

function sizeOf(family: string): number {
  return catalogue.filter((probe) => probe.family === family && probe.control === undefined).length;
}

test('the sandboxed server: no violation, and less than the bound gets out', async () => {
  const { files, ...others } = await reported('mcp-server');
  expect(Object.keys(others)).toEqual(['git', 'web', 'endpoint']);
  expect(files).toMatchObject({ violations: 0, refusedControls: 0, found: [] });
  expect(files).toMatchObject({ inCatalogue: sizeOf('files'), judgeable: sizeOf('files') });
  expect(files!.probes).toBeGreaterThan(10);
  expect(files!.sent).toBeGreaterThanOrEqual(files!.probes);
  expect(files!.upperBound).toBe(upperBound(files!.sent));
});

test('the leaky server: what got out is named, with the call and the evidence', async () => {
  const { files } = await reported('mcp-server-leaky');
  expect(files!.violations).toBeGreaterThan(0);
  expect(files!.upperBound).toBeUndefined();
  // It also mixes up the answers of users, so a control may be named first.
  const first = files!.found.find(({ evidence }) => evidence.includes(' got out: '));
  expect(first!.evidence).toMatch(/^files-[\w-]+ got out: (read|write)_file \{"path":/);
  expect(first!.evidence).toMatch(/a reply holds the canary's secret|outside the sandbox/);
});

test('a server whose sandbox nobody sees: its families are not probed', async () => {
  const { files, git, web, endpoint } = await reported('mcp-server', { MCP_SERVER_HEALTH: 'none' });
  for (const [family, report] of Object.entries({ files, git, endpoint })) {
    expect(report).toMatchObject({ inCatalogue: sizeOf(family), judgeable: 0, sent: 0 });
  }
  expect(web!.sent).toBeGreaterThan(0);
  expect(web!.judgeable).toBeLessThan(web!.inCatalogue);
  const idsOf = (family: string, needsPages?: true): string[] =>
    catalogue
      .filter((probe) => probe.family === family && probe.control === undefined)
      .filter((probe) => needsPages === undefined || probe.needsPages === true)
      .map(({ id }) => id)
      .sort();
  expect(files!.lacking).toEqual({ files: idsOf('files') });
  expect(git!.lacking).toEqual({ files: idsOf('git') });
  expect(endpoint!.lacking).toEqual({ files: idsOf('endpoint') });
  expect(web!.lacking).toEqual({ pages: idsOf('web', true) });
});

test('a server that is too busy to answer has withstood nothing', async ({}, testInfo) => {
  const given = { MCP_SERVER_SANDBOX_ROOT: rootIn(testInfo) };
  const { files, web } = await reported('mcp-server', given, ({ what }, response) => {
    if (!what.includes('tools/call')) return false;
    response.writeHead(429).end();
    return true;
  });
  expect(files!.unanswered).toBeGreaterThan(10);
  // Probes with several calls judge their replies themselves.
  expect(files!.probes).toBeLessThanOrEqual(1);
  expect(web).toMatchObject({ sent: 0, upperBound: undefined });
});

function rootIn(testInfo: TestInfo): string {
  const root = testInfo.outputPath('sandbox');
  mkdirSync(root);
  return root;
}

/** Refuses each tool call, like a server that allows nothing. */
const refuses: Instead = ({ what }, response) => {
  if (!what.includes('tools/call')) return false;
  response.writeHead(403, { 'content-type': 'text/plain' }).end('not allowed');
  return true;
};

test('a server that refuses everything shows nothing by that', async ({}, testInfo) => {
  const root = rootIn(testInfo);
  const reports = await reported('mcp-server', { MCP_SERVER_SANDBOX_ROOT: root }, refuses);
  for (const family of ['files', 'git', 'web']) {
    expect(reports[family], family).toMatchObject({ isConclusive: false, upperBound: undefined });
    expect(reports[family]!.refusedControls, family).toBeGreaterThan(0);
  }
  expect(readdirSync(root)).toEqual([]);
});

test('a root that the server only says is its own is left alone', async ({}, testInfo) => {
  const folder = testInfo.outputPath('of-others');
  mkdirSync(join(folder, 'root'), { recursive: true });
  writeFileSync(join(folder, 'root/file'), 'mine');
  const changes: unknown[] = [];
  const watcher = watch(folder, { recursive: true }, (...change) => changes.push(change));
  const { files } = await reported('mcp-server', {}, ({ what }, response) => {
    if (what !== 'GET /health') return false;
    const sandbox = { root: join(folder, 'root'), pages: 'http://127.0.0.1:1' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ sandbox }));
    return true;
  });
  watcher.close();
  expect(files).toMatchObject({ judgeable: 0, sent: 0 });
  expect(changes).toEqual([]);
});
