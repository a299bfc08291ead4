/**
 * Chat completions. This file sends one as a stream and measures time to first token, time between tokens
 * and the end. Start reading here; chat-stream.ts folds the events, judge-chat-stream.ts judges the
 * stream.
 */
import { ChatStream, type ChatStreamFigures } from './chat-stream.ts';
import { EventStream } from '../http/event-stream.ts';
import type { Answer, Http, Judgement, RequestOptions } from '../http/http.ts';
import { fieldOf } from '../../platform/json-file.ts';
import { judgeChatStream, type StreamEnd } from './judge-chat-stream.ts';

/**
 * A chat completion to be streamed.
 *
 * @example
 * const request: ChatRequest = {
 *   path: '/v1/chat/completions',
 *   body: { model: 'small', messages: [{ role: 'user', content: 'Hello' }] },
 *   options: { name: 'hello', labels: { model: 'small' } },
 * };
 * await streamChat(http, request);
 */
export interface ChatRequest {
  readonly path: string;
  /** Sent as JSON, with `stream` added and usage requested. */
  readonly body: Readonly<Record<string, unknown>>;
  /** A complete stream of this target ends with this. Default: finish_reason and [DONE]. */
  readonly ends?: StreamEnd;
  readonly options?: Pick<RequestOptions<unknown>, 'name' | 'headers' | 'labels' | 'deadline'>;
}

/**
 * A complete stream; times in ms.
 *
 * @example
 * const { ttftMs, text }: StreamedChat = await streamChat(http, request);
 * if (text === '') fail(`a first token after ${ttftMs} ms, and no text`);
 */
export interface StreamedChat extends ChatStreamFigures {
  readonly firstTokenAtMs: number;
  /** Time to first token, from the hand-over to the socket. */
  readonly ttftMs: number;
  /** Time to the first token that is not reasoning. Undefined if the token limit came before it. */
  readonly ttfaMs: number | undefined;
  /** The answer's text, for use in the next turn of a conversation. */
  readonly text: string;
}

/**
 * Resolves with the figures and the text of the stream. Rejects with `RequestNotOk` if it did not end as
 * it should.
 * @example
 * export const chatUser = defineUser({
 *   system: 'assistant',
 *   http: { headers: ({ target }) => ({ authorization: `Bearer ${target.key}` }) },
 *   tasks: {
 *     chat: {
 *       run: async ({ http }) => {
 *         const messages = [{ role: 'user', content: 'Hello' }];
 *         await streamChat(http, { path: '/v1/chat/completions', body: { model: 'small', messages } });
 *       },
 *     },
 *   },
 * });
 */
export async function streamChat(http: Http, request: ChatRequest): Promise<StreamedChat> {
  const { path, body, ends, options = {} } = request;
  const json = { ...body, stream: true, stream_options: { include_usage: true } };
  const wanted = fieldOf(http.jsonSentTo(path, json), 'n');
  const stream = new ChatStream(ends, typeof wanted === 'number' ? wanted : 1);
  const events = new EventStream(stream.event, stream.line);
  const ended = (): ChatStreamFigures => {
    events.end(stream.cutEvent);
    return stream.figures();
  };
  const reply = await http.post<StreamedChat>(path, {
    ...options,
    json,
    onChunk: (bytes, atMs) => {
      const before = stream.tokenChunks;
      events.chunk(bytes, atMs);
      if (stream.isOver) return 'whole';
      return stream.hasEnded ? 'ended' : stream.tokenChunks > before;
    },
    // Any 2xx may carry a stream; the stream itself is judged.
    judge: (answer) => (answer.status < 300 ? judged(answer, stream, ended(), ends) : undefined),
    onBroken: (answer) => {
      measureFirstToken(answer, ended());
    },
  });
  return reply.body;
}

function judged(
  answer: Answer,
  stream: ChatStream,
  figures: ChatStreamFigures,
  ends: StreamEnd | undefined,
): Judgement<StreamedChat> {
  const contentType = answer.header('content-type');
  const judgement = judgeChatStream(figures, contentType, ends, stream.inPlace);
  measureFirstToken(answer, figures);
  const { firstTokenAtMs, firstAnswerAtMs } = figures;
  // A stream that is ok has a token, since one without breaks the rule against empty completions.
  if (judgement.outcome !== 'ok' || firstTokenAtMs === undefined) return judgement;
  const chat: StreamedChat = {
    ...figures,
    firstTokenAtMs,
    ttftMs: firstTokenAtMs - answer.startedAtMs,
    ttfaMs: firstAnswerAtMs === undefined ? undefined : firstAnswerAtMs - answer.startedAtMs,
    text: stream.text,
  };
  // Reasoning alone, cut off by the token limit, has no answer token.
  if (chat.ttfaMs !== undefined) answer.add('ttfa', chat.ttfaMs);
  if (chat.interTokenMs !== undefined) answer.add('interToken', chat.interTokenMs);
  answer.addAll('chunkGap', chat.chunkGapsMs);
  answer.countTokens(chat.streamedTokens);
  return { outcome: 'ok', body: chat };
}

/**
 * Also called for a stream that ended badly. Its request keeps the value, and percentiles count it as not
 * ok.
 */
function measureFirstToken(answer: Answer, { firstTokenAtMs }: ChatStreamFigures): void {
  if (firstTokenAtMs === undefined) return;
  answer.add('ttft', firstTokenAtMs - answer.startedAtMs);
  answer.add('ttftResponse', firstTokenAtMs - answer.scheduledAtMs);
}
