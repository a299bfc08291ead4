/** A team's changes apply to every request to the system, and none of their values is in a log. */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { httpClients } from '../../load/clients/http/http-clients.ts';
import { checkHealth } from '../../load/run/health-check.ts';
import { preflight } from '../../load/run/preflight.ts';
import { intervalLogSchema } from '../../load/metrics/log/schema.ts';
import { jsonMetrics } from '../../load/monitor/json-metrics.ts';
import { withOverrides } from '../../load/systems/declared-overrides.ts';
import { defineUser, type UserDefinition } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import { runForReal } from '../instrument/real-load.ts';
import { httpServer, json, notOk, TestLoad, type Seen } from './client-harness.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const agent = `loadwright/${version}`;
const tenant = 'Tn7planted4Value9';

const asking = defineUser({
  system: 'web-shop',
  health: '/health',
  monitor: jsonMetrics('/metrics', { level: 'level' }),
  tasks: {
    buy: {
      run: async ({ http }) => {
        await http.post('/buy', {
          json: { tea: 1, max_tokens: 150 },
          headers: { 'x-own': 'task' },
        });
      },
    },
  },
}) as unknown as UserDefinition;

const user = withOverrides(asking, {
  headers: { 'x-tenant': tenant, 'x-own': 'override' },
  body: { max_tokens: null, seed: 7 },
});

/** Echoes the request in an error, if it is told to. */
async function shop(fails = false) {
  return httpServer(({ request }: Seen, response: ServerResponse) => {
    if (request.url === '/health' || request.url === '/metrics') json(response, { level: 1 });
    else json(response, { told: request.headers['x-tenant'] }, fails ? 500 : 200);
  });
}

test('health, preflight, monitor and load send all of it, and say who they are', async () => {
  const server = await shop();
  const logPath = test.info().outputPath('log.ndjson');
  const target = { url: server.url };
  const newClients = httpClients({ allowedHosts: [] });
  expect(await checkHealth({ user, target, newClients })).toMatchObject({ ok: true });
  await preflight({ user, target, newClients, runId: 'run', seed: 1 });
  const before = server.seen.length;
  const workload = users({ count: 1, spawnRate: 10, duration: '300ms' });
  await runForReal({ url: server.url, user, workload, logPath });
  await server.close();
  expect(server.seen.map(({ request }) => request.url)).toEqual(
    expect.arrayContaining(['/health', '/metrics', '/buy']),
  );
  expect(server.seen.length).toBeGreaterThan(before);
  for (const { request, body } of server.seen) {
    expect(request.headers).toMatchObject({ 'user-agent': agent, 'x-tenant': tenant });
    if (request.url !== '/buy') continue;
    // The options of a single request have precedence.
    expect(request.headers['x-own']).toBe('task');
    expect(JSON.parse(body.toString())).toEqual({ tea: 1, seed: 7 });
  }
  const [plan = ''] = readFileSync(logPath, 'utf8').split('\n');
  const parsed = JSON.parse(plan) as { schema: number; streams: { parameters: object }[] };
  expect(parsed.schema).toBe(intervalLogSchema);
  expect(parsed.streams[0]!.parameters).toEqual({
    headers: 'x-own, x-tenant',
    body: '{"max_tokens":null,"seed":7}',
  });
});

test('a system that repeats a header’s value puts it into no message and no log', async () => {
  const server = await shop(true);
  const logPath = test.info().outputPath('log.ndjson');
  const workload = users({ count: 2, spawnRate: 10, duration: '300ms' });
  const { result, text } = await runForReal({ url: server.url, user, workload, logPath });
  const newClients = httpClients({ allowedHosts: [] });
  const told = await preflight({
    user,
    target: { url: server.url },
    newClients,
    runId: 'run',
    seed: 1,
  })
    .then(() => '')
    .catch((error: unknown) => (error as Error).message);
  await server.close();
  expect(told).toContain('{"told":"***"}');
  for (const kept of [readFileSync(logPath, 'utf8'), text, told, JSON.stringify(result)]) {
    expect(kept).not.toContain(tenant.slice(0, 8));
  }
});

test('another host is told who is asking, and nothing else', async () => {
  const [server, other] = [await shop(), await shop()];
  const load = new TestLoad({ url: server.url, http: user.http });
  const { http } = load.newUser();
  await http.post(`${other.url}/buy`, { json: { tea: 1 } });
  await http.post(`${server.url}/buy`, { json: { tea: 1 } });
  const [{ request, body }] = other.seen as [Seen];
  expect(request.headers['user-agent']).toBe(agent);
  expect(request.headers).not.toHaveProperty('x-tenant');
  expect(JSON.parse(body.toString())).toEqual({ tea: 1 });
  expect(JSON.parse(server.seen[0]!.body.toString())).toEqual({ tea: 1, seed: 7 });
  load.close();
  await server.close();
  await other.close();
});

test('forms and texts are sent as they are', async () => {
  const server = await shop();
  const load = new TestLoad({ url: server.url, http: user.http });
  const { http } = load.newUser();
  await http.post('/buy', { form: { max_tokens: '1' } });
  await http.post('/buy', { body: '{"max_tokens":1}', type: 'application/json' });
  await http.post('/buy', { json: ['max_tokens'] });
  expect(server.seen.map(({ body }) => body.toString())).toEqual([
    'max_tokens=1',
    '{"max_tokens":1}',
    '["max_tokens"]',
  ]);
  load.close();
  await server.close();
});

test('the type of what is sent is changed for JSON alone', async () => {
  const server = await shop();
  for (const type of ['application/vnd.shop+json', null]) {
    const { http: changed } = withOverrides(asking, { headers: { 'content-type': type } });
    const load = new TestLoad({ url: server.url, http: changed });
    const { http } = load.newUser();
    await http.post('/buy', { json: { tea: 1 } });
    await http.post('/buy', { json: { tea: 1 }, headers: { 'x-own': 'task' } });
    await http.post('/buy', { form: { tea: '1' } });
    const types = server.seen.splice(0).map(({ request }) => request.headers['content-type']);
    const own = type ?? undefined;
    expect(types).toEqual([own, own, 'application/x-www-form-urlencoded']);
    load.close();
  }
  await server.close();
});

test('a header’s value is a secret where a single request fails, too', async () => {
  const server = await shop(true);
  const load = new TestLoad({ url: server.url, http: user.http });
  const sample = await notOk(load.newUser().http.get('/buy'));
  expect(sample.errorDetail).toBe('{"told":"***"}');
  load.close();
  await server.close();
});
