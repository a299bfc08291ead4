/** Content counts as progress of an answer; a sign of life alone does not. */
import { expect, test } from '@playwright/test';
import { Deadlines } from '../../../../load/clients/deadlines.ts';
import { ChunkQueue } from '../../../../load/clients/http/chunk-queue.ts';
import type { Connection } from '../../../../load/clients/http/connections.ts';
import { Exchange } from '../../../../load/clients/http/exchange.ts';
import type { Stall } from '../../../../load/metrics/log/schema.ts';
import type { BodyReader } from '../../../../load/clients/http/read-body.ts';
import { Recorder } from '../../../../load/metrics/record/recorder.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { chatReader } from '../chat-reader.ts';

const wire = {
  takeTimes: () => undefined,
  dispatcher: { dispatch: () => true },
  destroy: () => undefined,
} as unknown as Connection;

/** The stalls with five requests in flight for a second, each of which receives the text every 100 ms. */
async function stallsOf(
  text: string,
  type: string,
  reader: () => BodyReader,
): Promise<readonly Stall[]> {
  const clock = new VirtualClock();
  const phases = [{ name: 'steady state' as const, startMs: 0 }];
  const recorder = new Recorder(clock, [{ phases, maxLabelValues: 1, slowMs: undefined }]);
  const chunks = new ChunkQueue(clock);
  const setting = { deadlines: new Deadlines(clock), chunks, maxBodyBytes: 1e6 };
  const exchanges = Array.from({ length: 5 }, () => {
    const owner = { ...reader(), onEnd: () => undefined, onDrained: () => undefined };
    const sample = recorder.schedule(recorder.ref(0, 'chat', 'chat'), 0, 0);
    const exchange = new Exchange(sample, wire, recorder, setting, owner);
    exchange.send({ path: '/', method: 'GET' }, 30_000);
    exchange.onHeaders(200, [Buffer.from('Content-Type'), Buffer.from(type)]);
    return exchange;
  });
  for (let atMs = 100; atMs <= 1000; atMs += 100) {
    await clock.run(atMs);
    for (const exchange of exchanges) exchange.onData(Buffer.from(text));
  }
  await clock.run(1001);
  return recorder.closeInterval(1001, true).stalls;
}

const whole: Stall = { startMs: 0, endMs: 1001, inFlight: 5 };
const untold = { onChunk: undefined, isWhole: undefined };
const events = 'text/event-stream; charset=utf-8';

for (const [what, text, type, stalls] of [
  ['comments', ': ping\n\n', events, [whole]],
  ['events without data', 'event: ping\n\n', events, [whole]],
  ['data', 'data: x\n\n', events, []],
  ['any bytes of another type', ': ping\n\n', 'text/plain', []],
] as const) {
  for (const [how, reader] of [
    ['that nobody reads', untold],
    ['whose reader tells nothing', { ...untold, onChunk: () => undefined }],
    ['that is looked at for its answer', { ...untold, isWhole: () => false }],
  ] as const) {
    test(`${what} in a body ${how} ${stalls.length === 0 ? 'are' : 'are no'} progress`, async () => {
      expect(await stallsOf(text, type, () => reader)).toEqual(stalls);
    });
  }
}

test('a reader that knows better decides', async () => {
  const telling = (told: boolean) => () => ({ ...untold, onChunk: () => told });
  expect(await stallsOf('data: alive\n\n', events, telling(false))).toEqual([whole]);
  expect(await stallsOf(': token\n\n', events, telling(true))).toEqual([]);
});

const chunk = (delta: object): string => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`;

for (const [what, text, isProgress] of [
  ['a token', chunk({ content: 'two' }), true],
  ['reasoning', chunk({ reasoning_content: 'hm' }), true],
  ['a tool call', chunk({ tool_calls: [{ index: 0 }] }), true],
  ['a role alone', chunk({ role: 'assistant', content: '' }), false],
  ['an event without choices', 'data: {"choices":[]}\n\n', false],
  ['a named heartbeat', 'event: ping\ndata: {"type":"ping"}\n\n', false],
  ['a comment', ': processing\n\n', false],
] as const) {
  test(`${what} of a streamed chat is ${isProgress ? '' : 'no '}progress`, async () => {
    expect(await stallsOf(text, events, chatReader)).toEqual(isProgress ? [] : [whole]);
  });
}
