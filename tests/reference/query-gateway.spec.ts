/** The reference query gateway keeps the contract of its system: real process, real sockets. */
import { expect, test } from '@playwright/test';
import { perBatchMs, perTextMs } from '../../fixtures/reference/query-inference.ts';
import { launchReference, type ReferenceService } from '../../fixtures/reference/launch.ts';

let service: ReferenceService;
test.beforeEach(async () => {
  service = await launchReference('query-gateway');
});
test.afterEach(() => service.stop());

function classify(text: unknown): Promise<Response> {
  return fetch(`${service.url}/v1/query-classify`, posted(JSON.stringify({ text })));
}

const headers = { 'content-type': 'application/json' };

function posted(body: string) {
  return { method: 'POST', headers, body };
}

/** Name with labels → value, by a rule of its own and not the suite's reader. */
async function metrics(): Promise<Record<string, number>> {
  const response = await fetch(`${service.url}/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const lines = (await response.text()).split('\n').filter((line) => /^[a-z]/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

test('a text has the same label whenever it is asked for, from a batch or from the cache', async () => {
  const answers: unknown[] = [];
  for (const text of ['what is a vector?', 'what is a vector?', 'compare both']) {
    const response = await classify(text);
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('x-router-latency'))).toBeGreaterThan(0);
    answers.push(await response.json());
  }
  expect(answers[0]).toEqual(answers[1]);
  for (const answer of answers) {
    const { label, confidence } = answer as { label: string; confidence: number };
    expect(['0', '1']).toContain(label);
    expect(confidence).toBeGreaterThanOrEqual(0.5);
    expect(confidence).toBeLessThanOrEqual(1);
  }
});

test('both labels occur', async () => {
  const texts = Array.from({ length: 32 }, (_, i) => `question ${i}`);
  const answers = await Promise.all(texts.map(async (text) => (await classify(text)).json()));
  const labels = new Set(answers.map((answer) => (answer as { label: string }).label));
  expect([...labels].sort()).toEqual(['0', '1']);
});

test('counts requests, hits and misses of each level, and batches, exactly', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, i) => classify(`text ${i}`)));
  for (let i = 0; i < 10; i++) await classify(`text ${i}`);
  expect(await metrics()).toMatchObject({
    'query_gateway_requests_total{status="200",cache_hit="true"}': 10,
    'query_gateway_requests_total{status="200",cache_hit="false"}': 40,
    'query_gateway_cache_hits_total{level="l1"}': 10,
    'query_gateway_cache_misses_total{level="l1"}': 40,
    'query_gateway_cache_misses_total{level="l2"}': 40,
    query_gateway_inference_batch_size_sum: 40,
    'query_gateway_inference_batch_size_bucket{le="32"}': (await metrics())[
      'query_gateway_inference_batch_size_count'
    ],
    query_gateway_request_latency_seconds_count: 50,
  });
});

test('what the first level dropped is found in the second', async () => {
  const texts = Array.from({ length: 1100 }, (_, i) => `text ${i}`);
  await Promise.all(texts.map((text) => classify(text)));
  await classify('text 0');
  expect(await metrics()).toMatchObject({
    'query_gateway_cache_hits_total{level="l1"}': 0,
    'query_gateway_cache_hits_total{level="l2"}': 1,
  });
});

for (const [what, path, init, status] of [
  ['a text of nothing', '/v1/query-classify', posted('{"text":""}'), 400],
  ['a number as text', '/v1/query-classify', posted('{"text":1}'), 400],
  ['an unknown field', '/v1/query-classify', posted('{"text":"a","query":"a"}'), 400],
  [
    'JSON that is not called so',
    '/v1/query-classify',
    { method: 'POST', body: '{"text":"a"}' },
    415,
  ],
  ['no JSON', '/v1/query-classify', posted('text'), 400],
  ['GET', '/v1/query-classify', {}, 405],
  ['POST to the health endpoint', '/health/ready', { method: 'POST' }, 405],
  ['an unknown path', '/v2', {}, 404],
  ['liveness', '/health/live', {}, 200],
  ['readiness', '/health/ready', {}, 200],
] as const) {
  test(`${what} is answered with ${status}`, async () => {
    expect((await fetch(service.url + path, init)).status).toBe(status);
  });
}

test('REFERENCE_SLOWDOWN makes the inference slower, and leaves what is cached alone', async () => {
  const slow = await launchReference('query-gateway', {
    env: { REFERENCE_SLOWDOWN: 'unique:20' },
  });
  try {
    const latency = async (): Promise<number> => {
      const body = JSON.stringify({ text: 'how?' });
      const response = await fetch(`${slow.url}/v1/query-classify`, posted(body));
      return Number(response.headers.get('x-router-latency'));
    };
    const slowed = await latency();
    const cached = Math.min(await latency(), await latency(), await latency());
    // Twenty times what a batch of one takes, which its noise of a few percent never halves.
    expect(slowed).toBeGreaterThan(10 * (perBatchMs + perTextMs));
    expect(cached).toBeLessThan(slowed / 2);
  } finally {
    await slow.stop();
  }
});

test('BATCH_MAX_WAIT_MS lets a batch wait for more texts, and a full one goes at once', async () => {
  const patient = await launchReference('query-gateway', { env: { BATCH_MAX_WAIT_MS: '60000' } });
  try {
    const ask = (text: string): Promise<Response> =>
      fetch(`${patient.url}/v1/query-classify`, posted(JSON.stringify({ text })));
    let answered = 0;
    const most = Array.from({ length: 31 }, (_, i) => ask(`text ${i}`).then(() => answered++));
    const told = async (): Promise<string> => (await fetch(`${patient.url}/metrics`)).text();
    await expect.poll(told).toContain('query_gateway_queue_size 31');
    expect(answered).toBe(0);
    await Promise.all([...most, ask('the last text')]);
    expect(await told()).toContain('query_gateway_inference_batch_size_count 1\n');
  } finally {
    await patient.stop();
  }
});

test('a BATCH_MAX_WAIT_MS that is no number is refused', async () => {
  const launched = launchReference('query-gateway', { env: { BATCH_MAX_WAIT_MS: 'long' } });
  await expect(launched).rejects.toThrow(
    'BATCH_MAX_WAIT_MS="long": accepted is a whole number from 0 to 60000',
  );
});
