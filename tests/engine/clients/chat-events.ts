/** Events of chat streams, each with its time of arrival. */
import { ChatStream, type ChatStreamFigures } from '../../../load/clients/chat/chat-stream.ts';
import type { StreamEnd } from '../../../load/clients/chat/judge-chat-stream.ts';
import { EventStream } from '../../../load/clients/http/event-stream.ts';

export type TimedText = readonly [atMs: number, text: string];

const event = (atMs: number, body: unknown): TimedText => [
  atMs,
  `data: ${JSON.stringify(body)}\n\n`,
];

export const delta = (atMs: number, message: object): TimedText =>
  event(atMs, { choices: [{ index: 0, delta: message, finish_reason: null }], usage: null });
export const role = (atMs: number): TimedText => delta(atMs, { role: 'assistant', content: '' });
export const content = (atMs: number, text = 'word'): TimedText => delta(atMs, { content: text });
export const reasoning = (atMs: number): TimedText => delta(atMs, { reasoning_content: 'hm' });
export const toolCall = (atMs: number): TimedText =>
  delta(atMs, { tool_calls: [{ index: 0, function: { arguments: '{' } }] });
export const finish = (atMs: number, reason = 'stop'): TimedText =>
  event(atMs, { choices: [{ index: 0, delta: {}, finish_reason: reason }] });
/** A piece of one of several choices. */
export const choice = (
  atMs: number,
  index: number,
  message: object,
  reason: string | null = null,
): TimedText => event(atMs, { choices: [{ index, delta: message, finish_reason: reason }] });
export const whole = (atMs: number, message: object): TimedText =>
  event(atMs, { object: 'chat.completion', choices: [{ message, finish_reason: 'stop' }] });
export const oddUsage = (atMs: number, odd: unknown): TimedText =>
  event(atMs, { choices: [], usage: odd });
export const usage = (atMs: number, tokens: number, reasoningTokens?: number): TimedText =>
  event(atMs, {
    choices: [],
    usage: {
      completion_tokens: tokens,
      completion_tokens_details:
        reasoningTokens === undefined ? null : { reasoning_tokens: reasoningTokens },
    },
  });
export const error = (atMs: number): TimedText => event(atMs, { error: { message: 'no memory' } });
export const done = (atMs: number): TimedText => [atMs, 'data: [DONE]\n\n'];

export interface FoldedChat {
  readonly figures: ChatStreamFigures;
  /** Text that came outside of events. */
  readonly inPlace: string;
  readonly text: string;
}

/** Events with the same time come in one write; the body ends after the last. */
export function folded(events: readonly TimedText[], ends?: StreamEnd, wanted = 1): FoldedChat {
  const chat = new ChatStream(ends, wanted);
  const stream = new EventStream(chat.event, chat.line);
  const writes = new Map<number, string>();
  for (const [atMs, text] of events) writes.set(atMs, (writes.get(atMs) ?? '') + text);
  for (const [atMs, text] of writes) stream.chunk(Buffer.from(text), atMs);
  stream.end(chat.cutEvent);
  return { figures: chat.figures(), inPlace: chat.inPlace, text: chat.text };
}

export function figuresOf(events: readonly TimedText[]): ChatStreamFigures {
  return folded(events).figures;
}
