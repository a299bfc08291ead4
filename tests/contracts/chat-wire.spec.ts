/** Other parts of a stream besides its chunks, and the encoding of its bytes, do not change the answer. */
import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import * as zlib from 'node:zlib';
import { fault } from '../faults/fault-matrix.ts';
import {
  askOnce,
  chatServer,
  completion,
  done,
  event,
  piece,
  says,
  usage,
  usageEvent,
} from './chat-server.ts';
import { streamChat } from '../../load/clients/chat/streamed-chat.ts';
import { httpServer, notOk, readByClient, TestLoad, until, verdict } from './client-harness.ts';

const shown = { annotation: fault(50) };
const role = piece({ role: 'assistant', content: '' });
const [hello, there] = [piece({ content: 'Hello' }), piece({ content: ' there.' })];
const stop = piece({}, 'stop');

const heartbeats = {
  'empty data': 'data:\n\n',
  'data of a space': 'data:  \n\n',
  'a name without data': 'event: ping\n\n',
  'a name and empty data': 'event: heartbeat\ndata:\n\n',
  'a name and a date': 'event: ping\ndata: 2026-02-20 08:40:33.556053\n\n',
  'a name and JSON': 'event: keepalive\ndata: {"type":"keepalive","sequence_number":3}\n\n',
  'a name of the server’s own': 'event: queue.position\ndata: {"position":4}\n\n',
  'a name and data that look like a chunk':
    'event: debug\ndata: {"choices":[{"delta":{"content":"no"},"finish_reason":"stop"}]}\n\n',
  'a comment': ': heartbeat\n\n',
  'a bare colon': ':\n\n',
  'an id and a retry': 'id: 7\nretry: 100\n\n',
  'a field that nobody knows': 'trace: 7f\n\n',
  'blank lines': '\n\n\n',
  'JSON that is no chunk': 'data: {"type":"ping"}\n\n',
  'JSON that says nothing': 'data: null\n\ndata: {}\n\n',
  'no choices': 'data: {"choices":[],"prompt_filter_results":[{"index":0}]}\n\n',
} as const;

for (const [what, beat] of Object.entries(heartbeats)) {
  test(`${what} between the chunks is passed over`, shown, async () => {
    const text = beat + role + beat + hello + beat + there + beat + stop + usageEvent(usage) + beat;
    const { verdict, detail, chat } = await askOnce(says(text + done), 'streamed');
    expect(verdict, detail).toBe('ok');
    expect(chat).toMatchObject({ text: 'Hello there.', streamedTokens: 3, countedBy: 'usage' });
    expect(chat!.chunkGapsMs).toHaveLength(1);
  });
}

test('chunks under a name of their own are none, and the message says which name that was', async () => {
  const named = [role, hello, stop].map((text) => `event: completion\n${text}`).join('');
  const { verdict, detail } = await askOnce(says(named + done), 'streamed');
  expect(verdict).toBe('invalid truncated');
  expect(detail).toContain('3 events named "completion" passed over');
});

const early: Readonly<Record<string, unknown>> = {
  'no count of the completion': { prompt_tokens: 11, total_tokens: 11 },
  'details alone': { prompt_tokens_details: { cached_tokens: 0 } },
  nothing: {},
  nulls: { prompt_tokens: null, completion_tokens: null, total_tokens: null },
  texts: { prompt_tokens: '11', completion_tokens: '3' },
  'a negative count': { completion_tokens: -1 },
  'half a token': { completion_tokens: 1.5 },
  'a list': [3],
  'a number': 3,
  'a word': 'none',
};
for (const [what, odd] of Object.entries(early)) {
  test(`a usage of ${what} costs the figure alone`, shown, async () => {
    const before = piece({ role: 'assistant' }) + event({ choices: [], usage: odd }) + hello;
    const counted = await askOnce(
      says(before + there + stop + usageEvent(usage) + done),
      'streamed',
    );
    expect(counted.verdict, counted.detail).toBe('ok');
    expect(counted.chat).toMatchObject({ streamedTokens: 3, countedBy: 'usage' });
    const uncounted = await askOnce(says(before + there + stop + done), 'streamed');
    expect(uncounted.verdict, uncounted.detail).toBe('ok');
    expect(uncounted.chat).toMatchObject({ streamedTokens: 2, countedBy: 'chunks' });
    const body = JSON.stringify(completion({ content: 'Hello' }, 'stop', { usage: odd }));
    expect((await askOnce(says(body, 'application/json'), 'whole')).verdict).toBe('ok');
  });
}

test('other fields may be as odd as they like', async () => {
  const odd = { id: 7, object: null, created: 'now', model: [], service_tier: {}, logprobs: 3 };
  const chunk = (delta: object, finish_reason: unknown) =>
    event({ ...odd, choices: [{ index: '0', delta, finish_reason, logprobs: 'none', stop: 1 }] });
  const text = chunk({ role: 7, content: 'Hello', name: 3 }, null) + chunk({}, 'stop') + done;
  expect((await askOnce(says(text), 'streamed')).verdict).toBe('ok');
});

type Packing = () => zlib.Gzip | zlib.Deflate | zlib.DeflateRaw | zlib.BrotliCompress;
const flush = { flush: zlib.constants.Z_SYNC_FLUSH };
const packings: Record<string, Packing> = {
  gzip: () => zlib.createGzip(flush),
  'x-gzip': () => zlib.createGzip(flush),
  deflate: () => zlib.createDeflate(flush),
  Deflate: () => zlib.createDeflateRaw(flush),
  br: () => zlib.createBrotliCompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH }),
};
// Node has it since 22.15.
const { createZstdCompress } = zlib as { readonly createZstdCompress?: Packing };
if (createZstdCompress !== undefined) packings['zstd'] = createZstdCompress;

/** Sends compressed pieces of a stream, each after the one before was received. */
function packedStream(encoding: string, packing: Packing, pieces: readonly string[], cut: number) {
  const packed = packing();
  const bytes: Buffer[] = [];
  packed.on('data', (some: Buffer) => bytes.push(some));
  let to: ServerResponse | undefined;
  let sent = 0;
  const sendNext = async (): Promise<void> => {
    const text = pieces[sent++];
    if (text !== undefined) {
      packed.write(text);
      await new Promise<void>((resolve) => {
        packed.flush(resolve);
      });
    } else if (to?.writableEnded === false) {
      packed.end();
      await once(packed, 'end');
    } else return;
    const whole = Buffer.concat(bytes.splice(0));
    for (let at = 0; at < whole.length; at += cut) to!.write(whole.subarray(at, at + cut));
    if (text === undefined) to!.end();
  };
  const answer = (response: ServerResponse): void => {
    to = response;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': encoding });
    void sendNext();
  };
  return { answer, sendNext };
}

for (const [encoding, packing] of Object.entries(packings)) {
  for (const cut of [1000, 1]) {
    test(`${encoding}, ${cut} bytes at a time, is unpacked as it comes`, async () => {
      const pieces = [role, hello, there, stop + usageEvent(usage) + done];
      const { answer, sendNext } = packedStream(encoding, packing, pieces, cut);
      const { load, close } = await chatServer(answer);
      let seen = '';
      // The server sends each piece only when the one before was received, so a piece held back would
      // block it.
      await load.newUser().http.post('/', {
        onChunk: (bytes) => {
          seen += Buffer.from(bytes).toString();
          if (seen.endsWith('\n\n')) void sendNext();
        },
      });
      expect(seen).toBe(pieces.join(''));
      expect(load.last.outcome).toBe('ok');
      await close();
    });
  }

  test(`a stream packed with ${encoding} is measured like any other`, shown, async () => {
    const packed = packing();
    packed.end(role + hello + there + stop + usageEvent(usage) + done);
    const bytes = Buffer.concat(await packed.toArray());
    const asked = await askOnce((response) => {
      const headers = { 'content-type': 'text/event-stream', 'content-encoding': encoding };
      response.writeHead(200, headers).end(bytes);
    }, 'streamed');
    expect(asked.verdict, asked.detail).toBe('ok');
    expect(asked.chat).toMatchObject({ text: 'Hello there.', streamedTokens: 3 });
    expect(asked.sample.bytesReceived).toBe(bytes.length);
  });
}

for (const [what, encoding, bytes, status, right] of [
  ['a cut stream', 'gzip', zlib.gzipSync(role + hello).subarray(0, 40), 200, 'invalid truncated'],
  ['a gzip that is none', 'gzip', Buffer.from(role), 200, 'invalid protocol'],
  ['an unknown encoding', 'snappy', Buffer.from(role), 200, 'invalid protocol'],
  ['a packed error', 'gzip', zlib.gzipSync('{"error":"no model"}'), 400, 'failed status 400'],
  [
    'a gzip cut behind the end',
    'gzip',
    zlib.gzipSync(hello + stop + done).subarray(0, -4),
    200,
    'ok',
  ],
] as const) {
  test(`${what}: ${right}`, async () => {
    const { verdict, detail } = await askOnce((response) => {
      const headers = { 'content-type': 'text/event-stream', 'content-encoding': encoding };
      response.writeHead(status, headers).end(bytes);
    }, 'streamed');
    expect(verdict, detail).toBe(right);
    if (status === 400) expect(detail).toContain('no model');
  });
}

test('a packed stream stops at the cap on what is unpacked', async () => {
  const server = await httpServer((_, response) => {
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
    response.writeHead(200, headers).end(zlib.gzipSync(hello.repeat(100_000)));
  });
  const load = new TestLoad({ url: server.url, http: { maxBodyBytes: 2 ** 20 } });
  const { http } = load.newUser();
  expect(verdict(await notOk(streamChat(http, { path: '/', body: {} })))).toBe('invalid tooLarge');
  load.close();
  await server.close();
});

test('the connection of a stream that ends in good order serves the next', async () => {
  const text = role + hello + stop + usageEvent(usage) + done;
  for (const answer of [
    says(text),
    // HTTP's last chunk comes in a packet of its own.
    (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(text, () => setImmediate(() => response.end()));
    },
  ]) {
    const { server, streamed, close } = await chatServer(answer);
    for (let i = 0; i < 3; i++) expect((await streamed()).verdict).toBe('ok');
    expect(server.opened()).toBe(1);
    await close();
  }
});

test('the connection of a stream that the server leaves open is closed', shown, async () => {
  const { server, streamed, close } = await chatServer((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(role + hello + stop + usageEvent(usage) + done);
  });
  for (const ends of ['both', 'finish-reason'] as const) {
    const { verdict, chat } = await streamed({ ends });
    expect([verdict, chat?.countedBy]).toEqual(['ok', 'usage']);
  }
  await until(() => server.sockets.size === 0);
  await close();
});

test('several choices: each has its own end and spacing', async () => {
  const of = (index: number, delta: object, reason: unknown = null): string =>
    piece(delta, reason, { index });
  const both = of(0, { content: 'a' }) + of(1, { content: 'x' }) + of(1, { content: 'y' });
  const asking = { body: { n: 2 } };
  const ask = (text: string, ends?: 'finish-reason') =>
    askOnce(says(both + text), 'streamed', { ...asking, ends });
  const good = await ask(of(0, { content: 'b' }, 'stop') + of(1, {}, 'length') + done);
  expect(good.verdict, good.detail).toBe('ok');
  // Two gaps, one for each choice; not the three between the chunks as they came.
  expect(good.chat!.chunkGapsMs).toHaveLength(2);
  expect(good.chat).toMatchObject({ text: 'ab', streamedTokens: 4, choices: { begun: 2 } });
  const cut = await ask(of(0, {}, 'stop') + done);
  expect(cut.verdict).toBe('invalid truncated');
  expect(cut.detail).toContain('1 of 2 choices');
  expect((await ask(of(0, {}, 'stop'), 'finish-reason')).verdict).toBe('invalid truncated');
  const aborted = await ask(of(0, {}, 'stop') + of(1, {}, 'abort') + done);
  expect(aborted.verdict).toBe('failed application');
  const empty = await ask(
    of(2, { role: 'assistant' }, 'stop') + of(0, {}, 'stop') + of(1, {}, 'stop'),
  );
  expect(empty.verdict).toBe('invalid truncated');
  const silent = await ask(
    of(2, { role: 'assistant' }, 'stop') + of(0, {}, 'stop') + of(1, {}, 'stop') + done,
  );
  expect(silent.verdict).toBe('invalid schema');
});

for (const [where, body, overrides] of [
  ['the user', { n: 2 }, []],
  ['the settings of its system', {}, [{ body: { n: 2 } }]],
] as const) {
  test(`a stream whose choices come one after the other ends with the last that ${where} asked for`, async () => {
    const of = (index: number): string =>
      piece({ content: 'a' }, null, { index }) + piece({}, 'stop', { index });
    let sentAtMs = Infinity;
    const { load, streamed, close } = await chatServer(
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(of(0));
        void readByClient(response.socket!).then(() => {
          sentAtMs = load.clock.now();
          response.end(of(1));
        });
      },
      { overrides },
    );
    const { verdict, sample } = await streamed({ ends: 'finish-reason', body });
    expect(verdict).toBe('ok');
    expect(sample.endedAtMs).toBeGreaterThanOrEqual(sentAtMs);
    await close();
  });
}
