/** How an OpenAI-compatible gateway is to be asked: its settings, and the prompts that they name. */
import type { StreamEnd } from '../../clients/chat/judge-chat-stream.ts';
import { defined } from '../../platform/defined.ts';
import type { Settings } from '../../settings/settings.ts';
import { healthPath } from '../health-path.ts';
import { promptSource, type Prompt, type PromptShape, type PromptSource } from './prompts.ts';

/** What is asked where API_GATEWAY_PROMPTS names no file: short questions, under one of a few instructions. */
const chatPrompts: PromptShape = {
  inputTokens: { median: 60, sigma: 0.6, min: 5, max: 600 },
  outputTokens: { median: 150, sigma: 0, min: 1, max: 150 },
  sharedPrefix: { share: 0.5, tokens: 40 },
  nonce: true,
};

const temperature = 0.7;

export interface Gateway {
  /** Undefined: the first one that the gateway lists. */
  readonly model: string | undefined;
  readonly health: string | undefined;
  readonly prompts: PromptSource;
  readonly streamEnd: StreamEnd;
  readonly fixedLength: Settings['API_GATEWAY_FIXED_LENGTH'];
}

/** What makes its requests others than another gateway's. */
export function parametersOf({ model, fixedLength }: Gateway): Record<string, string> {
  return defined({ model, 'fixed length': fixedLength });
}

/** Throws where the file of prompts is wrong. */
export function gatewayIn(given: Settings): Gateway {
  return {
    model: given.API_GATEWAY_MODEL,
    health: healthPath(given.API_GATEWAY_HEALTH, '/health'),
    prompts: promptsIn(given.API_GATEWAY_PROMPTS),
    streamEnd: given.API_GATEWAY_STREAM_END,
    fixedLength: given.API_GATEWAY_FIXED_LENGTH,
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

/** A request for a chat; a stream has more added. */
export function chatBody(
  { fixedLength }: Gateway,
  model: string,
  { messages, maxTokens }: Prompt,
): Readonly<Record<string, unknown>> {
  // No part of the protocol: a server that does not know them may refuse the request.
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
