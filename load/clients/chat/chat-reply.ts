/** What a chat completion must look like to be one, as JSON; streams are judged in judge-chat-stream.ts. */
import { z } from 'zod';

const tokenCount = z.number().int().min(0);

/** Tokens as the server counts them. Optional: not every server tells. */
export const chatUsage = z.object({
  prompt_tokens: tokenCount.nullish(),
  completion_tokens: tokenCount,
  completion_tokens_details: z.object({ reasoning_tokens: tokenCount.nullish() }).nullish(),
});

export type ChatUsage = z.infer<typeof chatUsage>;

/** What a message, or a piece of one, may carry. Servers differ in how they name their reasoning. */
export const chatMessage = z.object({
  content: z.union([z.string(), z.array(z.unknown())]).nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(z.unknown()).nullish(),
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
});

export type ChatMessage = z.infer<typeof chatMessage>;

/** Text, a refusal or a call of a tool: what the user was waiting for. */
export function hasAnswer({ content, refusal, tool_calls }: ChatMessage): boolean {
  return isFilled(content) || isFilled(refusal) || isFilled(tool_calls);
}

export function hasReasoning({ reasoning_content, reasoning }: ChatMessage): boolean {
  return isFilled(reasoning_content) || isFilled(reasoning);
}

/** Reasoning alone is an answer only where the limit on tokens ended it before the answer began. */
export function isEmptyAnswer(
  answered: boolean,
  reasoned: boolean,
  finishReason: string | null | undefined,
): boolean {
  return !answered && !(reasoned && finishReason === 'length');
}

/** A chat completion with an answer in it: a well-formed but empty one breaks the schema. */
export const chatReply = z.object({
  choices: z
    .array(
      z
        .object({ message: chatMessage, finish_reason: z.string().nullish() })
        .refine(
          ({ message, finish_reason }) =>
            !isEmptyAnswer(hasAnswer(message), hasReasoning(message), finish_reason),
          { message: 'empty completion', path: ['message'] },
        ),
    )
    .min(1),
  usage: chatUsage.nullish(),
});

/** The models that a server lists; at least one. */
export const modelList = z.object({
  data: z.array(z.object({ id: z.string().min(1) })).min(1),
});

function isFilled(value: string | readonly unknown[] | null | undefined): boolean {
  return value !== undefined && value !== null && value.length > 0;
}
