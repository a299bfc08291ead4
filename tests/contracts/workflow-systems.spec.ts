/**
 * Which systems the workflow loads: those with an address, else the reference services; and that it says
 * which.
 */
import { expect, test as base } from '@playwright/test';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseSystems } from '../../fixtures/systems-with-address.ts';
import { logsIn } from '../../load/report/files/rebuild.ts';
import { readResult } from '../../load/metrics/log/reader.ts';
import { linkedProject, repository } from '../child-processes.ts';
import { docsBlock, patternOf } from '../examples/fenced-blocks.ts';
import { StandIn } from '../faults/stand-in.ts';
import { inFolder } from './load-workflow.ts';
import { runJob, type JobOptions } from './workflow-job.ts';

/** The docs quote these lines of its output. */
const [ofOwn = '', ofReferences = ''] = docsBlock('docs/ci.md', 'text').trim().split('\n');

const test = base.extend<{ agent: StandIn; project: string; keys: Set<string | undefined> }>({
  keys: async ({}, use) => {
    await use(new Set());
  },
  agent: async ({ keys }, use) => {
    const agent = await StandIn.start(({ key }) => {
      keys.add(key);
      return false;
    });
    await use(agent);
    agent.stop();
  },
  project: async ({}, use, testInfo) => {
    const folder = linkedProject(testInfo.outputPath('project'), ['tests/systems']);
    inFolder(folder, 'git init -q');
    await use(folder);
  },
});

/** The kind and address of each load that left a log. */
async function targetsIn(project: string, runId = 'github-4711'): Promise<string[]> {
  const folder = join(project, 'reports', runId);
  const logs = existsSync(folder) ? logsIn(folder) : [];
  const results = await Promise.all(logs.map((path) => readResult(path)));
  return results.map(({ plan }) => `${plan.system}: ${plan.target.kind} ${plan.target.url}`);
}

function agentJob(agent: StandIn, folder: string): JobOptions {
  return {
    folder,
    vars: { HEALTH_AGENT_URL: agent.url },
    secrets: { HEALTH_AGENT_API_KEY: 'the-key-of-the-job' },
    env: { LOAD_TIME_SCALE: '0.01' },
  };
}

test('the smoke of a pull request loads the server whose address is a variable, with its key', async ({
  agent,
  project,
  keys,
}) => {
  test.setTimeout(240_000);
  const env = { LOAD_TIME_SCALE: '0.2' };
  const run = await runJob('smoke', { ...agentJob(agent, project), env });
  expect(agent.loadRequests, run.output).toBeGreaterThan(10);
  expect(await targetsIn(project)).toEqual([`health-agent: real ${agent.url}`]);
  expect(keys).toContain('the-key-of-the-job');
  expect(run.output).toMatch(patternOf(ofOwn, { 'https://agent.example.org': agent.url }));
  expect(run.summary).toContain(`**Loaded: your own systems**, \`health-agent\` (${agent.url}).`);
  expect(run.summary).toContain('# Load run');
  expect(run.output + run.summary).not.toContain('the-key-of-the-job');
});

test(
  'the nightly job loads that server by every scenario it has, on the machine whose turn it is',
  { tag: '@long' },
  async ({ agent, project }) => {
    test.setTimeout(600_000);
    const other = await runJob('load', { ...agentJob(agent, project), matrix: { shard: 2 } });
    expect(other.output).toContain(
      'Loaded on this machine: nothing. Loaded on other machines: health-agent.',
    );
    expect(other.failed).toBe(false);
    expect(agent.requests).toBe(0);
    const run = await runJob('load', { ...agentJob(agent, project), matrix: { shard: 1 } });
    expect(agent.loadRequests, run.output).toBeGreaterThan(10);
    const targets = new Set(await targetsIn(project));
    expect(targets).toEqual(new Set([`health-agent: real ${agent.url}`]));
    expect(run.output).toContain(`Loaded: your own systems, health-agent (${agent.url}).`);
    expect(run.summary).toContain(`\`health-agent\` (${agent.url})`);
    expect(existsSync(join(project, 'blob-report/load-1-of-4.zip'))).toBe(true);
  },
);

test(
  'without any address the reference service is loaded, and the job says that it was this',
  { tag: '@long' },
  async ({ project }) => {
    test.setTimeout(600_000);
    const env = { LOAD_TIME_SCALE: '0.02', NIGHTLY: 'light' };
    const run = await runJob('load', { folder: project, matrix: { shard: 1 }, env });
    expect(await targetsIn(project)).toEqual([
      expect.stringMatching(/^resource-agent: reference http:\/\/127\.0\.0\.1:\d+$/),
    ]);
    expect(run.output).toContain('Loaded: the reference services. No system has an address');
    expect(run.summary).toContain('**Loaded: the reference services.**');
  },
);

/** Returns the systems that the script would load, without starting the processes that do it. */
function chosen(env: Record<string, string>, words: readonly string[] = [], cwd = repository) {
  const smoke = ['--project=smoke', ...words];
  const { text, words: all } = chooseSystems(smoke, env, cwd);
  const specs = all?.flatMap(
    (word) => /^tests\/systems\/([\w-]+)\.spec\.ts$/.exec(word)?.[1] ?? [],
  );
  return { text, words: all, specs };
}

const two = { API_GATEWAY_URL: 'http://127.0.0.1:1', RAG_SERVICE_URL: 'http://127.0.0.1:2/api' };

test('systems that have an address are loaded, and none beside them', () => {
  const { text, words, specs } = chosen({ ...two, MCP_SERVER_URL: '' });
  expect(specs).toEqual(['api-gateway', 'rag-service']);
  expect(words).toHaveLength(3);
  expect(text).toContain('`api-gateway` (http://127.0.0.1:1), `rag-service` (http://127.0.0.1:2).');
});

test('without one all are, by their reference services, in shards as Playwright deals them out', () => {
  for (const words of [[], ['--shard=1/2'], ['--shard=2/2']]) {
    const all = chosen({}, words);
    expect(all.words).toEqual(['--project=smoke', ...words]);
    expect(all.text.replaceAll(/[*`]/g, '')).toMatch(patternOf(ofReferences));
  }
});

test('machines share systems out, not tests: two of them would measure each other', () => {
  const shards = [1, 2, 3].map((n) => chosen(two, [`--shard=${n}/3`]));
  expect(shards.map(({ specs }) => specs)).toEqual([['api-gateway'], ['rag-service'], undefined]);
  // A machine takes all specs of its systems; a system may have none of the scenarios.
  expect(shards[0]!.words).toEqual([
    '--project=smoke',
    '--pass-with-no-tests',
    'tests/systems/api-gateway.spec.ts',
  ]);
  expect(shards[2]!.text).toContain('Loaded on other machines: `api-gateway`, `rag-service`.');
});

test('a machine beyond their number is refused', () => {
  for (const env of [{}, two]) {
    expect(() => chosen(env, ['--shard=4/3'])).toThrow(
      '--shard=4/3: accepted is the number of a machine, such as --shard=2/4',
    );
  }
});

test('a server on stdio counts, and neither its words nor what an address hides is shown', () => {
  const { text, specs } = chosen({
    MCP_SERVER_COMMAND: 'server --token abc123',
    QUERY_GATEWAY_URL: 'http://me:abc123@127.0.0.1:1',
  });
  expect(specs).toEqual(['mcp-server', 'query-gateway']);
  expect(text).toContain('`mcp-server` (MCP_SERVER_COMMAND), `query-gateway` (http://127.0.0.1:1)');
  expect(text).not.toContain('abc123');
});

test("a system of the team's own is found by the name of its spec", ({}, testInfo) => {
  const cwd = testInfo.outputPath('checkout');
  mkdirSync(join(cwd, 'tests/systems'), { recursive: true });
  writeFileSync(join(cwd, 'tests/systems/shop.spec.ts'), '');
  expect(chosen({ SHOP_URL: 'http://127.0.0.1:1' }, [], cwd).specs).toEqual(['shop']);
});
