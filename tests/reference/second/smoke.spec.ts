/**
 * The smoke of the suite, as its user runs it, against systems that were written from the contract alone:
 * what the suite sends and accepts is the contract's, and not only what its own reference services take.
 */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { repository } from '../../child-processes.ts';
import { runSuite, type NestedRun } from '../../engine/report/nested-playwright.ts';
import { secondApiGateway } from './api-gateway.ts';
import { secondHealthAgent } from './health-agent.ts';
import { secondMcpServer } from './mcp-server.ts';
import { secondQueryGateway } from './query-gateway.ts';
import { secondRagService } from './rag-service.ts';
import { secondResourceAgent } from './resource-agent.ts';
import type { SecondService } from './strict-service.ts';

interface Second {
  readonly start: () => Promise<SecondService>;
  /** What a smoke must have asked for. */
  readonly served: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
}

const tools = ['read_file', 'write_file', 'git_status', 'git_log', 'web_scrape'];

const seconds: Readonly<Record<string, Second>> = {
  'api-gateway': {
    start: secondApiGateway,
    served: ['POST /v1/chat/completions', 'GET /v1/models', 'GET /health'],
  },
  'rag-service': { start: secondRagService, served: ['POST /index', 'POST /query'] },
  'mcp-server': { start: secondMcpServer, served: tools },
  'health-agent': {
    start: secondHealthAgent,
    served: [
      'POST /api/v1/chat',
      'POST /api/v1/food',
      'GET /api/v1/reminders',
      'GET /api/v1/gamification/xp',
    ],
  },
  'query-gateway': {
    start: secondQueryGateway,
    served: ['POST /v1/query-classify', 'GET /health/live', 'GET /metrics'],
  },
  'resource-agent': {
    start: secondResourceAgent,
    served: ['GET /health/', 'GET /system/metrics', 'GET /analysis/', 'GET /lmcache/status'],
  },
};

/** What the smoke of a system sends in its eight seconds, in a second and a half. */
const shortened = { LOAD_TIME_SCALE: '0.2' };

for (const [system, { start, served }] of Object.entries(seconds)) {
  test(`${system}: a second implementation of its contract passes the smoke`, async ({}, info) => {
    const service = await start();
    try {
      const url = `${system.toUpperCase().replaceAll('-', '_')}_URL`;
      const run = await smokeOf(system, info.outputPath('run'), {
        ...shortened,
        [url]: service.origin,
      });
      expect(service.refusals, 'what was refused').toEqual([]);
      expect(statusesIn(info.outputPath('run/tests.json')), run.stdout).toEqual(['passed']);
      expect([...service.served.keys()]).toEqual(expect.arrayContaining([...served]));
    } finally {
      await service.close();
    }
  });
}

function smokeOf(
  system: string,
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<NestedRun> {
  return runSuite(
    repository,
    ['--project=smoke', system, '--reporter=json,./fixtures/reporter.ts'],
    {
      ...settings,
      LOAD_RUN_DIR: folder,
      PLAYWRIGHT_JSON_OUTPUT_NAME: `${folder}/tests.json`,
    },
  );
}

interface Report {
  readonly suites: readonly {
    readonly specs: readonly {
      readonly tests: readonly { readonly results: readonly { readonly status: string }[] }[];
    }[];
  }[];
}

function statusesIn(path: string): string[] {
  const { suites } = JSON.parse(readFileSync(path, 'utf8')) as Report;
  const results = suites.flatMap(({ specs }) => specs.flatMap(({ tests }) => tests));
  return results.flatMap((one) => one.results.map(({ status }) => status));
}
