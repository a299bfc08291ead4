/** Sends a chat completion as a stream and measures it: time to first token, between tokens, its end. */
import { ChatStream, type ChatStreamFigures } from './chat-stream.ts';
import { EventStream } from './event-stream.ts';
import type { Answer, Http, Judgement, RequestOptions } from './http.ts';
import { judgeChatStream, type StreamEnd } from './judge-chat-stream.ts';

export interface ChatRequest {
  readonly path: string;
  /** Sent as JSON, with `stream` and a wish for usage added. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What a complete stream of this target ends with. Default: finish_reason and [DONE]. */
  readonly ends?: StreamEnd;
  readonly options?: Pick<RequestOptions<unknown>, 'name' | 'headers' | 'labels' | 'deadline'>;
}

export interface StreamedChat extends ChatStreamFigures {
  /** From the hand-over to the socket to the first token, and to the first that is no reasoning. */
  readonly ttftMs: number;
  readonly ttfaMs: number;
  /** Of the answer, for the next turn of a conversation. */
  readonly text: string;
}

/** Resolves with what the stream was; rejects with `RequestNotOk` where it did not end as it should. */
export async function streamChat(http: Http, request: ChatRequest): Promise<StreamedChat> {
  const { path, body, ends, options = {} } = request;
  const stream = new ChatStream();
  const events = new EventStream(stream.event);
  const reply = await http.post<StreamedChat>(path, {
    ...options,
    json: { ...body, stream: true, stream_options: { include_usage: true } },
    onChunk: events.chunk,
    judge: (answer) => (answer.status === 200 ? judged(answer, stream, ends) : undefined),
  });
  return reply.body;
}

function judged(
  answer: Answer,
  stream: ChatStream,
  ends: StreamEnd | undefined,
): Judgement<StreamedChat> {
  const figures = stream.figures();
  const judgement = judgeChatStream(figures, answer.header('content-type'), ends);
  if (judgement.outcome !== 'ok') return judgement;
  const chat: StreamedChat = {
    ...figures,
    ttftMs: figures.firstTokenAtMs - answer.startedAtMs,
    ttfaMs: figures.firstAnswerAtMs - answer.startedAtMs,
    text: stream.text,
  };
  measure(answer, chat);
  return { outcome: 'ok', body: chat };
}

function measure(answer: Answer, chat: StreamedChat): void {
  answer.add('ttft', chat.ttftMs);
  answer.add('ttftResponse', chat.firstTokenAtMs - answer.scheduledAtMs);
  // Reasoning alone, cut off by the limit on tokens, has no answer.
  if (!Number.isNaN(chat.ttfaMs)) answer.add('ttfa', chat.ttfaMs);
  if (chat.interTokenMs !== undefined) answer.add('interToken', chat.interTokenMs);
  for (const gapMs of chat.chunkGapsMs) answer.add('chunkGap', gapMs);
}
