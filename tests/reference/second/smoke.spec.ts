/**
 * The smoke of the suite, as its spec files have it, against systems that were written from the contract alone:
 * what the suite sends and accepts is the contract's, and not only what its own reference services take.
 */
import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import type { LoadEntry } from '../../../load/report/files/results-json.ts';
import { drivenTest } from '../../contracts/driven-test.ts';
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
  readonly settings?: (origin: string, toolsPath: string) => Settings;
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
  test(`${name}: a second implementation refuses nothing of the smoke, nor the smoke its answers`, async () => {
    // A second and a half of load: how fast a busy machine answers is not the question.
    await smokeOf(second, { LOAD_TIME_SCALE: '0.2' });
  });
}

test.describe(() => {
  // Each is eight seconds of a load that leaves most of the machine idle.
  test.describe.configure({ mode: 'parallel' });

  for (const [name, second] of Object.entries(seconds)) {
    test(`${name}: the smoke of a second implementation is green`, { tag: '@long' }, async () => {
      const load = await smokeOf(second, {});
      // A machine that was late may leave rows undecided; none of them is broken, or without data.
      const statuses = new Set(load.judgements.map(({ status }) => status));
      expect([...statuses], load.headline).not.toContain('fail');
      expect([...statuses], load.headline).not.toContain('no-data');
      expect(load.verdict, load.headline).toBe(statuses.has('undecided') ? 'invalid' : 'pass');
    });
  }
});

/** Drives it, and sees that all of the contract was asked for and answered. */
async function smokeOf(
  { system, start, served, settings = () => ({}) }: Second,
  more: Settings,
): Promise<LoadEntry> {
  const service = await start();
  const environment = {
    [`${system.toUpperCase().replaceAll('-', '_')}_URL`]: service.origin,
    ...settings(service.origin, test.info().outputPath('tools.json')),
    ...more,
  };
  try {
    const { loads } = await drivenTest(test.info(), { system, project: 'smoke', environment });
    // The monitor asks for figures that a system may keep to itself.
    const refused = service.refusals.filter((one) => !/^GET (\/api\/v1)?\/metrics: 404/.test(one));
    expect(refused, 'what was refused').toEqual([]);
    expect([...service.served.keys()]).toEqual(expect.arrayContaining([...served]));
    expect(loads).toHaveLength(1);
    const { all, scheduled, errors } = loads[0]!.totals;
    expect([all.ok, errors]).toEqual([scheduled, []]);
    expect(scheduled).toBeGreaterThan(0);
    return loads[0]!;
  } finally {
    await service.close();
  }
}

/** Plain REST has no list of tools, so that their arguments are stated. */
function restSettings(origin: string, toolsPath: string): Settings {
  const tools = {
    git_status: { values: { repo_path: 'repository' } },
    git_log: { values: { repo_path: 'repository' } },
    web_scrape: { values: { url: `${origin}/page` } },
  };
  writeFileSync(toolsPath, JSON.stringify({ tools }));
  return { MCP_SERVER_TRANSPORT: 'rest', MCP_SERVER_TOOLS: toolsPath };
}
