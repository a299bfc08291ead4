/**
 * Plain requests to the reference gateway with fetch and a parser, without code of load/, so that the two
 * can disagree.
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser';

export const model = 'reference-chat-8b';

export interface ChatOptions {
  readonly stream?: unknown;
  readonly headers?: Record<string, string>;
  readonly [field: string]: unknown;
}

export function chat(url: string, { headers = {}, ...body }: ChatOptions = {}): Promise<Response> {
  const messages = [{ role: 'user', content: 'How much is two and two?' }];
  const usage = body.stream === true ? { stream_options: { include_usage: true } } : {};
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, messages, max_tokens: 8, ...usage, ...body }),
  });
}

export interface Delta {
  readonly role?: string;
  readonly content?: string | null;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly { readonly function: { readonly arguments: string } }[];
}

export interface Chunk {
  readonly id: string;
  /** Absent beside an error. */
  readonly choices?: readonly { readonly delta: Delta; readonly finish_reason: string | null }[];
  readonly usage?: Usage | null;
  readonly error?: { readonly message: string };
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number };
  readonly completion_tokens_details: { readonly reasoning_tokens: number };
}

export interface Streamed {
  /** Bodies of the reads, in order. */
  readonly reads: readonly string[];
  readonly text: string;
  readonly events: readonly EventSourceMessage[];
  /** All events but [DONE], parsed. */
  readonly chunks: readonly Chunk[];
  readonly content: string;
  readonly reasoning: string;
  readonly usage: Usage | undefined;
  readonly finishReasons: readonly string[];
}

export async function streamed(response: Response): Promise<Streamed> {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  const decoder = new TextDecoder();
  const reads: string[] = [];
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    reads.push(Buffer.from(bytes).toString('latin1'));
    parser.feed(decoder.decode(bytes, { stream: true }));
  }
  const chunks = events
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data) as Chunk);
  const choices = chunks.flatMap((chunk) => chunk.choices ?? []);
  return {
    reads,
    text: Buffer.from(reads.join(''), 'latin1').toString(),
    events,
    chunks,
    content: choices.map(({ delta }) => delta.content ?? '').join(''),
    reasoning: choices.map(({ delta }) => delta.reasoning_content ?? '').join(''),
    usage: chunks.find((chunk) => chunk.usage)?.usage ?? undefined,
    finishReasons: choices.flatMap(({ finish_reason }) => finish_reason ?? []),
  };
}
