import { expect, test } from '@playwright/test';
import type { Http, RequestOptions } from '../../../../load/clients/http/http.ts';
import { conversationUser } from '../../../../load/systems/api-gateway/api-gateway.ts';
import {
  countTokens,
  tokenBucket,
  type ChatMessage,
} from '../../../../load/systems/api-gateway/prompts.ts';

test('each turn is labelled by all that is sent with it, and by its number', async () => {
  const sent: { readonly messages: ChatMessage[]; readonly bucket: unknown }[] = [];
  const labels: unknown[] = [];
  const chat = { text: 'word '.repeat(100), outputTokens: 100, countedBy: 'usage' };
  const http = {
    jsonSentTo: (_: string, json: unknown) => json,
    post: (_: string, { json, labels: own }: RequestOptions<unknown>) => {
      const { messages } = json as { readonly messages: ChatMessage[] };
      sent.push({ messages, bucket: own?.['promptTokens'] });
      return Promise.resolve({ body: chat });
    },
  };
  await conversationUser.tasks.conversation.run({
    http: http as unknown as Http,
    state: { model: 'small' },
    user: { number: 1, uniqueId: 'run-1' },
    target: { url: '' },
    data: { next: () => ({ prompt: 'hello' }) },
    random: () => 0.5,
    wait: () => Promise.resolve(),
    label: (name, value) => labels.push([name, value]),
    record: () => undefined,
    measure: (_, send) => send(),
    fail: (reason) => {
      throw new Error(reason);
    },
  });
  expect(sent.length).toBeGreaterThan(2);
  expect(sent.map(({ bucket }) => bucket)).toEqual(
    sent.map(({ messages }) => tokenBucket(countTokens(messages))),
  );
  expect(countTokens(sent.at(-1)!.messages)).toBeGreaterThan(200);
  expect(new Set(sent.map(({ bucket }) => bucket)).size).toBeGreaterThan(1);
  expect(labels).toEqual(sent.map((_, i) => ['turn', i + 1]));
});
