/** The reference RAG service keeps the contract of its system: real process, real sockets. */
import { expect, test } from '@playwright/test';
import { launchReference } from '../../fixtures/reference/launch.ts';
import type { ReferenceService } from '../../fixtures/reference/launch.ts';
import { found, index, metrics, post, query } from './rag-service-client.ts';

let service: ReferenceService;
test.beforeAll(async () => {
  service = await launchReference('rag-service');
});
test.afterAll(() => service.stop());

const documents = [
  'The pump 1001 stands in the yard. Ada looks after the pump 1001.',
  'The boiler 2002 stands in the tower. The filter of the boiler 2002 lasts 6 months.',
];
const sentences = documents.flatMap((document) => document.split(/(?<=\.) /));

test('indexing says the collection and its chunks, one a sentence', async () => {
  const response = await index(service.url, 'said', documents);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({ collection: 'said', chunks: 4 });
});

test('a query for an indexed sentence finds it first', async () => {
  await index(service.url, 'first', documents);
  for (const sentence of sentences) {
    const { context } = await found(await query(service.url, 'first', sentence));
    expect(context).toHaveLength(4);
    expect(context[0]!.text).toBe(sentence);
    expect(context[0]!.score).toBeCloseTo(1, 6);
  }
});

test('a question finds the sentence that answers it, and the answer holds it', async () => {
  await index(service.url, 'questions', documents);
  const response = await query(service.url, 'questions', 'Who looks after the pump 1001?', 2);
  const { answer, context } = await found(response);
  expect(context).toHaveLength(2);
  expect(context[0]!.text).toBe('Ada looks after the pump 1001.');
  expect(answer).toContain('Ada looks after the pump 1001.');
});

test('usage counts the tokens of question, context and answer', async () => {
  await index(service.url, 'tokens', ['Red fox. Blue whale.']);
  const { answer, usage } = await found(await query(service.url, 'tokens', 'a red fox'));
  expect(answer).toBe('According to your documents: Red fox. Blue whale.');
  expect(usage).toEqual({ prompt_tokens: 7, completion_tokens: 8, total_tokens: 15 });
});

test('what is indexed later is found as well, in its own collection only', async () => {
  await index(service.url, 'mine', ['Red fox.']);
  await index(service.url, 'theirs', ['Red squirrel.']);
  await index(service.url, 'mine', ['Red hen.']);
  const { context } = await found(await query(service.url, 'mine', 'red hen'));
  expect(context.map(({ text }) => text)).toEqual(['Red hen.', 'Red fox.']);
});

test('health says that it is healthy', async () => {
  const response = await fetch(`${service.url}/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'healthy', service: 'rag-service' });
});

const badBodies = [
  ['/index', {}, 'collection'],
  ['/index', { collection: 'a', documents: [] }, 'documents'],
  ['/index', { collection: 'a', documents: 'text' }, 'documents'],
  ['/index', { collection: 'a', documents: ['  '] }, 'documents'],
  ['/index', { collection: 'a', documents: [{ text: 'fox' }] }, 'documents'],
  ['/index', { collection: 'a', documents: ['fox'], source: 'b' }, 'source'],
  ['/query', { collection: 'a', top_k: 5 }, 'query'],
  ['/query', { query: 'fox', collection: '', top_k: 5 }, 'collection'],
  ['/query', { query: 'fox', collection: 'a' }, 'top_k'],
  ['/query', { query: 'fox', collection: 'a', top_k: '5' }, 'top_k'],
  ['/query', { query: 'fox', collection: 'a', top_k: 0 }, 'top_k'],
  ['/query', { query: 'fox', collection: 'a', top_k: 5, k: 5 }, 'k'],
  ['/query', [], 'body'],
] as const;
for (const [path, body, field] of badBodies) {
  test(`${path} refuses ${JSON.stringify(body)} and names ${field}`, async () => {
    const response = await post(service.url, path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringContaining(field) });
  });
}

test('a collection that nobody made, other paths and other methods are refused', async () => {
  const nowhere = await query(service.url, 'nowhere', 'red fox');
  expect(nowhere.status).toBe(404);
  expect(await nowhere.json()).toEqual({ error: expect.stringContaining('nowhere') });
  expect((await fetch(`${service.url}/collections`)).status).toBe(404);
  const get = await fetch(`${service.url}/query`);
  expect(get.status).toBe(405);
  expect(get.headers.get('allow')).toBe('POST');
});

test('metrics count the store and every answer by endpoint and status', async () => {
  const fresh = await launchReference('rag-service');
  try {
    await index(fresh.url, 'a', documents);
    await query(fresh.url, 'a', 'fox');
    await query(fresh.url, 'b', 'fox');
    await fetch(`${fresh.url}/nowhere`);
    expect(await metrics(fresh.url)).toEqual({
      vector_store: {
        pool_size: 8,
        pool_available: 8,
        pool_active: 0,
        pool_waiting: 0,
        collections: 1,
        chunks: 4,
        timeouts: 0,
      },
      requests: {
        total: 4,
        by_endpoint: {
          'POST /index': { 200: 1 },
          'POST /query': { 200: 1, 404: 1 },
          unknown: { 404: 1 },
        },
      },
    });
  } finally {
    await fresh.stop();
  }
});
