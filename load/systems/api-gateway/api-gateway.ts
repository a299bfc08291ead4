/** The users of an OpenAI-compatible gateway: they chat, and sometimes request models and health. */
import { chatReply, modelList, onlyThought } from '../../clients/chat/chat-reply.ts';
import { judgePage } from '../../clients/http/judge-response.ts';
import { inferenceServer } from '../../monitor/inference-server.ts';
import { defined } from '../../platform/defined.ts';
import type { Environment } from '../../settings/variables.ts';
import { between } from '../../workload/think-time.ts';
import { streamChat, type StreamedChat } from '../../clients/chat/streamed-chat.ts';
import type { Http } from '../../clients/http/http.ts';
import { defineUser, type TaskContext } from '../../user/define-user.ts';
import { gatewayMetrics } from './metrics.ts';
import { chatBody, gatewayIn, parametersOf, type Gateway } from './settings.ts';
import { bearerKey } from '../bearer-key.ts';
import { healthTasks } from '../health-tasks.ts';
import {
  countTokens,
  tokenBucket,
  type ChatMessage,
  type Prompt,
  type PromptRow,
} from './prompts.ts';

const chatPath = '/v1/chat/completions';

const turns = { min: 3, max: 6 };
const pauseMs = { min: 2000, max: 5000 };

interface State {
  readonly model: string;
}
type Context = TaskContext<State, PromptRow, keyof typeof gatewayMetrics>;

const chatTask = { weight: 7, toleratesDegraded: true } as const;

function smallTasks({ health }: Gateway) {
  const common = { deadline: '10s', toleratesDegraded: true } as const;
  return {
    'list models': {
      ...common,
      weight: 2,
      async run({ http }: Context) {
        await http.get('/v1/models', { expect: modelList });
      },
    },
    ...healthTasks(health, (path) => ({
      'health check': {
        ...common,
        weight: 1,
        async run({ http }: Context) {
          await http.get(path, { judge: judgePage });
        },
      },
    })),
  } as const;
}

/** The three kinds of users, for a gateway with these settings. */
export function apiGatewayUsers(environment: Environment) {
  const gateway = gatewayIn(environment);
  return {
    apiGatewayUser: wholeUser(gateway),
    streamingUser: streamedUser(gateway),
    conversationUser: talkingUser(gateway),
  };
}

function commonOf(gateway: Gateway) {
  const { model, health, prompts } = gateway;
  const { data } = prompts;
  return {
    parameters: parametersOf(gateway),
    system: 'api-gateway',
    health,
    thinkTime: between('2s', '5s'),
    monitor: inferenceServer('/metrics'),
    http: { headers: bearerKey },
    ...defined({ data }),
    metrics: gatewayMetrics,
    async onStart({ http }: { readonly http: Http }): Promise<State> {
      if (model !== undefined) return { model };
      const { body } = await http.get('/v1/models', { expect: modelList });
      return { model: body.data[0]!.id };
    },
  } as const;
}

/** A user whose chats are answered in one piece. */
function wholeUser(gateway: Gateway) {
  return defineUser({
    ...commonOf(gateway),
    tasks: {
      'chat completion': {
        ...chatTask,
        deadline: '15s',
        async run(context) {
          const { http, state, record } = context;
          const prompt = gateway.prompts.next(context);
          const { body } = await http.post(chatPath, {
            json: chatBody(gateway, state.model, prompt),
            labels: { promptTokens: tokenBucket(prompt.inputTokens) },
            expect: chatReply,
          });
          if (body.usage === undefined) record('unreadUsages', 1);
          else record('outputTokens', body.usage.completion_tokens);
          if (body.choices.every(onlyThought)) record('onlyThought', 1);
        },
      },
      ...smallTasks(gateway),
    },
  });
}

/** The same user with streamed chats. */
function streamedUser(gateway: Gateway) {
  return defineUser({
    ...commonOf(gateway),
    tasks: {
      'chat completion': {
        ...chatTask,
        deadline: '30s',
        async run(context) {
          const prompt = gateway.prompts.next(context);
          const labels = { promptTokens: tokenBucket(prompt.inputTokens) };
          await streamed(gateway, context, prompt, labels);
        },
      },
      ...smallTasks(gateway),
    },
  });
}

/** A user whose iteration is a conversation: each turn sends everything that was said before. */
function talkingUser(gateway: Gateway) {
  return defineUser({
    ...commonOf(gateway),
    tasks: {
      conversation: {
        deadline: '30s',
        toleratesDegraded: true,
        async run(context) {
          const { random, wait, label } = context;
          const count = turns.min + Math.floor(random() * (turns.max - turns.min + 1));
          const history: ChatMessage[] = [];
          for (let turn = 1; turn <= count; turn++) {
            if (turn > 1) await wait(pauseMs.min + (pauseMs.max - pauseMs.min) * random());
            const prompt = gateway.prompts.next(context);
            // The instruction of the first turn applies to the whole conversation.
            const said = prompt.messages.filter(({ role }) => turn === 1 || role !== 'system');
            history.push(...said);
            // The server must process the whole conversation, not only this turn.
            const inputTokens = countTokens(history);
            const whole = { ...prompt, messages: [...history], inputTokens };
            const labels = { promptTokens: tokenBucket(inputTokens) };
            label('turn', turn);
            const { text } = await streamed(gateway, context, whole, labels);
            history.push({ role: 'assistant', content: text });
          }
        },
      },
    },
  });
}

async function streamed(
  gateway: Gateway,
  { http, state, record }: Context,
  prompt: Prompt,
  labels: Readonly<Record<string, string>> = {},
): Promise<StreamedChat> {
  const chat = await streamChat(http, {
    path: chatPath,
    body: chatBody(gateway, state.model, prompt),
    ends: gateway.streamEnd,
    options: { labels },
  });
  record('outputTokens', chat.outputTokens);
  if (chat.countedBy === 'chunks') record('countedChunks', 1);
  if (chat.firstAnswerAtMs === undefined) record('onlyThought', 1);
  return chat;
}

export const { apiGatewayUser, streamingUser, conversationUser } = apiGatewayUsers(process.env);
