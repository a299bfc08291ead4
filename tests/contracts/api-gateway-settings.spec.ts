/** A team's settings for its gateway, from the setting to the sent request and the judgement of its answer. */
import { expect } from '@playwright/test';
import { httpClients } from '../../load/clients/http/http-clients.ts';
import { preflight } from '../../load/run/preflight.ts';
import { apiGatewayUsers } from '../../load/systems/api-gateway/api-gateway.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { testOf } from '../reference/launched.ts';
import { httpServer, json } from './client-harness.ts';
import { defined } from '../../load/platform/defined.ts';

const test = testOf('api-gateway');

type Users = ReturnType<typeof apiGatewayUsers>;

/** One chat of that user with these settings. */
async function chat(
  url: string,
  kind: keyof Users,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const users = apiGatewayUsers(environment);
  const user = users[kind] as unknown as UserDefinition;
  const { 'chat completion': task } = user.tasks;
  await preflight({
    user: { ...user, tasks: { 'chat completion': task! } },
    target: { url },
    newClients: httpClients({ allowedHosts: [] }),
    runId: 'run',
    seed: 1,
  });
}

const named = { API_GATEWAY_MODEL: 'reference-chat-8b' };
const [finish, done] = ['finish_reason', '[DONE]'];
for (const [faults, missingFor] of [
  ['comments', {}],
  ['missing-done', { both: done, done }],
  ['no-finish-reason', { both: finish, 'finish-reason': finish }],
  ['cut-short', { both: `${finish} and ${done}`, 'finish-reason': finish, done }],
] as const) {
  test(`${faults}: a whole stream only where the gateway is declared so`, async ({ launch }) => {
    const env = { REFERENCE_SLOWDOWN: 'chat completion:0.05', REFERENCE_FAULTS: faults };
    const { url } = await launch(env);
    for (const end of ['both', 'finish-reason', 'done'] as const) {
      const sent = chat(url, 'streamingUser', { ...named, API_GATEWAY_STREAM_END: end });
      const missing = (missingFor as Partial<Record<string, string>>)[end];
      if (missing === undefined) await expect(sent, end).resolves.toBeUndefined();
      else await expect(sent, end).rejects.toThrow(endsWith(`stream ended without ${missing}`));
    }
  });
}

function endsWith(text: string): RegExp {
  return new RegExp(`${text.replaceAll(/[[\]]/g, '\\$&')}$`);
}

const answer = { choices: [{ message: { content: 'Hello.' }, finish_reason: 'stop' }] };

async function asked(environment: Readonly<Record<string, string>>) {
  const server = await httpServer(({ request }, response) => {
    json(response, request.url === '/v1/models' ? { data: [{ id: 'listed' }] } : answer);
  });
  try {
    await chat(server.url, 'apiGatewayUser', environment);
    return server.seen.map(({ request, body }) => ({ path: request.url, body: body.toString() }));
  } finally {
    await server.close();
  }
}

test('the model is the one that is named, and nothing is listed then', async () => {
  const seen = await asked({ API_GATEWAY_MODEL: 'named' });
  expect(seen.map(({ path }) => path)).toEqual(['/v1/chat/completions']);
  expect(JSON.parse(seen[0]!.body)).toMatchObject({ model: 'named' });
});

test('without a name it is the first that the gateway lists', async () => {
  const seen = await asked({ API_GATEWAY_MODEL: '' });
  expect(seen.map(({ path }) => path)).toEqual(['/v1/models', '/v1/chat/completions']);
  expect(JSON.parse(seen[1]!.body)).toMatchObject({ model: 'listed' });
});

for (const [fixed, sent] of [
  [undefined, {}],
  ['ignore-eos', { ignore_eos: true }],
  ['min-tokens', { min_tokens: 150 }],
  ['both', { ignore_eos: true, min_tokens: 150 }],
] as const) {
  const environment = defined({ API_GATEWAY_FIXED_LENGTH: fixed });
  test(`fixed length by ${fixed ?? 'nothing'}: that is sent, and nothing else`, async () => {
    const seen = await asked({ ...named, ...environment });
    const body = JSON.parse(seen[0]!.body) as Readonly<Record<string, unknown>>;
    expect(body).toEqual({
      model: named.API_GATEWAY_MODEL,
      temperature: 0.7,
      max_tokens: 150,
      messages: body['messages'],
      ...sent,
    });
  });
}

test('a file of prompts that is not there is told by the name of its setting', () => {
  const environment = { API_GATEWAY_PROMPTS: '/no/such/file.jsonl' };
  expect(() => apiGatewayUsers(environment)).toThrow(
    'API_GATEWAY_PROMPTS=/no/such/file.jsonl: dataset /no/such/file.jsonl: no such file',
  );
});

test('a file of prompts that is set to nothing is not set', () => {
  expect(() => apiGatewayUsers({ API_GATEWAY_PROMPTS: '' })).not.toThrow();
});
