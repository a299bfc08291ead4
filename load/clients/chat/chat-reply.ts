/** The schema of a chat completion as JSON. Streams are judged in judge-chat-stream.ts. */
import { z } from 'zod';
import {
  answers,
  besideContent,
  bitsOf,
  thinks,
  unreadable,
  type Message,
} from './chat-content.ts';
import { endReason, isGivenUp } from './chat-end.ts';
import { readUsage } from './chat-usage.ts';
import { bitsOfText } from './think-tags.ts';
import { toldFailure } from '../http/judge-response.ts';
import { errorWords, saysSomething, toldError } from '../http/told-error.ts';

/** Values of `finish_reason` for an answer that reached the token limit. */
const atLimit = /length|max_?(output_)?tokens/i;

/** Whether a choice that has ended is an answer depends on these. */
interface EndedChoice {
  readonly hasAnswered: boolean;
  readonly hasReasoned: boolean;
  readonly finishReason: string | undefined;
}

/**
 * Why a choice is not an answer; `undefined` if it is one. Reasoning alone is accepted only if the token
 * limit ended it before the answer began.
 */
export function emptyAnswer(choice: EndedChoice): string | undefined {
  const { hasAnswered, hasReasoned, finishReason } = choice;
  if (hasAnswered || (hasReasoned && finishReason !== undefined && atLimit.test(finishReason))) {
    return undefined;
  }
  const why = hasReasoned ? ': it has only reasoning and no answer' : '';
  const end = finishReason === undefined ? '' : ` (finish_reason "${finishReason}")`;
  return `empty completion${why}${end}`;
}

const replyChoice = z.looseObject({
  message: z.looseObject({}).nullish(),
  // An empty reason, or the word "null", says nothing. The body is complete, so the answer has ended.
  finish_reason: z.unknown().optional().transform(endReason),
});

type ReplyChoice = z.output<typeof replyChoice>;

/**
 * A chat completion with an answer in it. A well-formed but empty one breaks the schema, and one that
 * reports an error counts as that error. A usage without counts is treated as missing.
 */
export const chatReply = z
  .looseObject({
    choices: z.array(replyChoice).min(1),
    usage: z.unknown().optional().transform(readUsage),
  })
  .superRefine((reply, context) => {
    const words = failureIn(reply);
    if (words !== undefined) context.addIssue(toldFailure(words));
    reply.choices.forEach((choice, i) => {
      const why = words === undefined ? noAnswerIn(choice) : undefined;
      if (why === undefined) return;
      context.addIssue({ code: 'custom', message: why, path: ['choices', i, 'message'] });
    });
  });

/** The models that a server lists, at least one. */
export const modelList = z.object({
  data: z.array(z.object({ id: z.string().min(1) })).min(1),
});

/** Whether a choice of a good reply has no answer, because the token limit came during its reasoning. */
export function onlyThought({ message }: ReplyChoice): boolean {
  return (bitsOfMessage(message ?? {}) & answers) === 0;
}

/** The server's message, if a reply or one of its choices reports an error or was given up. */
function failureIn(reply: { readonly choices: readonly ReplyChoice[] }): string | undefined {
  const error = toldError(reply) ?? reply.choices.map(errorOf).find((one) => one !== undefined);
  if (error !== undefined) return errorWords(error, JSON.stringify(error));
  const reasons = reply.choices.map(({ finish_reason }) => finish_reason);
  const givenUp = reasons.find((reason) => reason !== undefined && isGivenUp(reason));
  return givenUp === undefined ? undefined : `finish_reason "${givenUp}"`;
}

function errorOf({ error, message }: ReplyChoice): unknown {
  return [error, message?.['error']].find(
    (told) => told !== undefined && told !== null && saysSomething(told),
  );
}

function noAnswerIn({ message, finish_reason: finishReason }: ReplyChoice): string | undefined {
  const bits = bitsOfMessage(message ?? {});
  if ((bits & unreadable) !== 0) return 'content is neither text nor a list of blocks';
  const hasAnswered = (bits & answers) !== 0;
  return emptyAnswer({ hasAnswered, hasReasoned: (bits & thinks) !== 0, finishReason });
}

function bitsOfMessage(message: Message): number {
  const { content } = message;
  const isText = typeof content === 'string' && content !== '';
  return besideContent(message) | (isText ? bitsOfText(content) : bitsOf(content));
}
