/** The reference health agent keeps the contract of its system: real process, real sockets. */
import { expect, test } from '@playwright/test';
import { launchReference } from '../../fixtures/reference/launch.ts';
import type { ReferenceService } from '../../fixtures/reference/launch.ts';
import { chat, get, key, logFood, metrics, post, reminders, xp } from './health-agent-client.ts';

let service: ReferenceService;
test.beforeAll(async () => {
  service = await launchReference('health-agent');
});
test.afterAll(() => service.stop());

test('chat answers with a response, a time and the user', async () => {
  const response = await chat(service.url, 'ada');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  const body = (await response.json()) as Record<string, string>;
  expect(Object.keys(body).sort()).toEqual(['response', 'timestamp', 'user_id']);
  expect(body['user_id']).toBe('ada');
  expect(body['response']).toContain('How much water?');
  expect(new Date(body['timestamp'] ?? '').toISOString()).toBe(body['timestamp']);
});

test('logged food is remembered per user, counts towards xp and shows in the reminders', async () => {
  expect(await (await xp(service.url, 'bob')).json()).toEqual({ user_id: 'bob', xp: 0, level: 1 });
  const logged = await logFood(service.url, 'bob', 'banana');
  expect(logged.status).toBe(201);
  expect(await logged.json()).toMatchObject({
    user_id: 'bob',
    food_name: 'banana',
    quantity: '170g',
  });
  expect(await (await xp(service.url, 'bob')).json()).toEqual({ user_id: 'bob', xp: 10, level: 1 });
  expect(await (await xp(service.url, 'eve')).json()).toMatchObject({ xp: 0 });
  expect(await (await reminders(service.url, 'bob')).text()).toContain('banana');
  expect(await (await reminders(service.url, 'eve')).text()).toContain('first meal');
});

test('enough of both raises the level', async () => {
  await Promise.all(Array.from({ length: 10 }, () => logFood(service.url, 'lea')));
  await chat(service.url, 'lea');
  expect(await (await xp(service.url, 'lea')).json()).toEqual({
    user_id: 'lea',
    xp: 102,
    level: 2,
  });
});

test('health needs no key', async () => {
  const response = await fetch(`${service.url}/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'healthy' });
});

const keyed = [
  ['POST', '/api/v1/chat'],
  ['POST', '/api/v1/food'],
  ['GET', '/api/v1/reminders?user_id=ada'],
  ['GET', '/api/v1/gamification/xp?user_id=ada'],
] as const;
for (const [method, path] of keyed) {
  for (const headers of [{}, { 'x-api-key': 'wrong' }] as Record<string, string>[]) {
    test(`${method} ${path} refuses ${headers['x-api-key'] ?? 'a missing'} key`, async () => {
      const response = await fetch(service.url + path, { method, headers });
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ error: expect.stringContaining('X-API-Key') });
    });
  }
}

const badBodies = [
  ['/api/v1/chat', {}, 'user_id'],
  ['/api/v1/chat', { user_id: 'ada', message: '' }, 'message'],
  ['/api/v1/chat', { user_id: 7, message: 'hi' }, 'user_id'],
  ['/api/v1/chat', [], 'body'],
  ['/api/v1/chat', { user_id: 'ada', message: 'hi', text: 'hi' }, 'text'],
  ['/api/v1/food', { user_id: 'ada', quantity: '170g' }, 'food_name'],
  ['/api/v1/food', { user_id: 'ada', food_name: 'apple', quantity: 1 }, 'quantity'],
  ['/api/v1/food', { user_id: 'ada', food_name: 'apple', quantity: 'some' }, 'quantity'],
] as const;
for (const [path, body, field] of badBodies) {
  test(`${path} refuses ${JSON.stringify(body)} and names ${field}`, async () => {
    const response = await post(service.url, path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringContaining(field) });
  });
}

test('refuses what is no JSON, a missing user and a body too large', async () => {
  const json = { ...key, 'content-type': 'application/json' };
  const broken = { method: 'POST', headers: json, body: '{"user_id":' };
  expect((await fetch(`${service.url}/api/v1/chat`, broken)).status).toBe(400);
  expect((await get(service.url, '/api/v1/reminders?user_id=ada&user=ada')).status).toBe(400);
  expect((await get(service.url, '/api/v1/reminders')).status).toBe(400);
  expect((await get(service.url, '/api/v1/gamification/xp?user_id=')).status).toBe(400);
  const large = { user_id: 'ada', message: 'x'.repeat(1_100_000) };
  expect((await post(service.url, '/api/v1/chat', large)).status).toBe(413);
});

test('unknown paths are 404, other methods 405 with the one allowed', async () => {
  expect((await get(service.url, '/api/v1/nothing')).status).toBe(404);
  expect((await get(service.url, '//')).status).toBe(404);
  const response = await get(service.url, '/api/v1/chat');
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('POST');
  expect(await response.json()).toHaveProperty('error');
});

test('metrics count pool, cache and every answer by endpoint and status', async () => {
  const fresh = await launchReference('health-agent');
  try {
    const before = await metrics(fresh.url);
    expect(before.database).toEqual({
      pool_size: 13,
      pool_available: 13,
      pool_active: 0,
      pool_waiting: 0,
    });
    expect(before.cache).toEqual({ hit_rate_percent: null, total_reads: 0, hits: 0, misses: 0 });

    for (const user of ['ada', 'bob', 'ada', 'ada']) await xp(fresh.url, user);
    await fetch(`${fresh.url}/api/v1/gamification/xp?user_id=ada`);
    await get(fresh.url, '/nowhere');

    const after = await metrics(fresh.url);
    expect(after.cache).toEqual({ hit_rate_percent: 50, total_reads: 4, hits: 2, misses: 2 });
    expect(after.requests).toEqual({
      total: 7,
      by_endpoint: {
        'GET /api/v1/metrics': { 200: 1 },
        'GET /api/v1/gamification/xp': { 200: 4, 401: 1 },
        unknown: { 404: 1 },
      },
    });
  } finally {
    await fresh.stop();
  }
});

test('the key can be set', async () => {
  const other = await launchReference('health-agent', {
    env: { HEALTH_AGENT_REFERENCE_KEY: 'other_key' },
  });
  try {
    expect((await chat(other.url)).status).toBe(401);
    const path = `${other.url}/api/v1/reminders?user_id=ada`;
    expect((await fetch(path, { headers: { 'x-api-key': 'other_key' } })).status).toBe(200);
  } finally {
    await other.stop();
  }
});
