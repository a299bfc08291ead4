import { expect, test } from '@playwright/test';
import { LineReader } from '../../../../load/clients/mcp/line-reader.ts';

function reading(longestBytes = 1000) {
  const lines: (string | undefined)[] = [];
  return { lines, reader: new LineReader(longestBytes, (line) => lines.push(line)) };
}

test('lines are the same however their bytes are cut', () => {
  const bytes = Buffer.from('one\n\n{"two":"größe 😀\u2028\u2029\u0085"}\r\nthree\n');
  for (let size = 1; size <= bytes.length; size += 1) {
    const { lines, reader } = reading();
    for (let at = 0; at < bytes.length; at += size) reader.add(bytes.subarray(at, at + size));
    expect(lines).toEqual(['one', '{"two":"größe 😀\u2028\u2029\u0085"}\r', 'three']);
  }
});

test('a line without its end is none', () => {
  const { lines, reader } = reading();
  reader.add(Buffer.from('one\ntwo'));
  expect(lines).toEqual(['one']);
});

test('of a line that is too long nothing is kept, and the next one is read', () => {
  for (const size of [1, 7, 5000]) {
    const { lines, reader } = reading(1000);
    const bytes = Buffer.from(`short\n${'x'.repeat(1001)}\n${'y'.repeat(1000)}\nlast\n`);
    for (let at = 0; at < bytes.length; at += size) reader.add(bytes.subarray(at, at + size));
    expect(lines).toEqual(['short', undefined, 'y'.repeat(1000), 'last']);
  }
});

test('a long line in small pieces costs what it is long', () => {
  const { lines, reader } = reading(2 ** 24);
  const piece = Buffer.alloc(16, 'x');
  // If they were copied with each piece, these 16 MB would be 8 TB.
  for (let i = 0; i < 2 ** 20 - 1; i += 1) reader.add(piece);
  reader.add(Buffer.from('\n'));
  expect(lines.map((line) => line?.length)).toEqual([2 ** 24 - 16]);
});
