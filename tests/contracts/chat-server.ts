/** Scripted chat servers, called with the suite's own client, and the result of one chat. */
import type { ServerResponse } from 'node:http';
import { chatReply } from '../../load/clients/chat/chat-reply.ts';
import type { StreamEnd } from '../../load/clients/chat/judge-chat-stream.ts';
import type { HttpDefaults } from '../../load/clients/http/http.ts';
import { streamChat, type StreamedChat } from '../../load/clients/chat/streamed-chat.ts';
import { RequestNotOk } from '../../load/clients/scope.ts';
import type { Sample } from '../../load/metrics/record/sample.ts';
import { defined } from '../../load/platform/defined.ts';
import { httpServer, readByClient, TestLoad, verdict, type TestServer } from './client-harness.ts';

const frame = { id: 'chatcmpl-7', object: 'chat.completion.chunk', created: 1, model: 'm' };
const path = '/v1/chat/completions';

/** One event of unnamed data. */
export function event(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** A chunk of one choice. */
export function piece(delta: object, finish_reason: unknown = null, more: object = {}): string {
  const { index = 0, ...beside } = more as { index?: number };
  return event({ ...frame, choices: [{ index, delta, finish_reason, ...beside }] });
}

export function usageEvent(usage: unknown): string {
  return event({ ...frame, choices: [], usage });
}

export const done = 'data: [DONE]\n\n';
export const usage = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };

/** A whole completion, as JSON. */
export function completion(message: object, finish_reason: unknown = 'stop', more: object = {}) {
  const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }];
  return { ...frame, object: 'chat.completion', choices, ...more };
}

export type Answering = (response: ServerResponse) => void;

/** The result of one chat. */
export interface AskedChat {
  readonly verdict: string;
  readonly detail: string;
  readonly sample: Sample;
  /** Undefined if the stream did not end ok. */
  readonly chat: StreamedChat | undefined;
}

export interface Asking {
  readonly ends?: StreamEnd | undefined;
  readonly deadlineMs?: number | undefined;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** A chat server with a user of it. */
export async function chatServer(
  answer: Answering,
  defaults: HttpDefaults = {},
): Promise<{
  readonly server: TestServer;
  readonly load: TestLoad;
  readonly streamed: (asking?: Asking) => Promise<AskedChat>;
  readonly whole: () => Promise<AskedChat>;
  readonly close: () => Promise<void>;
}> {
  const server = await httpServer((_, response) => {
    answer(response);
  });
  const load = new TestLoad({ url: server.url, http: defaults });
  const { http } = load.newUser();
  const asked = (chat: StreamedChat | undefined): AskedChat => {
    const sample = load.last;
    return { verdict: verdict(sample), detail: sample.errorDetail, sample, chat };
  };
  const settled = async (request: Promise<StreamedChat | undefined>): Promise<AskedChat> => {
    try {
      return asked(await request);
    } catch (error) {
      if (!(error instanceof RequestNotOk)) throw error;
      return asked(undefined);
    }
  };
  return {
    server,
    load,
    streamed: ({ ends, deadlineMs: deadline, body = {} } = {}) =>
      settled(streamChat(http, defined({ path, body, ends, options: defined({ deadline }) }))),
    whole: () => settled(http.post(path, { json: {}, expect: chatReply }).then(() => undefined)),
    close: async () => {
      load.close();
      await server.close();
    },
  };
}

/** One chat with a new server. */
export async function askOnce(
  answer: Answering,
  how: 'streamed' | 'whole',
  asking: Asking = {},
): Promise<AskedChat> {
  const { streamed, whole, load, close } = await chatServer(answer);
  try {
    const asked = how === 'streamed' ? await streamed(asking) : await whole();
    if (load.lost !== 0) throw new Error('a sample was lost');
    return asked;
  } finally {
    await close();
  }
}

/** Answers with the text as a body of that type, and ends properly. */
export function says(text: string, type = 'text/event-stream'): Answering {
  return (response) => {
    response.writeHead(200, { 'content-type': type }).end(text);
  };
}

/** Answers with the text, then breaks the connection off. */
export function breaksOff(text: string, type = 'text/event-stream'): Answering {
  return (response) => {
    response.writeHead(200, { 'content-type': type, 'content-length': '100000' });
    response.write(text);
    void readByClient(response.socket!).then(() => response.destroy());
  };
}
