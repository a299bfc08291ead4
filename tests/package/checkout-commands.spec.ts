/** The commands of the docs that load the six systems, in a checkout, with loads of a second or two. */
import { test as base, expect } from '@playwright/test';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchReference } from '../../fixtures/reference/launch.ts';
import type { Results } from '../../load/report/files/results-json.ts';
import { linkedProject } from '../child-processes.ts';
import { checkoutCases, type CommandCase } from '../examples/docs-commands.ts';
import { Shop } from '../examples/shop.ts';
import { lasting } from './docs-team.ts';
import { ownEnvironment, type Outcome } from './team-repository.ts';

/** Addresses that stand for the reader's own: of the health agent, and of pages with metrics. */
const agentAddress = /http:\/\/localhost:8080|https:\/\/agent\.example\.org|(?<==)URL(?= )/g;
const metricsAddress = /http:\/\/(gpu|node)-1:9[14]00/g;

/** The health agent of the test takes this one, as a reader's own takes theirs. */
const agentKey = 'a-key-of-the-reader';
const short = { LOAD_TIME_SCALE: '0.01' };

interface Places {
  readonly folder: string;
  readonly agent: string;
  readonly metrics: string;
}

const test = base.extend<{ places: Places }>({
  places: async ({}, use, testInfo) => {
    const more = ['tests/systems', 'allurerc.ts', 'thresholds.json'];
    const folder = linkedProject(testInfo.outputPath('project'), more);
    const agent = await launchReference('health-agent', {
      env: { HEALTH_AGENT_REFERENCE_KEY: agentKey },
    });
    const shop = await Shop.start();
    await use({ folder, agent: agent.url, metrics: shop.url });
    shop.stop();
    await agent.stop();
  },
});

/** As it is called here, with a time scale at which no load takes more than some seconds. */
function substituted(command: string, { agent, metrics }: Places): string {
  return command
    .replaceAll(agentAddress, agent)
    .replaceAll(metricsAddress, `${metrics}/$1`)
    .replace(/LOAD_TIME_SCALE=\S+ /, '')
    .replaceAll("'…'", agentKey);
}

function called(line: string, { folder }: Places): Promise<Outcome> {
  const isOwn = line.includes('HEALTH_AGENT_URL=');
  const key = isOwn ? { HEALTH_AGENT_API_KEY: agentKey } : {};
  const env = { ...ownEnvironment(), ...short, ...key };
  const options = { cwd: folder, env, maxBuffer: 1e8 };
  return new Promise((resolve) => {
    execFile('sh', ['-c', line], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? 1);
      resolve({ code, stdout, output: stdout + stderr });
    });
  });
}

async function expectCommand(one: CommandCase, places: Places): Promise<void> {
  const { command, code = 0, says, lasts, loads } = one;
  const line = substituted(command, places);
  const outcome =
    lasts === true
      ? await lasting(places.folder, line, { env: short, until: says })
      : await called(line, places);
  const named = `${line}\n${outcome.output}`;
  expect.soft(outcome.output, line).toMatch(says);
  if (loads !== true) {
    if (lasts !== true) expect.soft(outcome.code, named).toBe(code);
    return;
  }
  // So short a load judges little, and a busy machine makes it invalid; that it was sent and answered is certain.
  const path = join(places.folder, 'reports/latest/results.json');
  const sent = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results).loads : [];
  expect.soft(sent.length, named).toBeGreaterThan(0);
  for (const { totals } of sent) expect.soft(totals.all.ok, named).toBeGreaterThan(0);
}

test('the commands of a checkout', { tag: '@soak' }, async ({ places }) => {
  test.setTimeout(1_800_000);
  for (const one of checkoutCases) {
    await test.step(one.command, () => expectCommand(one, places));
  }
});
