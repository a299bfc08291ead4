/** A gateway of others between the suite and the reference service, for which only settings are needed. */
import { expect, test } from '@playwright/test';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { launchReference } from '../../fixtures/reference/launch.ts';
import { apiGatewayUsers } from '../../load/systems/api-gateway/api-gateway.ts';
import { isRunning, outerEnvironment } from '../child-processes.ts';
import type { DrivenLoad } from '../faults/driven-load.ts';
import { drivenTest } from './driven-test.ts';

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

// They wait for the most part, each for a server of its own.
test.describe.configure({ mode: 'parallel' });

for (const project of ['smoke', 'streaming'] as const) {
  test(`${project} passes through Portkey's gateway`, { tag: '@long' }, async () => {
    const service = await launchReference('api-gateway');
    const gateway = await portkey();
    try {
      const settings = settingsFor(gateway.url, service.url);
      // A minute of streams: enough for each of their budgets.
      const environment = { ...settings, LOAD_TIME_SCALE: project === 'smoke' ? '1' : '0.5' };
      const { loads } = await driven(project, environment);
      expect(loads).toHaveLength(1);
      const { totals, judgements, verdict, headline } = loads[0]!;
      expect([totals.all.ok, totals.errors]).toEqual([totals.scheduled, []]);
      expect(totals.scheduled).toBeGreaterThan(0);
      // On a late machine rows may be undecided, but none is broken or without data.
      const statuses = new Set(judgements.map(({ status }) => status));
      expect([...statuses], headline).not.toContain('fail');
      expect([...statuses], headline).not.toContain('no-data');
      expect(verdict, headline).toBe(statuses.has('undecided') ? 'invalid' : 'pass');
    } finally {
      await gateway.stop();
      await service.stop();
    }
  });
}

test(
  'without its headers the gateway refuses, and the refusal names them',
  { tag: '@long' },
  async () => {
    const gateway = await portkey();
    try {
      const settings = settingsFor(gateway.url, 'http://127.0.0.1:9');
      const refused = driven('smoke', { ...settings, API_GATEWAY_HEADERS: '' });
      const refusal = await refused.then(
        () => 'nothing was refused',
        (error: unknown) => (error as Error).message,
      );
      expect(refusal).toContain('Preflight: task "onStart" ended failed (status 400)');
      expect(refusal).toContain(`API_GATEWAY_HEADERS='{"x-portkey-provider":"…"}' sets it`);
      expect(refusal).not.toContain('API_GATEWAY_KEY is');
    } finally {
      await gateway.stop();
    }
  },
);

/** The gateway's test of that project, by these settings. */
function driven(
  project: 'smoke' | 'streaming',
  environment: Readonly<Record<string, string>>,
): Promise<DrivenLoad> {
  const { apiGatewayUser, streamingUser } = apiGatewayUsers(environment);
  const user = project === 'smoke' ? apiGatewayUser : streamingUser;
  return drivenTest(test.info(), { system: 'api-gateway', project, environment, user });
}
