/** The figures of one streamed completion, computed from its folded events. */
import { isGivenUp } from './chat-end.ts';
import { emptyAnswer } from './chat-reply.ts';
import type { ChatUsage } from './chat-usage.ts';
import type { ChoiceStream } from './choice-stream.ts';

/** The figures of one stream; `undefined` for those that could not be measured. */
export interface ChatStreamFigures {
  /**
   * Time of the first chunk with content, reasoning or a tool call. A chunk with only a role or nothing
   * is no token.
   */
  readonly firstTokenAtMs: number | undefined;
  /** Time of the first of these chunks that is not reasoning. */
  readonly firstAnswerAtMs: number | undefined;
  readonly lastTokenAtMs: number | undefined;
  /**
   * (last − first) / (n − 1), n = `streamedTokens`; undefined below 2 tokens. With several choices, the
   * sum of their spans over the sum of their n − 1.
   */
  readonly interTokenMs: number | undefined;
  /** Gaps between the chunks with tokens of one choice; 0 between two chunks of one write. */
  readonly chunkGapsMs: readonly number[];
  /** Tokens that were streamed: those of the usage, minus reasoning tokens that were counted but not sent. */
  readonly streamedTokens: number;
  /** All tokens that the server generated. */
  readonly outputTokens: number;
  /** `chunks`: there was no usage, so each chunk counts as a token. */
  readonly countedBy: 'usage' | 'chunks';
  readonly usage: ChatUsage | undefined;
  /** With several choices: the finish_reason of one that was given up, or else of the first that ended. */
  readonly finishReason: string | undefined;
  readonly hasReasoned: boolean;
  /** How many choices began, how many have a finish_reason, and why one of them is not an answer. */
  readonly choices: {
    readonly begun: number;
    readonly ended: number;
    readonly empty: string | undefined;
  };
  /** `[DONE]` was seen. */
  readonly isDone: boolean;
  /** The server's error message, if it reported an error or gave a choice up. */
  readonly error: string | undefined;
  /** An event whose data was not a chunk of a completion, and why. */
  readonly malformed: string | undefined;
  /**
   * How many events with their own names were passed over, and the first of these names. Also the last
   * unnamed data without choices.
   */
  readonly passedOver: { readonly events: number; readonly name: string; readonly last: string };
}

/** The chunks that have arrived so far are folded into these. */
export interface FoldedStream {
  readonly choices: readonly (ChoiceStream | undefined)[];
  readonly firstAnswerAtMs: number | undefined;
  readonly gapsMs: readonly number[];
  readonly tokenChunks: number;
  readonly usage: ChatUsage | undefined;
}

/** The figures of its tokens. */
export function tokenFigures({
  choices: all,
  firstAnswerAtMs,
  gapsMs,
  tokenChunks,
  usage,
}: FoldedStream) {
  const choices = all.filter((choice) => choice !== undefined);
  const spoke = choices.filter(({ tokens }) => tokens > 0);
  const hasReasoned = choices.some((choice) => choice.hasReasoned);
  const reasons = choices.flatMap(({ finishReason }) => finishReason ?? []);
  const told = toldTokens(usage, hasReasoned);
  // A usage that counts no tokens although tokens came is treated as missing.
  const isTold = told !== undefined && (told > 0 || tokenChunks === 0);
  const streamedTokens = isTold ? told : tokenChunks;
  const spansMs = spoke.reduce((sum, { firstAtMs, lastAtMs }) => sum + lastAtMs - firstAtMs, 0);
  const spaces = streamedTokens - spoke.length;
  const isSilent = spoke.length === 0;
  return {
    firstTokenAtMs: isSilent ? undefined : Math.min(...spoke.map(({ firstAtMs }) => firstAtMs)),
    firstAnswerAtMs,
    lastTokenAtMs: isSilent ? undefined : Math.max(...spoke.map(({ lastAtMs }) => lastAtMs)),
    interTokenMs: isSilent || spaces < 1 ? undefined : spansMs / spaces,
    chunkGapsMs: gapsMs,
    streamedTokens,
    outputTokens: isTold && usage !== undefined ? usage.completion_tokens : tokenChunks,
    countedBy: isTold ? ('usage' as const) : ('chunks' as const),
    usage,
    finishReason: reasons.find(isGivenUp) ?? reasons[0],
    hasReasoned,
    choices: {
      begun: choices.length,
      ended: reasons.length,
      empty: emptyIn(choices),
    },
  };
}

/** Why one of the choices is not an answer. A stream without choices has no answer either. */
function emptyIn(choices: readonly ChoiceStream[]): string | undefined {
  const nobody = { hasAnswered: false, hasReasoned: false, finishReason: undefined };
  const all = choices.length === 0 ? [nobody] : choices;
  return all.map(emptyAnswer).find((why) => why !== undefined);
}

/** The streamed tokens, as the server counts them. */
function toldTokens(usage: ChatUsage | undefined, hasReasoned: boolean): number | undefined {
  if (usage === undefined) return undefined;
  const hidden = hasReasoned ? 0 : (usage.completion_tokens_details?.reasoning_tokens ?? 0);
  return usage.completion_tokens - hidden;
}
