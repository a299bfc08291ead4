/**
 * The smoke test of the suite, as its user runs it, on systems written from the contract alone: the
 * suite's requests and expectations are those of the contract, not only of its own reference services.
 */
import { expect, test } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { repository } from '../../child-processes.ts';
import { runSuite } from '../../engine/report/nested-playwright.ts';
import type { Results } from '../../../load/report/files/results-json.ts';
import { secondApiGateway } from './api-gateway.ts';
import { secondHealthAgent } from './health-agent.ts';
import { secondMcpServer } from './mcp-server.ts';
import { secondQueryGateway } from './query-gateway.ts';
import { secondRagService } from './rag-service.ts';
import { secondResourceAgent } from './resource-agent.ts';
import type { SecondService } from './strict-service.ts';

type Settings = Readonly<Record<string, string>>;

interface Second {
  readonly system: string;
  readonly start: () => Promise<SecondService>;
  /** The requests that a smoke test must send. */
  readonly served: readonly string[];
  readonly settings?: (origin: string, folder: string) => Settings;
}

const mcp = {
  system: 'mcp-server',
  start: secondMcpServer,
  served: ['read_file', 'write_file', 'git_status', 'git_log', 'web_scrape'],
};

const seconds: Readonly<Record<string, Second>> = {
  'api-gateway': {
    system: 'api-gateway',
    start: secondApiGateway,
    served: ['POST /v1/chat/completions', 'GET /v1/models', 'GET /health'],
  },
  'rag-service': {
    system: 'rag-service',
    start: secondRagService,
    served: ['POST /index', 'POST /query'],
  },
  'mcp-server': mcp,
  'mcp-server in sessions': {
    ...mcp,
    settings: () => ({ MCP_SERVER_PROTOCOL: '2025-11-25', MCP_SERVER_ENDPOINT: '/sessions' }),
  },
  'mcp-server behind REST': { ...mcp, settings: restSettings },
  'health-agent': {
    system: 'health-agent',
    start: secondHealthAgent,
    served: [
      'POST /api/v1/chat',
      'POST /api/v1/food',
      'GET /api/v1/reminders',
      'GET /api/v1/gamification/xp',
    ],
  },
  'query-gateway': {
    system: 'query-gateway',
    start: secondQueryGateway,
    served: ['POST /v1/query-classify', 'GET /health/live', 'GET /metrics'],
  },
  'resource-agent': {
    system: 'resource-agent',
    start: secondResourceAgent,
    served: ['GET /health/', 'GET /system/metrics', 'GET /analysis/', 'GET /lmcache/status'],
  },
};

for (const [name, second] of Object.entries(seconds)) {
  test(`${name}: a second implementation refuses nothing of the smoke, nor the smoke its answers`, async ({}, info) => {
    // A second and a half of load, since a busy machine may answer slowly.
    await smokeOf(second, info.outputPath('run'), { LOAD_TIME_SCALE: '0.2' });
  });

  test(
    `${name}: the smoke of a second implementation is green`,
    { tag: '@long' },
    async ({}, info) => {
      const [load] = await smokeOf(second, info.outputPath('run'), {});
      // On a late machine rows may be undecided, but none is broken or without data.
      const statuses = new Set(load!.judgements.map(({ status }) => status));
      expect([...statuses], load!.headline).not.toContain('fail');
      expect([...statuses], load!.headline).not.toContain('no-data');
      expect(load!.verdict, load!.headline).toBe(statuses.has('undecided') ? 'invalid' : 'pass');
    },
  );
}

/** Runs it, and checks that every part of the contract was requested and answered. */
async function smokeOf(
  { system, start, served, settings = () => ({}) }: Second,
  folder: string,
  more: Settings,
): Promise<Results['loads']> {
  const service = await start();
  try {
    const words = ['--project=smoke', system, '--reporter=line,./fixtures/reporter.ts'];
    const { stdout } = await runSuite(repository, words, {
      LOAD_RUN_DIR: folder,
      [`${system.toUpperCase().replaceAll('-', '_')}_URL`]: service.origin,
      ...settings(service.origin, folder),
      ...more,
    });
    // The monitor requests figures that a system need not have.
    const refused = service.refusals.filter((one) => !/^GET (\/api\/v1)?\/metrics: 404/.test(one));
    expect(refused, 'what was refused').toEqual([]);
    expect([...service.served.keys()], stdout).toEqual(expect.arrayContaining([...served]));
    const { loads } = JSON.parse(readFileSync(`${folder}/results.json`, 'utf8')) as Results;
    expect(loads, stdout).toHaveLength(1);
    const { all, scheduled, errors } = loads[0]!.totals;
    expect([all.ok, errors], stdout).toEqual([scheduled, []]);
    expect(scheduled).toBeGreaterThan(0);
    return loads;
  } finally {
    await service.close();
  }
}

/** Plain REST has no list of tools, so their arguments are stated. */
function restSettings(origin: string, folder: string): Settings {
  const path = `${folder}-tools.json`;
  const tools = {
    git_status: { values: { repo_path: 'repository' } },
    git_log: { values: { repo_path: 'repository' } },
    web_scrape: { values: { url: `${origin}/page` } },
  };
  writeFileSync(path, JSON.stringify({ tools }));
  return { MCP_SERVER_TRANSPORT: 'rest', MCP_SERVER_TOOLS: path };
}
