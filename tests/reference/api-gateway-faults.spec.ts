/** Every switch of the reference gateway has the stated effect on the wire. */
import { expect } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { launchReference } from '../../fixtures/reference/launch.ts';
import { chat, streamed, type Streamed } from './api-gateway-client.ts';
import { testOf, type Open } from './launched.ts';

const test = testOf('api-gateway');

async function streamUnder(launch: Open, faults: string): Promise<Streamed> {
  const { url } = await launch({ REFERENCE_FAULTS: faults });
  const response = await chat(url, { stream: true });
  expect(response.status).toBe(200);
  return streamed(response);
}

const statuses = [
  ['throttle', 429],
  ['unavailable', 503],
  ['unauthorized', 401],
] as const;
test('a status takes the place of every answer under /v1, health stays well', async ({
  launch,
}) => {
  for (const [faults, status] of statuses) {
    const { url } = await launch({ REFERENCE_FAULTS: faults });
    expect((await chat(url)).status).toBe(status);
    const models = await fetch(`${url}/v1/models`);
    expect(models.status).toBe(status);
    expect(models.headers.get('retry-after')).toBe(status === 429 ? '1' : null);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  }
});

test('after spares the first requests under /v1', async ({ launch }) => {
  const { url } = await launch({ REFERENCE_FAULTS: 'unavailable,after:2' });
  const statusOf = async (): Promise<number> => (await fetch(`${url}/v1/models`)).status;
  await fetch(`${url}/health`);
  expect([await statusOf(), await statusOf(), await statusOf()]).toEqual([200, 200, 503]);
});

test('html, success-false and cut-short come with 200', async ({ launch }) => {
  const html = await launch({ REFERENCE_FAULTS: 'html' });
  expect((await chat(html.url)).headers.get('content-type')).toContain('text/html');
  const broken = await launch({ REFERENCE_FAULTS: 'success-false' });
  expect(await (await chat(broken.url)).json()).toMatchObject({ success: false });
  const cut = await launch({ REFERENCE_FAULTS: 'cut-short' });
  const text = await (await chat(cut.url)).text();
  expect(text).toContain('chatcmpl-1');
  expect(() => JSON.parse(text) as unknown).toThrow();
});

test('hang-after-headers sends headers and nothing more', async ({ launch }) => {
  const { url } = await launch({ REFERENCE_FAULTS: 'hang-after-headers' });
  const good = await launch();
  for (const stream of [true, false]) {
    const hung = (await chat(url, { stream })).body!.getReader();
    const first = hung.read().then(
      () => 'a byte',
      () => 'cancelled',
    );
    // After a healthy gateway's whole answer, the hung one still has not sent a byte.
    await (await chat(good.url, { stream })).text();
    expect(await Promise.race([first, Promise.resolve('nothing')])).toBe('nothing');
    await hung.cancel();
  }
});

test('endless-body goes on after the answer', async ({ launch }) => {
  const { url } = await launch({ REFERENCE_FAULTS: 'endless-body' });
  for (const [stream, tail] of [
    [true, '\n: keep-alive\n\n: keep-alive\n\n'],
    [false, '}  '],
  ] as const) {
    let text = '';
    const reader = (await chat(url, { stream })).body!.getReader();
    // A busy reader gets several writes at once, or half of one.
    while (!text.includes(tail)) text += Buffer.from((await reader.read()).value).toString();
    expect(text).toContain('usage');
    expect(text).not.toContain('[DONE]');
    await reader.cancel();
  }
});

test('completions that are none', async ({ launch }) => {
  const empty = await streamUnder(launch, 'empty-completion');
  expect([empty.content, empty.finishReasons]).toEqual(['', ['stop']]);
  expect(empty.usage!.completion_tokens).toBe(0);

  const error = await streamUnder(launch, 'error-mid-stream');
  expect(error.chunks.at(-1)!.error!.message).toContain('memory');
  expect(error.events.at(-1)!.data).toBe('[DONE]');
  // Half of the 8 tokens came before.
  expect(error.content.split(' ')).toHaveLength(4);

  const named = await streamUnder(launch, 'error-event');
  expect(named.events.at(-1)!.event).toBe('error');
  expect(named.text).not.toContain('[DONE]');

  const cut = await streamUnder(launch, 'cut-short');
  expect(cut.content.split(' ')).toHaveLength(4);
  expect([cut.finishReasons, cut.text.includes('[DONE]')]).toEqual([[], false]);

  const undone = await streamUnder(launch, 'missing-done');
  expect([undone.finishReasons, undone.text.includes('[DONE]')]).toEqual([['length'], false]);

  const unreasoned = await streamUnder(launch, 'no-finish-reason');
  expect([unreasoned.finishReasons, unreasoned.text.includes('[DONE]')]).toEqual([[], true]);
});

test('shapes of a stream change no word of it', async ({ launch }) => {
  const plain = await streamUnder(launch, 'no-usage');
  expect(plain.usage).toBeUndefined();
  const shaped = async (faults: string): Promise<Streamed> => {
    const result = await streamUnder(launch, faults);
    expect(result.content).toBe(plain.content);
    return result;
  };
  const withRole = await shaped('role-with-content');
  expect(withRole.chunks[0]!.choices![0]!.delta.role).toBe('assistant');
  expect(withRole.chunks[0]!.choices![0]!.delta.content).not.toBe('');
  // Role, 8 tokens in 3 chunks, reason, usage, [DONE].
  expect((await shaped('tokens-per-chunk:3')).events).toHaveLength(7);
  expect((await shaped('crlf')).text).toContain('\r\n\r\n');
  expect((await shaped('comments')).text).toMatch(/^: waiting\n\n: keep-alive\n\ndata: /);
  const pairs = (await shaped('events-per-write:2')).reads;
  expect(pairs.every((read) => read.split('data: ').length >= 3)).toBe(true);
  // A busy machine may read separate writes as one.
  const beginsInside = (read: string): boolean => (read.charCodeAt(0) & 0xc0) === 0x80;
  await expect
    .poll(async () => (await shaped('split-utf8')).reads.some(beginsInside), { timeout: 60_000 })
    .toBe(true);
});

test('reasoning is streamed before the answer, or only counted', async ({ launch }) => {
  const shown = await streamUnder(launch, 'reasoning:3');
  expect(shown.reasoning.split(' ')).toHaveLength(3);
  expect(shown.content.split(' ')).toHaveLength(5);
  expect(shown.usage).toMatchObject({
    completion_tokens: 8,
    completion_tokens_details: { reasoning_tokens: 3 },
  });
  const hidden = await streamUnder(launch, 'reasoning-hidden:3');
  expect(hidden.reasoning).toBe('');
  expect(hidden.content.split(' ')).toHaveLength(5);
  expect(hidden.usage).toEqual(shown.usage);
});

test('tool-call streams the arguments of a call in pieces', async ({ launch }) => {
  const { chunks, content } = await streamUnder(launch, 'tool-call');
  const pieces = chunks.flatMap(({ choices }) => choices?.[0]?.delta.tool_calls ?? []);
  const text = pieces.map((piece) => piece.function.arguments).join('');
  expect(content).toBe('');
  expect(pieces).toHaveLength(8);
  expect(JSON.parse(text)).toEqual({ text: expect.stringMatching(/\S/) });
});

interface SentLine {
  readonly id: string;
  readonly kind: string;
  readonly chunk?: number;
  readonly tokens?: number;
  readonly atEpochMs: number;
}

test('the log of sent chunks tells every event of every stream, in order', async ({}, testInfo) => {
  for (const faults of ['tokens-per-chunk:3', 'tokens-per-chunk:3,events-per-write:2,split-utf8']) {
    const path = testInfo.outputPath(`${faults}.jsonl`);
    // It is complete when the process has ended.
    const env = { REFERENCE_FAULTS: faults, API_GATEWAY_REFERENCE_SEND_LOG: path };
    const service = await launchReference('api-gateway', { env });
    await Promise.all(
      [1, 2, 3].map(async () => streamed(await chat(service.url, { stream: true }))),
    );
    await service.stop();
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    const sent = lines.map((line) => JSON.parse(line) as SentLine);
    for (const id of ['chatcmpl-1', 'chatcmpl-2', 'chatcmpl-3']) {
      const own = sent.filter((line) => line.id === id);
      expect(own.map(({ kind, chunk, tokens }) => [kind, chunk, tokens])).toEqual([
        ['request', undefined, undefined],
        ['role', 0, 0],
        ['content', 1, 3],
        ['content', 2, 3],
        ['content', 3, 2],
        ['finish', 4, 0],
        ['usage', 5, 0],
        ['done', 6, 0],
      ]);
      const times = own.map(({ atEpochMs }) => atEpochMs);
      expect([...times].sort((a, b) => a - b)).toEqual(times);
    }
  }
});
