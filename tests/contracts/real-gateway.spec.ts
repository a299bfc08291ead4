/** A gateway of others between the suite and the reference service, for which only settings are needed. */
import { expect, test } from '@playwright/test';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { launchReference } from '../../fixtures/reference/launch.ts';
import type { Results } from '../../load/report/files/results-json.ts';
import { isRunning, outerEnvironment, repository } from '../child-processes.ts';
import { runSuite } from '../engine/report/nested-playwright.ts';

const { resolve } = createRequire(import.meta.url);
const onLoopback = fileURLToPath(new URL('./loopback-listen.ts', import.meta.url));

/** Portkey's gateway on a free port of loopback. */
async function portkey() {
  const child = fork(resolve('@portkey-ai/gateway/build/start-server.js'), ['--headless'], {
    execArgv: ['--import', 'tsx/esm', '--import', onLoopback],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: outerEnvironment(),
  });
  const exited = once(child, 'exit');
  const [port] = (await once(child, 'message')) as [number];
  const stop = async (): Promise<void> => {
    child.kill();
    await exited;
    expect(isRunning(child.pid!)).toBe(false);
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** A user's settings: the gateway's address, its health page, and the headers that name the provider. */
function settingsFor(gateway: string, service: string) {
  return {
    API_GATEWAY_URL: gateway,
    API_GATEWAY_HEALTH: '/',
    API_GATEWAY_KEY: 'key-of-the-provider',
    API_GATEWAY_HEADERS: JSON.stringify({
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${service}/v1`,
    }),
  };
}

for (const project of ['smoke', 'streaming']) {
  test(`${project} passes through Portkey's gateway`, { tag: '@long' }, async ({}, info) => {
    const service = await launchReference('api-gateway');
    const gateway = await portkey();
    try {
      const folder = info.outputPath('run');
      const words = [
        `--project=${project}`,
        'api-gateway',
        '--reporter=line,./fixtures/reporter.ts',
      ];
      const { stdout } = await runSuite(repository, words, {
        ...settingsFor(gateway.url, service.url),
        LOAD_RUN_DIR: folder,
        // A minute of streams: enough for each of their budgets.
        LOAD_TIME_SCALE: project === 'smoke' ? '1' : '0.5',
      });
      const { loads } = JSON.parse(readFileSync(`${folder}/results.json`, 'utf8')) as Results;
      expect(loads, stdout).toHaveLength(1);
      const { totals, judgements, verdict } = loads[0]!;
      expect([totals.all.ok, totals.errors], stdout).toEqual([totals.scheduled, []]);
      expect(totals.scheduled).toBeGreaterThan(0);
      // On a late machine rows may be undecided, but none is broken or without data.
      const statuses = new Set(judgements.map(({ status }) => status));
      expect([...statuses], stdout).not.toContain('fail');
      expect([...statuses], stdout).not.toContain('no-data');
      expect(verdict, stdout).toBe(statuses.has('undecided') ? 'invalid' : 'pass');
    } finally {
      await gateway.stop();
      await service.stop();
    }
  });
}

test(
  'without its headers the gateway refuses, and the refusal names them',
  { tag: '@long' },
  async ({}, info) => {
    const gateway = await portkey();
    try {
      const settings = {
        ...settingsFor(gateway.url, 'http://127.0.0.1:9'),
        API_GATEWAY_HEADERS: '',
      };
      const words = ['--project=smoke', 'api-gateway', '--reporter=line'];
      const { stdout } = await runSuite(repository, words, {
        ...settings,
        LOAD_RUN_DIR: info.outputPath('run'),
      });
      expect(stdout).toContain('Preflight: task "onStart" ended failed (status 400)');
      expect(stdout).toContain(`API_GATEWAY_HEADERS='{"x-portkey-provider":"…"}' sets it`);
      expect(stdout).not.toContain('API_GATEWAY_KEY is');
    } finally {
      await gateway.stop();
    }
  },
);
