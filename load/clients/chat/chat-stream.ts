/**
 * Folds the events of one streamed chat completion into what is measured of it. Times are those of the
 * events, on the run's clock; nothing here reads one.
 */
import { z } from 'zod';
import { parsedJson } from '../../platform/json-file.ts';
import { chatMessage, chatUsage, hasAnswer, hasReasoning, type ChatUsage } from './chat-reply.ts';

const chatChunk = z.object({
  object: z.string().nullish(),
  error: z.unknown().optional(),
  success: z.boolean().nullish(),
  choices: z
    .array(z.object({ delta: chatMessage.nullish(), finish_reason: z.string().nullish() }))
    .nullish(),
  usage: chatUsage.nullish(),
});

/** What one stream was; `undefined` where there is nothing to tell. */
export interface ChatStreamFigures {
  /** First chunk with content, reasoning or a tool call: a role alone, or nothing, is no token. */
  readonly firstTokenAtMs: number | undefined;
  /** First of these that is not reasoning. */
  readonly firstAnswerAtMs: number | undefined;
  readonly lastTokenAtMs: number | undefined;
  /** (last − first) / (n − 1), n = `streamedTokens`; undefined below 2 tokens. */
  readonly interTokenMs: number | undefined;
  /** Between the chunks with tokens, in order; 0 between two that came in one write. */
  readonly chunkGapsMs: readonly number[];
  /** Tokens that came over the wire: those of the usage without reasoning that was only counted. */
  readonly streamedTokens: number;
  /** All tokens that the server generated. */
  readonly outputTokens: number;
  /** `chunks`: there was no usage to go by, so a chunk counts as a token. */
  readonly countedBy: 'usage' | 'chunks';
  readonly usage: ChatUsage | undefined;
  readonly finishReason: string | undefined;
  readonly hasReasoned: boolean;
  /** `[DONE]` was seen. */
  readonly isDone: boolean;
  /** The server's own words, where an event was an error. */
  readonly error: string | undefined;
  /** An event whose data was no chunk of a completion, and why. */
  readonly malformed: string | undefined;
}

export class ChatStream {
  private firstTokenAtMs: number | undefined;
  private firstAnswerAtMs: number | undefined;
  /** Means something once there are chunks: a plain number, as each chunk sets it. */
  private lastTokenAtMs = 0;
  private readonly gapsMs: number[] = [];
  private chunks = 0;
  private usage: ChatUsage | undefined;
  private finishReason: string | undefined;
  private hasReasoned = false;
  private isDone = false;
  private error: string | undefined;
  private malformed: string | undefined;
  private readonly texts: string[] = [];

  /** The next event, as an `EventStream` gives it. */
  readonly event = (data: string, atMs: number, name: string | undefined): void => {
    if (name === 'error') this.error ??= data;
    else if (data.trim() === '[DONE]') this.isDone = true;
    else this.data(data, atMs);
  };

  figures(): ChatStreamFigures {
    const { firstTokenAtMs, firstAnswerAtMs, usage, finishReason, hasReasoned, chunks } = this;
    const { isDone, error, malformed } = this;
    const lastTokenAtMs = chunks === 0 ? undefined : this.lastTokenAtMs;
    const hidden = hasReasoned ? 0 : (usage?.completion_tokens_details?.reasoning_tokens ?? 0);
    const told = (usage?.completion_tokens ?? 0) - hidden;
    // A usage that counts nothing where something came is none.
    const isTold = usage !== undefined && (told > 0 || chunks === 0);
    const streamedTokens = isTold ? told : chunks;
    return {
      firstTokenAtMs,
      firstAnswerAtMs,
      lastTokenAtMs,
      interTokenMs:
        firstTokenAtMs === undefined || lastTokenAtMs === undefined || streamedTokens < 2
          ? undefined
          : (lastTokenAtMs - firstTokenAtMs) / (streamedTokens - 1),
      chunkGapsMs: this.gapsMs,
      streamedTokens,
      outputTokens: isTold ? usage.completion_tokens : chunks,
      countedBy: isTold ? 'usage' : 'chunks',
      usage,
      finishReason,
      hasReasoned,
      isDone,
      error,
      malformed,
    };
  }

  /** Chunks so far that carried content, reasoning or a tool call: a heartbeat, or a role alone, does not. */
  get tokenChunks(): number {
    return this.chunks;
  }

  /** The answer's text so far, without its reasoning. */
  get text(): string {
    return this.texts.join('');
  }

  private data(data: string, atMs: number): void {
    const parsed = chatChunk.safeParse(parsedJson(data));
    if (!parsed.success) {
      this.malformed ??= `no chunk of a completion: ${data}`;
      return;
    }
    const { choices, usage } = parsed.data;
    if (isError(parsed.data)) this.error ??= data;
    // With a usage in every chunk (some servers can) the last one is the whole.
    this.usage = usage ?? this.usage;
    let answers = false;
    let reasons = false;
    for (const { delta, finish_reason } of choices ?? []) {
      this.finishReason = finish_reason ?? this.finishReason;
      if (delta === undefined || delta === null) continue;
      answers ||= hasAnswer(delta);
      reasons ||= hasReasoning(delta);
      if (typeof delta.content === 'string') this.texts.push(delta.content);
    }
    this.hasReasoned ||= reasons;
    if (answers || reasons) this.token(atMs, answers);
  }

  private token(atMs: number, isAnswer: boolean): void {
    this.chunks += 1;
    if (this.chunks === 1) this.firstTokenAtMs = atMs;
    else this.gapsMs.push(atMs - this.lastTokenAtMs);
    this.lastTokenAtMs = atMs;
    if (isAnswer) this.firstAnswerAtMs ??= atMs;
  }
}

/** Servers say it in different words. */
function isError({ error, object, success }: z.infer<typeof chatChunk>): boolean {
  return (error !== undefined && error !== null) || object === 'error' || success === false;
}
