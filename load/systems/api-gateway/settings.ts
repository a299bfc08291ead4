/** Settings of an OpenAI-compatible gateway, and the prompts that they name. */
import { z } from 'zod';
import type { StreamEnd } from '../../clients/chat/judge-chat-stream.ts';
import { defined } from '../../platform/defined.ts';
import { withContext } from '../../platform/words.ts';
import { healthPath } from '../../settings/system-variables.ts';
import { readVariables, type Environment } from '../../settings/variables.ts';
import { fingerprintOf } from '../phrases.ts';
import { chatSentences, instructionSentences } from './chat-texts.ts';
import { promptSource, type Prompt, type PromptShape, type PromptSource } from './prompts.ts';

/** An empty text counts as not set. */
const nameOrNothing = z
  .string()
  .transform((text) => (text === '' ? undefined : text))
  .optional();

export const apiGatewaySettings = z.object({
  API_GATEWAY_MODEL: nameOrNothing.describe(
    'the model for chats; default: the first one that `/v1/models` lists',
  ),
  API_GATEWAY_PROMPTS: nameOrNothing.describe(
    'JSONL file with a `{"prompt": …}` or `{"messages": …}` on each line; `max_tokens` is optional',
  ),
  API_GATEWAY_STREAM_END: z
    .enum(['both', 'finish-reason', 'done'])
    .default('both')
    .describe(
      'how a complete stream ends: `both` (a `finish_reason` and `[DONE]`, default), or `finish-reason` ' +
        'or `done` if the gateway sends only one of them',
    ),
  API_GATEWAY_FIXED_LENGTH: z
    .enum(['ignore-eos', 'min-tokens', 'both'])
    .optional()
    .describe(
      'makes answers exactly `max_tokens` long. Name the parameter that the server knows: `ignore-eos`, ' +
        '`min-tokens` or `both`; by default neither is sent',
    ),
});

/** The prompts if API_GATEWAY_PROMPTS names no file: short questions with one of a few instructions. */
const chatPrompts: PromptShape = {
  inputTokens: { median: 60, sigma: 0.6, min: 5, max: 600 },
  outputTokens: { median: 150, sigma: 0, min: 1, max: 150 },
  sharedPrefix: { share: 0.5, tokens: 40 },
  nonce: true,
};

const temperature = 0.7;

export interface Gateway {
  /** Undefined: the first model that the gateway lists. */
  readonly model: string | undefined;
  readonly health: string | undefined;
  readonly prompts: PromptSource;
  readonly streamEnd: StreamEnd;
  readonly fixedLength: z.infer<typeof apiGatewaySettings>['API_GATEWAY_FIXED_LENGTH'];
}

/** The parameters that make its requests differ from those to another gateway. */
export function parametersOf({ model, fixedLength }: Gateway): Record<string, string> {
  const texts = fingerprintOf(chatSentences, instructionSentences);
  return defined({ model, 'fixed length': fixedLength, texts });
}

/** Throws if a setting or the file of prompts is wrong. */
export function gatewayIn(environment: Environment): Gateway {
  const given = readVariables(apiGatewaySettings, environment);
  const path = given.API_GATEWAY_PROMPTS;
  return {
    model: given.API_GATEWAY_MODEL,
    health: healthPath('api-gateway', '/health', environment),
    prompts: withContext(`API_GATEWAY_PROMPTS=${path ?? ''}`, () =>
      promptSource(path, chatPrompts),
    ),
    streamEnd: given.API_GATEWAY_STREAM_END,
    fixedLength: given.API_GATEWAY_FIXED_LENGTH,
  };
}

/** The body of a chat request. Streamed requests have further fields. */
export function chatBody(
  { fixedLength }: Gateway,
  model: string,
  { messages, maxTokens }: Prompt,
): Readonly<Record<string, unknown>> {
  // These fields are not part of the protocol; a server that does not know them may refuse the request.
  const ignoresEnd = fixedLength === 'ignore-eos' || fixedLength === 'both';
  const hasLeast = fixedLength === 'min-tokens' || fixedLength === 'both';
  return defined({
    model,
    messages,
    max_tokens: maxTokens,
    temperature,
    ignore_eos: ignoresEnd ? true : undefined,
    min_tokens: hasLeast ? maxTokens : undefined,
  });
}
