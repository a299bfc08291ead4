/** The API gateway as in scenarios.md: chat completions, whole and streamed, models, health. */
import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import {
  exactly,
  Refusal,
  strictService,
  type Routes,
  type SecondService,
} from './strict-service.ts';

const model = 'second-1';
const created = 1_767_225_600;
const words = ['A', ' load', ' test', ' is', ' an', ' experiment', '.'];

const chatRequest = z.strictObject({
  model: z.string(),
  messages: z
    .array(
      z.strictObject({
        role: z.enum(['system', 'user', 'assistant']),
        content: z.string().min(1),
      }),
    )
    .min(1),
  max_tokens: z.literal(150),
  temperature: z.literal(0.7),
  stream: z.boolean().optional(),
  stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
});

type ChatRequest = z.infer<typeof chatRequest>;

const routes: Routes = {
  'GET /health': () => [200, { status: 'ok' }],
  'GET /v1/models': () => [
    200,
    { object: 'list', data: [{ id: model, object: 'model', created, owned_by: 'second' }] },
  ],
  'POST /v1/chat/completions': ({ body, response }) => {
    const request = exactly(chatRequest, body);
    if (request.model !== model) throw new Refusal(404, `there is no model ${request.model}`);
    if (request.messages.at(-1)?.role !== 'user') throw new Refusal(422, 'the user speaks last');
    if (request.stream === true) {
      stream(request, response);
      return;
    }
    return [200, completion(request)];
  },
};

export function secondApiGateway(): Promise<SecondService> {
  return strictService(routes);
}

function usageOf({ messages }: ChatRequest): Record<string, number> {
  const promptTokens = messages.flatMap(({ content }) => content.split(/\s+/)).length;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: words.length,
    total_tokens: promptTokens + words.length,
  };
}

function completion(request: ChatRequest): unknown {
  const message = { role: 'assistant', content: words.join('') };
  return {
    id: 'chatcmpl-second',
    object: 'chat.completion',
    created,
    model,
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: usageOf(request),
  };
}

function stream(request: ChatRequest, response: ServerResponse): undefined {
  const event = (choices: readonly unknown[], more: object = {}): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-second', object: 'chat.completion.chunk', created, model, choices, ...more })}\n\n`;
  const delta = (part: object, finish: string | null = null): string =>
    event([{ index: 0, delta: part, finish_reason: finish }]);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(delta({ role: 'assistant', content: '' }));
  for (const content of words) response.write(delta({ content }));
  response.write(delta({}, 'stop'));
  if (request.stream_options?.include_usage === true) {
    response.write(event([], { usage: usageOf(request) }));
  }
  response.end('data: [DONE]\n\n');
}
