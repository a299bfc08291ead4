/** Unmeasured requests follow redirects within the host only, such as `/metrics` to `/metrics/`. */
import { expect, test } from '@playwright/test';
import { httpClients } from '../../load/clients/http/http-clients.ts';
import { systemClock } from '../../load/platform/clock.ts';
import { checkHealth } from '../../load/run/health-check.ts';
import { unmeasuredClient, type UnmeasuredRequest } from '../../load/run/unmeasured-client.ts';
import { defineUser, type UserDefinition } from '../../load/user/define-user.ts';
import { httpServer } from './client-harness.ts';

const user = defineUser({
  system: 'web-shop',
  health: '/health',
  tasks: { buy: { run: () => Promise.resolve() } },
}) as unknown as UserDefinition;

/** A server that redirects paths as in the table. */
async function redirecting(places: Readonly<Record<string, string>>) {
  const server = await httpServer(({ request }, response) => {
    const path = request.url ?? '';
    const location = places[path];
    if (location !== undefined) response.writeHead(308, { location }).end();
    else if (path === '/login') response.end('<!doctype html><h1>Log in</h1>');
    else response.end(`this is ${path}`);
  });
  const target = { url: server.url };
  const request: UnmeasuredRequest = {
    user,
    target,
    newClients: httpClients({ allowedHosts: [] }),
  };
  return { server, request };
}

async function got({ request }: Awaited<ReturnType<typeof redirecting>>, path: string) {
  const asker = { name: 'monitor', number: -3, deadlineMs: 2000 };
  const client = unmeasuredClient(request, systemClock(), asker);
  try {
    return (await client.get(path)).text();
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.close();
  }
}

test('a redirect within the host is followed', async () => {
  const asked = await redirecting({ '/metrics': '/metrics/' });
  expect(await got(asked, '/metrics')).toBe('this is /metrics/');
  await asked.server.close();
});

test('one to another host is told with its place', async () => {
  const asked = await redirecting({ '/metrics': 'http://localhost:1/metrics' });
  const told = await got(asked, '/metrics');
  expect(told).toBe('redirect redirected to another host: http://localhost:1/metrics');
  await asked.server.close();
});

test('health behind a redirect is health, a page to log in is none', async () => {
  const good = await redirecting({ '/health': '/health/' });
  expect((await checkHealth(good.request)).ok).toBe(true);
  await good.server.close();
  const bad = await redirecting({ '/health': '/login' });
  const { ok, detail } = await checkHealth(bad.request);
  expect(ok).toBe(false);
  expect(detail).toContain('a web page');
  await bad.server.close();
});
