/** The stated latency model and the real wait for the pool. Ratios of one run, counters and order only. */
import { expect } from '@playwright/test';
import * as agent from './health-agent-client.ts';
import { testOf } from './launched.ts';

const test = testOf('health-agent');

async function timings(
  count: number,
  send: () => Promise<Response>,
): Promise<agent.ServerTiming[]> {
  const all: agent.ServerTiming[] = [];
  for (let i = 0; i < count; i++) all.push(agent.serverTiming(await send()));
  return all;
}

test('more requests than connections wait: counted while they do, gone when served', async ({
  launch,
}) => {
  const { url } = await launch({ REFERENCE_SLOWDOWN: 'reminders:100' });
  const responses = Array.from({ length: 30 }, () => agent.reminders(url));
  await expect
    .poll(async () => (await agent.metrics(url)).database, { intervals: [10] })
    .toEqual({ pool_size: 13, pool_available: 0, pool_active: 13, pool_waiting: 17 });

  const waitsMs = (await Promise.all(responses)).map(
    (response) => agent.serverTiming(response).poolMs,
  );
  const shortestHoldMs = Math.min(
    ...(await Promise.all(responses)).map((response) => agent.serverTiming(response).dbMs),
  );
  // The 17 that queued waited for at least one whole hold; the 13 that got a connection at once did not.
  // (Timers count in whole milliseconds and may fire a fraction early.)
  expect(waitsMs.filter((waitMs) => waitMs > shortestHoldMs / 2)).toHaveLength(17);
  expect((await agent.metrics(url)).database).toMatchObject({ pool_active: 0, pool_waiting: 0 });
});

test('the pool serves in order of arrival', async ({ launch }) => {
  const { url } = await launch({ REFERENCE_SLOWDOWN: 'reminders:400' });
  const waiting = async () => (await agent.metrics(url)).database.pool_waiting;
  const holders = Array.from({ length: 13 }, () => agent.reminders(url));
  await expect
    .poll(async () => (await agent.metrics(url)).database.pool_active, { intervals: [5] })
    .toBe(13);

  const foods: Promise<{ id: number }>[] = [];
  for (let queued = 1; queued <= 8; queued++) {
    const logged = agent.logFood(url, `user_${queued}`);
    foods.push(logged.then((response) => response.json() as Promise<{ id: number }>));
    await expect.poll(waiting, { intervals: [2] }).toBe(queued);
  }
  // Ids count up as the connections are granted, so they show the order.
  const ids = (await Promise.all(foods)).map(({ id }) => id);
  expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  await Promise.all(holders);
});

test('a chat computes without a connection', async ({ launch }) => {
  const { url } = await launch({ REFERENCE_SLOWDOWN: 'chat:30' });
  const chats = Array.from({ length: 30 }, () => agent.chat(url));
  // Answered while all 30 compute: no connection is in use, so xp gets one at once.
  await agent.xp(url);
  const { database, requests } = await agent.metrics(url);
  expect(requests.by_endpoint['POST /api/v1/chat']).toBeUndefined();
  expect(database.pool_waiting).toBe(0);
  expect(database.pool_active).toBe(0);
  const answered = (await Promise.all(chats)).map(agent.serverTiming);
  const longestWaitMs = Math.max(...answered.map(({ poolMs }) => poolMs));
  expect(longestWaitMs).toBeLessThan(agent.median(answered.map((chat) => chat.computeMs)) / 2);
});

test('REFERENCE_SLOWDOWN slows the named task, as its client measures it', async ({ launch }) => {
  const usual = await launch();
  const slow = await launch({ REFERENCE_SLOWDOWN: 'chat:3' });
  const [stated] = await timings(1, () => agent.chat(usual.url));
  const startedAtMs = performance.now();
  const response = await agent.chat(slow.url);
  await response.text();
  const tookMs = performance.now() - startedAtMs;
  // Timers count in whole milliseconds and may fire a fraction early, twice here.
  expect(tookMs).toBeGreaterThan(3 * (stated!.computeMs + stated!.dbMs) - 4);
  const xp = [usual, slow].map(({ url }) => timings(1, () => agent.xp(url)));
  const [[usualXp], [slowXp]] = (await Promise.all(xp)) as [
    agent.ServerTiming[],
    agent.ServerTiming[],
  ];
  expect(slowXp).toMatchObject({ computeMs: usualXp!.computeMs, dbMs: usualXp!.dbMs });
});

test('a slowdown multiplies compute and hold of exactly its task', async ({ launch }) => {
  const usual = await launch();
  const slow = await launch({ REFERENCE_SLOWDOWN: 'log food:4' });
  const [usualFood] = await timings(1, () => agent.logFood(usual.url));
  const [slowFood] = await timings(1, () => agent.logFood(slow.url));
  expect(slowFood!.computeMs / usualFood!.computeMs).toBeCloseTo(4, 1);
  expect(slowFood!.dbMs / usualFood!.dbMs).toBeCloseTo(4, 1);
  const [usualXp] = await timings(1, () => agent.xp(usual.url));
  const [slowXp] = await timings(1, () => agent.xp(slow.url));
  expect(slowXp!.dbMs).toBe(usualXp!.dbMs);
});

test('the seed fixes what the n-th request of a task takes, whatever comes between', async ({
  launch,
}) => {
  const drawn = async (env: Record<string, string>, between: boolean) => {
    const { url } = await launch(env);
    return timings(5, async () => {
      if (between) await agent.xp(url);
      return agent.reminders(url);
    }).then((all) => all.map(({ dbMs }) => dbMs));
  };
  const first = await drawn({}, false);
  expect(new Set(first).size).toBe(5);
  expect(await drawn({ REFERENCE_SEED: '1' }, true)).toEqual(first);
  expect(await drawn({ REFERENCE_SEED: '2' }, false)).not.toEqual(first);
});
