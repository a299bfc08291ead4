/** Server-sent events with the time stamps of the chunks that completed them. */
import { expect, test } from '@playwright/test';
import { isDeepStrictEqual } from 'node:util';
import {
  DataLines,
  EventStream,
  isEventStream,
} from '../../../../load/clients/http/event-stream.ts';

interface SeenEvent {
  readonly data: string;
  readonly atMs: number;
  readonly name: string | undefined;
}

function read(chunks: readonly (readonly [Uint8Array, number])[]): SeenEvent[] {
  const events: SeenEvent[] = [];
  const stream = new EventStream((data, atMs, name) => events.push({ data, atMs, name }));
  for (const [bytes, atMs] of chunks) stream.chunk(bytes, atMs);
  return events;
}

const bytesOf = (text: string): Buffer => Buffer.from(text);

const texts = {
  'several events': 'data: {"a":1}\n\ndata: {"b":2}\n\ndata: [DONE]\n\n',
  'characters of two to four bytes': 'data: größer\n\ndata: 東京 🙂\n\ndata: é\n\n',
  'lines that end with \\r\\n': 'data: a\r\n\r\nevent: error\r\ndata: ü\r\n\r\ndata: b\r\n\r\n',
  'comments between and inside': ': ping\n\ndata: a\n: pong\n\n: ping\n\ndata: b\n\n',
  'several lines, ids, retries, unknown fields':
    'id: 7\ndata: one\ndata: two\n\nretry: 10\n\nfoo: bar\ndata:three\n\n',
  'an event that the end cuts off': 'data: a\n\ndata: b\n\ndata: c\n',
  'a byte order mark': '\uFEFFdata: a\n\n',
};

const wanted: Readonly<Record<keyof typeof texts, readonly string[]>> = {
  'several events': ['{"a":1}', '{"b":2}', '[DONE]'],
  'characters of two to four bytes': ['größer', '東京 🙂', 'é'],
  'lines that end with \\r\\n': ['a', 'error/ü', 'b'],
  'comments between and inside': ['a', 'b'],
  'several lines, ids, retries, unknown fields': ['one\ntwo', 'three'],
  'an event that the end cuts off': ['a', 'b'],
  'a byte order mark': ['a'],
};

const shown = ({ name, data }: SeenEvent): string =>
  name === undefined ? data : `${name}/${data}`;

for (const [what, text] of Object.entries(texts) as [keyof typeof texts, string][]) {
  const bytes = bytesOf(text);

  test(`${what}: in one piece`, () => {
    expect(read([[bytes, 5]]).map(shown)).toEqual(wanted[what]);
  });

  test(`${what}: cut at every byte, the events and the times are right`, () => {
    // The byte that completes each event, found by feeding one byte at a time.
    const single = read([...bytes].map((byte, i) => [Uint8Array.of(byte), i] as const));
    expect(single.map(shown)).toEqual(wanted[what]);
    const wrong: unknown[] = [];
    for (let cut = 1; cut < bytes.length; cut++) {
      const two = read([
        [bytes.subarray(0, cut), 100],
        [bytes.subarray(cut), 200],
      ]);
      const due = single.map((event) => ({ ...event, atMs: event.atMs < cut ? 100 : 200 }));
      if (!isDeepStrictEqual(two, due)) wrong.push({ cut, two, due });
    }
    expect(wrong).toEqual([]);
  });
}

test('an event is complete with the last byte of the blank line after it', () => {
  const text = 'data: a\n\ndata: b\n\n';
  const times = read([...bytesOf(text)].map((byte, i) => [Uint8Array.of(byte), i] as const));
  expect(times.map(({ atMs }) => atMs)).toEqual([8, 17]);
});

test('events of one write share its time', () => {
  const times = read([
    [bytesOf('data: a\n\ndata: b\n\nda'), 10],
    [bytesOf('ta: c\n\n'), 30],
  ]);
  expect(times.map(({ atMs }) => atMs)).toEqual([10, 10, 30]);
});

const laterChunks = [
  'data: b\n\n',
  'data: \n\n',
  'data:\n\n',
  'data:  two spaces\n\n',
  'data: b\n\ndata: c\n\n',
  'data: b\ndata: c\n\n',
  'data: b\nevent: c\n\n',
  'data: b\r\n\r\n',
  'data: b\n',
  'data: b',
  '\ndata: b\n\n',
  'event: b\n',
  ': ping\n\n',
];

test('whatever a chunk is, the one after it gives the same events as the two in one piece', () => {
  const pairs = laterChunks.flatMap((one) => laterChunks.map((other) => [one, other]));
  const inOnePiece = pairs.map((pair) => read([[bytesOf(`data: a\n\n${pair.join('')}`), 1]]));
  const apart = pairs.map((pair) =>
    read(['data: a\n\n', ...pair].map((text) => [bytesOf(text), 1] as const)),
  );
  expect(apart).toEqual(inOnePiece);
});

test('each stream keeps its own state', () => {
  const halves = [bytesOf('data: é\n\n').subarray(0, 7), bytesOf('data: é\n\n').subarray(7)];
  const seen: string[] = [];
  const [first, second] = ['1', '2'].map(
    (name) => new EventStream((data) => seen.push(`${name} ${data}`)),
  );
  first!.chunk(halves[0]!, 0);
  second!.chunk(halves[0]!, 0);
  second!.chunk(halves[1]!, 0);
  first!.chunk(halves[1]!, 0);
  expect(seen).toEqual(['2 é', '1 é']);
});

const types = [
  ['text/event-stream', true],
  ['text/event-stream; charset=utf-8', true],
  ['Text/Event-Stream;x', true],
  ['text/event-streams', false],
  ['application/json', false],
  ['', false],
  [undefined, false],
] as const;
test('knows the content type of an event stream', () => {
  expect(types.map(([type]) => isEventStream(type))).toEqual(types.map(([, is]) => is));
});

const contents: readonly (readonly [text: string, hasData: boolean])[] = [
  [': ping\n\n', false],
  [':\r\n\r\n', false],
  ['\n\n', false],
  ['event: ping\nid: 7\nretry: 10\n\n', false],
  ['data:\n\n', false],
  ['data: \r\n\r\n', false],
  [': data: 7\n\n', false],
  ['data: {}\n\n', true],
  ['data:x\r\r', true],
  ['id: 7\ndata: x\n\n', true],
  [': ping\n\ndata: x\n\n', true],
];

for (const [text, hasData] of contents) {
  test(`${JSON.stringify(text)} is ${hasData ? 'content' : 'none'}, wherever it is cut`, () => {
    const bytes = bytesOf(text);
    expect(new DataLines().areIn(bytes)).toBe(hasData);
    const lines = new DataLines();
    expect([...bytes].some((byte) => lines.areIn(Uint8Array.of(byte)))).toBe(hasData);
  });
}

test('lines that end in a bare return are lines, and an event is there with its last byte', () => {
  const bytes = bytesOf('id: 7\revent: a\rdata: one\rdata: two\r\rdata: three\r\r');
  for (let size = 1; size <= bytes.length; size += 1) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    const events = read(pieces.map((piece, i) => [piece, i] as const));
    expect(events.map(shown)).toEqual(['a/one\ntwo', 'three']);
    expect(events.at(-1)!.atMs).toBe(pieces.length - 1);
  }
});

test('returns without an end are read in one pass', () => {
  let events = 0;
  const stream = new EventStream(() => (events += 1));
  // If every line were searched to the end for the other line break, these 4 MB would be 8 TB.
  stream.chunk(Buffer.alloc(2 ** 22, '\r'));
  stream.chunk(bytesOf('data: a\r\r'.repeat(100_000)));
  expect(events).toBe(100_000);
});

test('ids and the pause that the server asks for are told', () => {
  const seen: unknown[] = [];
  const stream = new EventStream(
    (data, _, name, id) => seen.push([data, name, id]),
    undefined,
    (ms) => seen.push(ms),
  );
  stream.chunk(bytesOf('id: 7\nretry: 250\ndata:\n\ndata: a\n\nid: x y\ndata: b\n\n'));
  expect(seen).toEqual([
    250,
    ['', undefined, '7'],
    ['a', undefined, undefined],
    ['b', undefined, 'x y'],
  ]);
});
