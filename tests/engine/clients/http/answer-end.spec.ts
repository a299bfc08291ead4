/** When a streamed answer ends, and when its owner is told: to the millisecond, in virtual time. */
import { expect, test } from '@playwright/test';
import { Deadlines } from '../../../../load/clients/deadlines.ts';
import type { StreamEnd } from '../../../../load/clients/chat/judge-chat-stream.ts';
import { ChunkQueue } from '../../../../load/clients/http/chunk-queue.ts';
import type { Connection } from '../../../../load/clients/http/connections.ts';
import { Exchange, type ExchangeOwner } from '../../../../load/clients/http/exchange.ts';
import type { BodyReader } from '../../../../load/clients/http/read-body.ts';
import { Recorder } from '../../../../load/metrics/record/recorder.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { chatReader } from '../chat-reader.ts';

const deadlineMs = 5000;

/** One exchange whose chunks the test provides, and its result. */
function exchangeOf(reader: BodyReader, isBusy = false) {
  const clock = new VirtualClock();
  // If the event loop is never idle, no chunk is read before it must be.
  const turns = isBusy ? { afterTurn: () => undefined } : clock;
  const phases = [{ name: 'steady state' as const, startMs: 0 }];
  const recorder = new Recorder(clock, [{ phases, maxLabelValues: 1, slowMs: undefined }]);
  const deadlines = new Deadlines(clock);
  const setting = { deadlines, chunks: new ChunkQueue(turns), maxBodyBytes: 1e6 };
  const told: string[] = [];
  const tell = (what: string): void => void told.push(`${what} at ${clock.now()}`);
  const wire = {
    takeTimes: () => undefined,
    dispatcher: { dispatch: () => true },
    destroy: () => {
      tell('destroyed');
    },
  } as unknown as Connection;
  const owner: ExchangeOwner = {
    ...reader,
    onEnd: (_, { kind }) => {
      tell(kind);
    },
    onDrained: (_, isFree) => {
      tell(isFree ? 'free' : 'given up');
    },
  };
  const sample = recorder.schedule(recorder.ref(0, 'chat', 'chat'), 0, 0);
  const exchange = new Exchange(sample, wire, recorder, setting, owner);
  exchange.send({ path: '/', method: 'POST' }, deadlineMs);
  exchange.onHeaders(200, [Buffer.from('Content-Type'), Buffer.from('text/event-stream')]);
  /** A text, `the end` or `a reset`. */
  const at = async (atMs: number, what: string): Promise<void> => {
    await clock.run(atMs);
    if (what === 'the end') exchange.onComplete();
    else if (what === 'a reset') exchange.onError(new Error('reset'));
    else exchange.onData(Buffer.from(what));
  };
  return { at, clock, deadlines, sample, told, recorder };
}

const word = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n';
const stop = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n';
const usage = 'data: {"choices":[],"usage":{"completion_tokens":1}}\n\n';
const stopWithUsage = stop.replace('}]}', '}],"usage":{"completion_tokens":1}}');
const partial = 'data: {"choices":[],"usage":{"prompt_tokens":1}}\n\n';
const done = 'data: [DONE]\n\n';
const ping = ': ping\n\n';
const failure = 'data: {"error":"no memory"}\n\n';

interface Row {
  readonly what: string;
  readonly ends?: StreamEnd;
  readonly comes: readonly (readonly [number, string])[];
  readonly endedAtMs: number;
  readonly told: readonly string[];
}

const rows: readonly Row[] = [
  {
    what: '[DONE], and the body ends with it',
    comes: [
      [100, word],
      [200, stop + done],
      [200, 'the end'],
    ],
    endedAtMs: 200,
    told: ['complete at 200'],
  },
  {
    what: '[DONE], and the body ends a little later: the connection is free, the time is that of [DONE]',
    comes: [
      [100, word],
      [200, stop + done],
      [220, 'the end'],
    ],
    endedAtMs: 200,
    told: ['complete at 220'],
  },
  {
    what: '[DONE], and the server closes half a second later: nobody waits for that',
    comes: [
      [100, word],
      [200, stop + done],
      [700, 'the end'],
    ],
    endedAtMs: 200,
    told: ['answered at 225', 'free at 700'],
  },
  {
    what: '[DONE], and the server never closes',
    comes: [
      [100, word],
      [200, stop + done],
      [900, ping],
    ],
    endedAtMs: 200,
    told: ['answered at 225', 'given up at 1225'],
  },
  {
    what: '[DONE], and then a reset',
    comes: [
      [100, word],
      [200, stop + done],
      [210, 'a reset'],
    ],
    endedAtMs: 200,
    told: ['answered at 210', 'given up at 210'],
  },
  {
    what: '[DONE] is wanted, too: a finish_reason is no end yet',
    comes: [
      [100, word],
      [200, stop],
      [900, usage + done],
      [900, 'the end'],
    ],
    endedAtMs: 900,
    told: ['complete at 900'],
  },
  {
    what: 'a finish_reason is the end, and the usage comes behind it',
    ends: 'finish-reason',
    comes: [
      [100, word],
      [200, stop],
      [600, usage],
      [610, 'the end'],
    ],
    endedAtMs: 200,
    told: ['complete at 610'],
  },
  {
    what: 'a finish_reason is the end, the usage comes behind it, and the server never closes',
    ends: 'finish-reason',
    comes: [
      [100, word],
      [200, stop],
      [600, usage],
    ],
    endedAtMs: 200,
    told: ['answered at 625', 'given up at 1625'],
  },
  {
    what: 'a finish_reason with the usage in its chunk',
    ends: 'finish-reason',
    comes: [
      [100, word],
      [200, stopWithUsage],
    ],
    endedAtMs: 200,
    told: ['answered at 225', 'given up at 1225'],
  },
  {
    what: 'a finish_reason is the end, and no usage comes',
    ends: 'finish-reason',
    comes: [
      [100, word],
      [200, stop],
      [300, ping],
      [400, partial],
      [900, ping],
    ],
    endedAtMs: 200,
    told: ['answered at 1200', 'given up at 2200'],
  },
  {
    what: 'a finish_reason is the end, and [DONE] comes all the same',
    ends: 'finish-reason',
    comes: [
      [100, word],
      [200, stop],
      [300, done],
      [300, 'the end'],
    ],
    endedAtMs: 200,
    told: ['complete at 300'],
  },
  {
    what: 'an error is the end, whatever else comes',
    comes: [
      [100, word],
      [200, failure],
      [210, word],
      [700, stop + done],
    ],
    endedAtMs: 200,
    told: ['answered at 225', 'given up at 1225'],
  },
  {
    what: 'a choice that was given up is an end, whatever is declared as one',
    comes: [
      [100, word],
      [200, stop.replace('stop', 'abort')],
    ],
    endedAtMs: 200,
    told: ['answered at 1200', 'given up at 2200'],
  },
  {
    what: 'no end: the end of the body',
    comes: [
      [100, word],
      [300, 'the end'],
    ],
    endedAtMs: 300,
    told: ['complete at 300'],
  },
  {
    what: 'no end: the deadline',
    comes: [
      [100, word],
      [200, stop],
    ],
    endedAtMs: deadlineMs,
    told: [`destroyed at ${deadlineMs}`, `timeout at ${deadlineMs}`],
  },
  {
    what: 'an end just before the deadline is one, though the usage comes after it',
    ends: 'finish-reason',
    comes: [
      [100, word],
      [4990, stop],
      [5500, usage],
      [5500, 'the end'],
    ],
    endedAtMs: 4990,
    told: ['complete at 5500'],
  },
];

for (const { what, ends, comes, endedAtMs, told } of rows) {
  test(what, async () => {
    const exchange = exchangeOf(chatReader(ends));
    for (const [atMs, text] of comes) await exchange.at(atMs, text);
    await exchange.clock.run();
    expect(exchange.told).toEqual(told);
    expect(exchange.sample.endedAtMs).toBe(endedAtMs);
    expect(exchange.recorder.inFlight).toBe(0);
  });
}

test('what was read when the run is cut off is an answer, if it has ended', async () => {
  for (const [text, told] of [
    [stop + done, ['answered at 210', 'given up at 210']],
    [stop, ['destroyed at 210', 'interrupted at 210']],
  ] as const) {
    const { at, clock, deadlines, told: heard } = exchangeOf(chatReader());
    await at(200, word + text);
    await clock.run(210);
    deadlines.interruptAll();
    await clock.run();
    expect(heard).toEqual(told);
  }
});

test('the end of a stream is the time of its chunk, though nobody had the time to read it', async () => {
  for (const [lastAtMs, next, told] of [
    [4000, 'the end', 'complete at 4500'],
    [4000, undefined, `answered at ${deadlineMs + 25}`],
  ] as const) {
    const exchange = exchangeOf(chatReader(), true);
    await exchange.at(100, word);
    await exchange.at(lastAtMs, stop + done);
    if (next !== undefined) await exchange.at(4500, next);
    await exchange.clock.run();
    expect(exchange.told[0]).toBe(told);
    expect(exchange.sample.endedAtMs).toBe(lastAtMs);
  }
});

test('a reader of a kept body that finds its end may go on to be given the connection back', async () => {
  const { at, clock, told, sample } = exchangeOf({
    onChunk: undefined,
    isWhole: (bytes) => Buffer.from(bytes).includes('end'),
  });
  await at(100, 'data: a\n\n');
  await at(200, 'data: end\n\n');
  await at(210, 'the end');
  await clock.run();
  expect(told).toEqual(['complete at 210']);
  expect(sample.endedAtMs).toBe(200);
});
