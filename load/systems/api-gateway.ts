/** What one user of an OpenAI-compatible gateway does: chats, and now and then looks at models and health. */
import { chatReply, modelList } from '../clients/chat-reply.ts';
import { between } from '../think-time.ts';
import { defineUser } from '../user/define-user.ts';
import { promptSource, tokenBucket, type PromptShape } from './prompts.ts';

/** What is asked where API_GATEWAY_PROMPTS names no file: short questions, under one of a few instructions. */
export const chatPrompts: PromptShape = {
  inputTokens: { median: 60, sigma: 0.6, min: 5, max: 600 },
  outputTokens: { median: 150, sigma: 0, min: 1, max: 150 },
  sharedPrefix: { share: 0.5, tokens: 40 },
  nonce: true,
};

const temperature = 0.7;
const prompts = promptSource(process.env['API_GATEWAY_PROMPTS'], chatPrompts);

export const apiGatewayUser = defineUser({
  system: 'api-gateway',
  health: '/health',
  thinkTime: between('2s', '5s'),
  http: {
    headers: ({ target }): Record<string, string> =>
      target.key === undefined ? {} : { authorization: `Bearer ${target.key}` },
  },
  ...(prompts.data === undefined ? {} : { data: prompts.data }),
  /** The model is API_GATEWAY_MODEL, or the first one that the gateway lists. */
  async onStart({ http }) {
    const chosen = process.env['API_GATEWAY_MODEL'];
    if (chosen !== undefined && chosen !== '') return { model: chosen };
    const { body } = await http.get('/v1/models', { expect: modelList });
    return { model: body.data[0]!.id };
  },
  tasks: {
    'chat completion': {
      weight: 7,
      deadline: '15s',
      toleratesDegraded: true,
      async run({ http, state, random, data, user }) {
        const { messages, inputTokens, maxTokens } = prompts.next({ random, data, user });
        await http.post('/v1/chat/completions', {
          json: { model: state.model, messages, max_tokens: maxTokens, temperature },
          labels: { promptTokens: tokenBucket(inputTokens) },
          expect: chatReply,
        });
      },
    },
    'list models': {
      weight: 2,
      deadline: '10s',
      toleratesDegraded: true,
      async run({ http }) {
        await http.get('/v1/models', { expect: modelList });
      },
    },
    'health check': {
      weight: 1,
      deadline: '10s',
      toleratesDegraded: true,
      async run({ http }) {
        await http.get('/health');
      },
    },
  },
});
