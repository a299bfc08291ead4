/** A reference service's life: when it is ready, its error if it cannot start, and that it always ends. */
import { expect, test } from '@playwright/test';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { launchReference } from '../../fixtures/reference/launch.ts';
import { isRunning } from '../child-processes.ts';
import { fault } from '../faults/fault-matrix.ts';

test('is ready on a free port of loopback, and stop leaves no process', async ({}, testInfo) => {
  const startedAtMs = performance.now();
  const service = await launchReference('health-agent');
  const readyMs = Math.round(performance.now() - startedAtMs);
  testInfo.annotations.push({ type: 'spawn to ready', description: `${readyMs} ms` });
  expect(service).toMatchObject({
    name: 'health-agent',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  expect((await fetch(`${service.url}/health`)).status).toBe(200);
  expect(isRunning(service.pid)).toBe(true);

  await Promise.all([service.stop(), service.stop()]);
  expect(isRunning(service.pid)).toBe(false);
  await service.stop();
});

test('stop cuts requests that are still under way', async () => {
  const service = await launchReference('health-agent', { env: { REFERENCE_SLOWDOWN: '1000' } });
  const request = fetch(`${service.url}/api/v1/reminders?user_id=ada`, {
    headers: { 'x-api-key': 'test_key_123' },
  });
  const outcome = request.then(
    () => 'answered',
    () => 'cut',
  );
  await expect
    .poll(async () => (await fetch(`${service.url}/api/v1/metrics`)).text())
    .toContain('"pool_active":1');
  await service.stop();
  expect(isRunning(service.pid)).toBe(false);
  expect(await outcome).toBe('cut');
});

test('stop ends a service that is stuck', async () => {
  const service = await launchReference('health-agent');
  process.kill(service.pid, 'SIGSTOP');
  await service.stop();
  expect(isRunning(service.pid)).toBe(false);
});

test('has a process group of its own, so that Ctrl-C does not reach it', async () => {
  const service = await launchReference('health-agent');
  try {
    const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(service.pid)], {
      encoding: 'utf8',
    });
    expect(Number(group)).toBe(service.pid);
  } finally {
    await service.stop();
  }
});

test(
  'a port that is taken is named, with the variable that moves it',
  { annotation: fault(39) },
  async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    try {
      const launched = launchReference('health-agent', { port });
      await expect(launched).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`);
      await expect(launched).rejects.toThrow('HEALTH_AGENT_REFERENCE_PORT moves it');
      await expect(launched).rejects.toThrow('exit code 1');
    } finally {
      holder.close();
    }
  },
);

test('a port that is given is used', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  await new Promise((resolve) => holder.close(resolve));
  const service = await launchReference('health-agent', { port });
  expect(service.url).toBe(`http://127.0.0.1:${port}`);
  await service.stop();
});

const badSettings = [
  ['REFERENCE_SLOWDOWN', 'chta:2'],
  ['REFERENCE_SEED', '-1'],
  ['HEALTH_AGENT_REFERENCE_PORT', '65536'],
  ['HEALTH_AGENT_REFERENCE_KEY', ' '],
] as const;
for (const [name, value] of badSettings) {
  test(`${name}="${value}" is refused with field, value and what is accepted`, async () => {
    const launched = launchReference('health-agent', { env: { [name]: value } });
    await expect(launched).rejects.toThrow(`${name}="${value}"`);
    await expect(launched).rejects.toThrow(/accepted/i);
    await expect(launched).rejects.toThrow('exit code 1');
  });
}

test('a service that is not there is refused with the path looked at', async () => {
  await expect(launchReference('no-such-agent')).rejects.toThrow(/no-such-agent\.ts/);
});

test('a process that dies on its way up carries its exit code and last words', async () => {
  // Node refuses the option before any of our code runs.
  const launched = launchReference('health-agent', { env: { NODE_OPTIONS: '--no-such-option' } });
  await expect(launched).rejects.toThrow(/exit code 9[\s\S]*--no-such-option/);
});

test('kill -9 of its launcher ends the service, launched from any folder', async () => {
  const launchUrl = new URL('../../fixtures/reference/launch.ts', import.meta.url).href;
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;
  const script = `
    const { launchReference } = await import(${JSON.stringify(launchUrl)});
    const service = await launchReference('health-agent');
    console.log(JSON.stringify(service));
  `;
  const parent = spawn(
    process.execPath,
    ['--import', tsx, '--input-type=module', '--eval', script],
    { cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const { pid, url } = JSON.parse(line.toString()) as { pid: number; url: string };
  try {
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isRunning(pid)).toBe(false);
  } finally {
    parent.kill('SIGKILL');
    if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  }
});
