/** The reference gateway keeps OpenAI's contract: real process, real sockets. */
import { expect, test } from '@playwright/test';
import { launchReference, type ReferenceService } from '../../fixtures/reference/launch.ts';
import { chat, model, streamed } from './api-gateway-client.ts';
import { defined } from '../../load/platform/defined.ts';

let service: ReferenceService;
test.beforeAll(async () => {
  service = await launchReference('api-gateway');
});
test.afterAll(() => service.stop());

interface Completion {
  choices: { message: { content: string }; finish_reason: string }[];
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

const completion = async (body: Record<string, unknown>): Promise<Completion> =>
  (await (await chat(service.url, body)).json()) as Completion;

const words = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

test('answers health and lists its models', async () => {
  const health = await fetch(`${service.url}/health`);
  expect(await health.json()).toMatchObject({ status: 'healthy', running: 0, waiting: 0 });
  const list = await fetch(`${service.url}/v1/models`);
  expect(await list.json()).toMatchObject({
    object: 'list',
    data: [{ id: model, object: 'model' }, { id: 'reference-chat-70b' }],
  });
});

test('a completion has its text, its reason to end and its usage, counted in words', async () => {
  const { choices, usage } = await completion({
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: [{ type: 'text', text: 'Say three  words,\nplease.' }] },
    ],
  });
  expect(choices).toHaveLength(1);
  expect(words(choices[0]!.message.content)).toBe(usage.completion_tokens);
  expect(usage).toMatchObject({ prompt_tokens: 6, completion_tokens: 8, total_tokens: 14 });
  expect(choices[0]!.finish_reason).toBe('length');
});

const limits = [
  [{ max_tokens: 1 }, 1, 'length'],
  [{ max_tokens: 3000, ignore_eos: true }, 3000, 'length'],
  [{ max_tokens: 900, max_completion_tokens: 5 }, 5, 'length'],
  [{ max_tokens: 2000, min_tokens: 1900 }, 1900, 'stop'],
] as const;
test('answers respect the limits of their request', async () => {
  const fast = await launchReference('api-gateway', { env: { REFERENCE_SLOWDOWN: '0.05' } });
  try {
    for (const [limit, tokens, reason] of limits) {
      const { choices, usage } = (await (await chat(fast.url, limit)).json()) as Completion;
      expect([limit, usage.completion_tokens]).toEqual([limit, tokens]);
      expect([limit, choices[0]!.finish_reason]).toEqual([limit, reason]);
    }
  } finally {
    await fast.stop();
  }
});

test('lengths of answers vary, and the seed fixes what the n-th completion says', async () => {
  const said = async (seed: string): Promise<string[]> => {
    const env = { REFERENCE_SEED: seed, REFERENCE_SLOWDOWN: '0.05' };
    const fresh = await launchReference('api-gateway', { env });
    const texts: string[] = [];
    for (let i = 0; i < 5; i++) {
      const reply = (await (await chat(fresh.url, { max_tokens: 4000 })).json()) as Completion;
      texts.push(reply.choices[0]!.message.content);
    }
    await fresh.stop();
    return texts;
  };
  const first = await said('1');
  expect(new Set(first.map(words)).size).toBeGreaterThan(1);
  expect(await said('1')).toEqual(first);
  expect(await said('2')).not.toEqual(first);
});

test('a stream says the same as its parts: role, tokens, reason, usage, [DONE]', async () => {
  const response = await chat(service.url, { stream: true });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const { chunks, events, content, usage, finishReasons } = await streamed(response);
  expect(chunks[0]!.choices![0]!.delta).toEqual({ role: 'assistant', content: '' });
  expect(words(content)).toBe(8);
  expect(usage).toMatchObject({ prompt_tokens: 6, completion_tokens: 8 });
  expect(finishReasons).toEqual(['length']);
  expect(chunks.at(-1)!.choices).toEqual([]);
  expect(events.at(-1)!.data).toBe('[DONE]');
  // Role, 8 tokens, reason, usage, [DONE].
  expect(events).toHaveLength(12);
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
});

test('usage is streamed only where it is asked for', async () => {
  const { usage, chunks } = await streamed(
    await chat(service.url, { stream: true, stream_options: undefined }),
  );
  expect(usage).toBeUndefined();
  expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
});

test('a prompt seen before comes from the prefix cache, where that is on', async () => {
  const content = Array.from({ length: 40 }, (_, i) => `word${i}`).join(' ');
  const cached = async (url: string): Promise<number[]> => {
    const counts: number[] = [];
    for (let i = 0; i < 2; i++) {
      const messages = [{ role: 'user', content }];
      const { usage } = await streamed(await chat(url, { stream: true, messages }));
      counts.push(usage!.prompt_tokens_details.cached_tokens);
    }
    return counts;
  };
  expect(await cached(service.url)).toEqual([0, 32]);
  const without = await launchReference('api-gateway', {
    env: { API_GATEWAY_REFERENCE_PREFIX_CACHE: '0' },
  });
  expect(await cached(without.url)).toEqual([0, 0]);
  await without.stop();
});

test('a client that leaves frees its place', async () => {
  const controller = new AbortController();
  const response = await fetch(`${service.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    signal: controller.signal,
    body: JSON.stringify({
      model,
      stream: true,
      max_tokens: 100_000,
      ignore_eos: true,
      messages: [{ role: 'user', content: 'Count.' }],
    }),
  });
  const health = async (): Promise<unknown> => (await fetch(`${service.url}/health`)).json();
  expect(response.status).toBe(200);
  expect(await health()).toMatchObject({ running: 1 });
  controller.abort();
  await expect.poll(health).toMatchObject({ running: 0, waiting: 0 });
});

const refused = [
  [{ model: 'gpt-9' }, 404, 'model'],
  [{ messages: [] }, 400, 'messages'],
  [{ max_tokens: 0 }, 400, 'max_tokens'],
  [{ temperature: 3 }, 400, 'temperature'],
  [{ min_tokens: 9 }, 400, 'min_tokens'],
  [{ stream: 'yes' }, 400, 'stream'],
  [{ max_tokens: '8' }, 400, 'max_tokens'],
  [{ messages: [{ role: 'visitor', content: 'Hi.' }] }, 400, 'role'],
  [{ messages: [{ role: 'user', content: 5 }] }, 400, 'content'],
  [{ maxTokens: 8 }, 400, 'maxTokens'],
] as const;
for (const [body, status, field] of refused) {
  test(`refuses ${JSON.stringify(body)} and names ${field}`, async () => {
    const response = await chat(service.url, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      error: { message: expect.stringContaining(field), code: status },
    });
  });
}

test('unknown paths are 404, other methods 405 with the one allowed', async () => {
  expect((await fetch(`${service.url}/v1/embeddings`)).status).toBe(404);
  const response = await fetch(`${service.url}/v1/chat/completions`);
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
});

test('a key is demanded where one is set, but for health', async () => {
  const keyed = await launchReference('api-gateway', {
    env: { API_GATEWAY_REFERENCE_KEY: 'secret' },
  });
  const status = async (authorization?: string): Promise<number> =>
    (await chat(keyed.url, { headers: defined({ authorization }) })).status;
  expect(await status()).toBe(401);
  expect(await status('Bearer wrong')).toBe(401);
  expect(await status('Bearer secret')).toBe(200);
  expect((await fetch(`${keyed.url}/v1/models`)).status).toBe(401);
  expect((await fetch(`${keyed.url}/health`)).status).toBe(200);
  await keyed.stop();
});
