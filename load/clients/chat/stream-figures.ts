/** What is measured of one streamed completion, from what was folded of its events. */
import { isGivenUp } from './chat-end.ts';
import { emptyAnswer } from './chat-reply.ts';
import type { ChatUsage } from './chat-usage.ts';
import type { ChoiceStream } from './choice-stream.ts';

/** What one stream was; `undefined` where there is nothing to tell. */
export interface ChatStreamFigures {
  /** First chunk with content, reasoning or a tool call: a role alone, or nothing, is no token. */
  readonly firstTokenAtMs: number | undefined;
  /** First of these that is not reasoning. */
  readonly firstAnswerAtMs: number | undefined;
  readonly lastTokenAtMs: number | undefined;
  /**
   * (last − first) / (n − 1), n = `streamedTokens`; undefined below 2 tokens. Where there are several
   * choices, the sum of their spans over the sum of their n − 1.
   */
  readonly interTokenMs: number | undefined;
  /** Between the chunks with tokens of one choice, as they came; 0 between two that came in one write. */
  readonly chunkGapsMs: readonly number[];
  /** Tokens that came over the wire: those of the usage without reasoning that was only counted. */
  readonly streamedTokens: number;
  /** All tokens that the server generated. */
  readonly outputTokens: number;
  /** `chunks`: there was no usage to go by, so a chunk counts as a token. */
  readonly countedBy: 'usage' | 'chunks';
  readonly usage: ChatUsage | undefined;
  /** Where there are several choices: the word of one that was given up, or of the first that ended. */
  readonly finishReason: string | undefined;
  readonly hasReasoned: boolean;
  /** How many choices began, how many have a finish_reason, and why one of them is no answer. */
  readonly choices: {
    readonly begun: number;
    readonly ended: number;
    readonly empty: string | undefined;
  };
  /** `[DONE]` was seen. */
  readonly isDone: boolean;
  /** The server's own words, where it told of an error or gave a choice up. */
  readonly error: string | undefined;
  /** An event whose data was no chunk of a completion, and why. */
  readonly malformed: string | undefined;
  /**
   * How many events under names of their own were passed over, and the first of these names; the last
   * data under no name that spoke of no choices.
   */
  readonly passedOver: { readonly events: number; readonly name: string; readonly last: string };
}

/** What a stream has told so far. */
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
  // A usage that counts nothing where something came is none.
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

/** Why one of the choices is no answer; a stream without choices has none either. */
function emptyIn(choices: readonly ChoiceStream[]): string | undefined {
  const nobody = { hasAnswered: false, hasReasoned: false, finishReason: undefined };
  const all = choices.length === 0 ? [nobody] : choices;
  return all.map(emptyAnswer).find((why) => why !== undefined);
}

/** The tokens that came over the wire, as the server counts them. */
function toldTokens(usage: ChatUsage | undefined, hasReasoned: boolean): number | undefined {
  if (usage === undefined) return undefined;
  const hidden = hasReasoned ? 0 : (usage.completion_tokens_details?.reasoning_tokens ?? 0);
  return usage.completion_tokens - hidden;
}
