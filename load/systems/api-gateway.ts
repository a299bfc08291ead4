/** What one user of an OpenAI-compatible gateway does: chats, and now and then looks at models and health. */
import { chatReply, modelList } from '../clients/chat-reply.ts';
import { judgePage } from '../clients/judge-page.ts';
import type { StreamEnd } from '../clients/judge-chat-stream.ts';
import { settings, type Settings } from '../settings.ts';
import { between } from '../think-time.ts';
import { streamChat, type StreamedChat } from '../clients/streamed-chat.ts';
import type { Http } from '../clients/http.ts';
import { defineUser, type TargetInfo, type TaskContext } from '../user/define-user.ts';
import { healthPath, healthTasks } from './health-path.ts';
import {
  promptSource,
  tokenBucket,
  type ChatMessage,
  type Prompt,
  type PromptRow,
  type PromptShape,
  type PromptSource,
} from './prompts.ts';

const chatPath = '/v1/chat/completions';

/** What is asked where API_GATEWAY_PROMPTS names no file: short questions, under one of a few instructions. */
export const chatPrompts: PromptShape = {
  inputTokens: { median: 60, sigma: 0.6, min: 5, max: 600 },
  outputTokens: { median: 150, sigma: 0, min: 1, max: 150 },
  sharedPrefix: { share: 0.5, tokens: 40 },
  nonce: true,
};

const temperature = 0.7;
/** What a stream must meet to count as good throughput. */
const goodTtftMs = 1000;
const goodInterTokenMs = 100;
const turns = { min: 3, max: 6 };
const pauseMs = { min: 2000, max: 5000 };

interface State {
  readonly model: string;
}

/** What the settings say of a gateway. */
interface Gateway {
  /** Undefined: the first one that the gateway lists. */
  readonly model: string | undefined;
  readonly health: string | undefined;
  readonly prompts: PromptSource;
  readonly streamEnd: StreamEnd;
}

type Context = TaskContext<State, PromptRow, 'goodput' | 'outputTokens' | 'countedChunks'>;

const chatTask = { weight: 7, toleratesDegraded: true } as const;

function smallTasks({ health }: Gateway) {
  return {
    'list models': {
      weight: 2,
      deadline: '10s',
      toleratesDegraded: true,
      async run({ http }: Context) {
        await http.get('/v1/models', { expect: modelList });
      },
    },
    ...healthTasks(health, (path) => ({
      'health check': {
        weight: 1,
        deadline: '10s',
        toleratesDegraded: true,
        async run({ http }: Context) {
          await http.get(path, { judge: judgePage });
        },
      },
    })),
  } as const;
}

/** The three kinds of users, for a gateway as the settings describe it. */
export function apiGatewayUsers(given: Settings) {
  const gateway: Gateway = {
    model: given.API_GATEWAY_MODEL,
    health: healthPath(given.API_GATEWAY_HEALTH, '/health'),
    prompts: promptsIn(given.API_GATEWAY_PROMPTS),
    streamEnd: given.API_GATEWAY_STREAM_END,
  };
  return {
    apiGatewayUser: wholeUser(gateway),
    streamingUser: streamedUser(gateway),
    conversationUser: talkingUser(gateway),
  };
}

function promptsIn(path: string | undefined): PromptSource {
  try {
    return promptSource(path, chatPrompts);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`API_GATEWAY_PROMPTS=${path ?? ''}: ${message}`, { cause: error });
  }
}

function commonOf({ model, health, prompts: { data } }: Gateway) {
  return {
    system: 'api-gateway',
    health,
    thinkTime: between('2s', '5s'),
    http: {
      headers: ({ target }: { readonly target: TargetInfo }): Record<string, string> =>
        target.key === undefined ? {} : { authorization: `Bearer ${target.key}` },
    },
    ...(data === undefined ? {} : { data }),
    metrics: {
      goodput: { kind: 'rate' },
      outputTokens: { kind: 'counter', unit: 'tokens' },
      /** Streams without a usage: their tokens are counted chunks. */
      countedChunks: { kind: 'counter', unit: 'streams' },
    },
    async onStart({ http }: { readonly http: Http }): Promise<State> {
      if (model !== undefined) return { model };
      const { body } = await http.get('/v1/models', { expect: modelList });
      return { model: body.data[0]!.id };
    },
  } as const;
}

/** Chats that are answered in one piece. */
function wholeUser(gateway: Gateway) {
  return defineUser({
    ...commonOf(gateway),
    tasks: {
      'chat completion': {
        ...chatTask,
        deadline: '15s',
        async run({ http, state, random, data, user, record }) {
          const prompt = gateway.prompts.next({ random, data, user });
          const { body } = await http.post(chatPath, {
            json: chatBody(state, prompt),
            labels: { promptTokens: tokenBucket(prompt.inputTokens) },
            expect: chatReply,
          });
          record('outputTokens', body.usage?.completion_tokens ?? 0);
        },
      },
      ...smallTasks(gateway),
    },
  });
}

/** The same, with every chat streamed. */
function streamedUser(gateway: Gateway) {
  return defineUser({
    ...commonOf(gateway),
    tasks: {
      'chat completion': {
        ...chatTask,
        deadline: '30s',
        async run(context) {
          const { random, data, user } = context;
          const prompt = gateway.prompts.next({ random, data, user });
          const labels = { promptTokens: tokenBucket(prompt.inputTokens) };
          await streamed(gateway, context, prompt, labels);
        },
      },
      ...smallTasks(gateway),
    },
  });
}

/** An iteration is a conversation: each turn is sent with all that was said before it. */
function talkingUser(gateway: Gateway) {
  return defineUser({
    ...commonOf(gateway),
    tasks: {
      conversation: {
        deadline: '30s',
        toleratesDegraded: true,
        async run(context) {
          const { random, data, user, wait } = context;
          const count = turns.min + Math.floor(random() * (turns.max - turns.min + 1));
          const history: ChatMessage[] = [];
          for (let turn = 1; turn <= count; turn++) {
            if (turn > 1) await wait(pauseMs.min + (pauseMs.max - pauseMs.min) * random());
            const prompt = gateway.prompts.next({ random, data, user });
            // The instruction of the first turn stands for the whole conversation.
            const said = prompt.messages.filter(({ role }) => turn === 1 || role !== 'system');
            history.push(...said);
            const whole = { ...prompt, messages: [...history] };
            const { text } = await streamed(gateway, context, whole, { turn: String(turn) });
            history.push({ role: 'assistant', content: text });
          }
        },
      },
    },
  });
}

async function streamed(
  { streamEnd }: Gateway,
  { http, state, record }: Context,
  prompt: Prompt,
  labels: Readonly<Record<string, string>>,
): Promise<StreamedChat> {
  const chat = await streamChat(http, {
    path: chatPath,
    body: chatBody(state, prompt),
    ends: streamEnd,
    options: { labels },
  });
  const isGood = chat.ttftMs < goodTtftMs && (chat.interTokenMs ?? 0) < goodInterTokenMs;
  record('goodput', isGood ? 1 : 0);
  record('outputTokens', chat.outputTokens);
  if (chat.countedBy === 'chunks') record('countedChunks', 1);
  return chat;
}

function chatBody({ model }: State, { messages, maxTokens }: Prompt) {
  return { model, messages, max_tokens: maxTokens, temperature };
}

export const { apiGatewayUser, streamingUser, conversationUser } = apiGatewayUsers(settings());
