/** Streams of the reference gateway as measured by the suite's client, each with the server's id for it. */
import type { Http } from '../../load/clients/http/http.ts';
import { streamChat, type StreamedChat } from '../../load/clients/chat/streamed-chat.ts';
import { TestLoad } from '../contracts/client-harness.ts';

export interface MeasuredStream extends StreamedChat {
  /** The completion's id, for finding it in the server's log. */
  readonly id: string;
  /** The first token's time, on the wall clock. */
  readonly firstTokenAtEpochMs: number;
}

export interface StreamsWanted {
  /** The number of simultaneous slots. */
  readonly slots: number;
  /** How many streams each slot runs in sequence. The first one is a warm-up and is not returned. */
  readonly each: number;
  readonly tokens: number;
  /** The slots begin one after another over this time. */
  readonly spreadMs: number;
}

/** Bodies of the requests, the same as those of the bare reader. */
export function chatBody(tokens: number): Readonly<Record<string, unknown>> {
  const messages = [{ role: 'user', content: 'How much is two and two?' }];
  return { model: 'reference-chat-8b', messages, max_tokens: tokens, ignore_eos: true };
}

export async function measureStreams(
  url: string,
  { slots, each, tokens, spreadMs }: StreamsWanted,
): Promise<MeasuredStream[]> {
  const load = new TestLoad({ url, deadlineMs: 60_000 });
  // Offset between the load's clock and that of the server's log.
  const epochMs = performance.timeOrigin + performance.now() - load.clock.now();
  const slot = async (number: number): Promise<MeasuredStream[]> => {
    await load.clock.until(load.clock.now() + (number * spreadMs) / slots);
    const { http } = load.newUser();
    const measured: MeasuredStream[] = [];
    for (let i = 0; i < each; i++) measured.push(await oneStream(http, tokens, epochMs));
    return measured.slice(1);
  };
  try {
    return (await Promise.all(Array.from({ length: slots }, (_, i) => slot(i)))).flat();
  } finally {
    load.close();
  }
}

async function oneStream(http: Http, tokens: number, epochMs: number): Promise<MeasuredStream> {
  let id: string | undefined;
  // The real client, wrapped to read the id of the completion.
  const overheard = {
    jsonSentTo: (path: string, json: unknown) => http.jsonSentTo(path, json),
    post: (path: string, options: Parameters<Http['post']>[1]) =>
      http.post(path, {
        ...options,
        onChunk: (bytes, atMs) => {
          id ??= /"id":"(chatcmpl-\d+)"/.exec(Buffer.from(bytes).toString('latin1'))?.[1];
          return options?.onChunk?.(bytes, atMs);
        },
      }),
  } as Http;
  const chat = await streamChat(overheard, {
    path: '/v1/chat/completions',
    body: chatBody(tokens),
  });
  if (id === undefined) throw new Error('a stream without an id');
  return { ...chat, id, firstTokenAtEpochMs: epochMs + chat.firstTokenAtMs };
}
