/** The stated costs and the real wait for the vector store. Ratios of one run, counters and order only. */
import { expect } from '@playwright/test';
import { milliseconds } from '../../fixtures/reference/rag-costs.ts';
import { testOf } from './launched.ts';
import { found, index, metrics, query } from './rag-service-client.ts';
import { serverTiming } from './server-timing.ts';

const test = testOf('rag-service');

const chunks = 200;
const longDocument = Array.from({ length: chunks }, (_, i) => `Fox ${i} is red.`).join(' ');
const { embedCall, embedChunk, searchCall, searchChunk } = milliseconds;
const { promptToken, answerToken } = milliseconds;

test('a query is priced by the chunks that it scans and the tokens that it reads and writes', async ({
  launch,
}) => {
  const { url } = await launch();
  await index(url, 'foxes', [longDocument]);
  const response = await query(url, 'foxes', 'Fox 7 is red.');
  const { embed, search, generate } = serverTiming(response);
  const { prompt_tokens, completion_tokens } = (await found(response)).usage;
  const embedMs = embedCall + embedChunk;
  expect(search! / embed!).toBeCloseTo((searchCall + chunks * searchChunk) / embedMs, 3);
  const generateMs = prompt_tokens * promptToken + completion_tokens * answerToken;
  expect(generate! / embed!).toBeCloseTo(generateMs / embedMs, 3);
});

test('the client waits for what was priced, as it measures it', async ({ launch }) => {
  const { url } = await launch();
  await index(url, 'foxes', [longDocument]);
  const startedAtMs = performance.now();
  const response = await query(url, 'foxes', 'Fox 7 is red.');
  await response.text();
  const tookMs = performance.now() - startedAtMs;
  const { embed, search, generate } = serverTiming(response);
  // Timers count in whole milliseconds and may fire a fraction early, thrice here.
  expect(tookMs).toBeGreaterThan(embed! + search! + generate! - 6);
});

test('the seed fixes what the n-th query takes, whatever comes between', async ({ launch }) => {
  const drawn = async (env: Record<string, string>, isMixed: boolean): Promise<unknown[]> => {
    const { url } = await launch(env);
    await index(url, 'foxes', ['Red fox.']);
    const all: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      if (isMixed) await index(url, `other ${i}`, ['Blue whale.']);
      all.push(serverTiming(await query(url, 'foxes', 'fox'))['embed']);
    }
    return all;
  };
  const first = await drawn({}, false);
  expect(new Set(first).size).toBe(3);
  expect(await drawn({ REFERENCE_SEED: '1' }, true)).toEqual(first);
  expect(await drawn({ REFERENCE_SEED: '2' }, false)).not.toEqual(first);
});

test('more searches than connections wait: counted while they do, gone when served', async ({
  launch,
}) => {
  const { url } = await launch({ REFERENCE_SLOWDOWN: 'index documents:20', REFERENCE_SEED: '3' });
  const store = async () => (await metrics(url)).vector_store;
  const writes = Array.from({ length: 12 }, (_, i) => index(url, `user ${i}`, ['Red fox.']));
  await expect
    .poll(store, { intervals: [5] })
    .toMatchObject({ pool_size: 8, pool_available: 0, pool_active: 8, pool_waiting: 4 });
  const timings = (await Promise.all(writes)).map(serverTiming);
  // Who got a connection at once waited for nothing but its own turn.
  const waitsMs = timings.map(({ pool }) => pool!).sort((a, b) => b - a);
  expect(waitsMs[3]! / waitsMs[4]!).toBeGreaterThan(2);
  expect(await store()).toMatchObject({ pool_active: 0, pool_waiting: 0, collections: 12 });
});

test('a store slower than its deadline is a vector store timeout, and counted', async ({
  launch,
}) => {
  const { url } = await launch({ REFERENCE_SLOWDOWN: 'query:100' });
  await index(url, 'foxes', [longDocument]);
  const response = await query(url, 'foxes', 'Fox 7 is red.');
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ error: 'vector store timeout' });
  expect((await metrics(url)).vector_store).toMatchObject({ timeouts: 1, pool_active: 0 });
});
