import { expect, test } from '@playwright/test';
import { ChunkQueue } from '../../../../load/clients/http/chunk-queue.ts';

/** Turns of an event loop that the test runs one by one. */
class Turns {
  private waiting: (() => void)[] = [];

  afterTurn(callback: () => void): void {
    this.waiting.push(callback);
  }

  pass(): void {
    for (const go of this.waiting.splice(0)) go();
  }
}

function queueOf() {
  const turns = new Turns();
  const queue = new ChunkQueue(turns);
  const read: string[] = [];
  const arrive = (name: string): void => {
    queue.add({ readNext: () => read.push(name) });
  };
  return { turns, arrive, read };
}

test('nothing is read in the turn in which it arrives', () => {
  const { turns, arrive, read } = queueOf();
  arrive('a');
  expect(read).toEqual([]);
  turns.pass();
  expect(read).toEqual(['a']);
});

test('while chunks arrive in every turn none is read, and then all in order', () => {
  const { turns, arrive, read } = queueOf();
  for (const name of 'abc') {
    arrive(name);
    arrive(`${name}'`);
    turns.pass();
    expect(read).toEqual([]);
  }
  turns.pass();
  expect(read).toEqual(['a', "a'", 'b', "b'", 'c', "c'"]);
});

test('a heap of chunks is read in parts, with a turn for the sockets between', () => {
  const { turns, arrive, read } = queueOf();
  for (let i = 0; i < 20; i++) arrive(String(i));
  // They came after the first check for chunks.
  turns.pass();
  expect(read).toEqual([]);
  const lengths: number[] = [];
  while (read.length < 20) {
    turns.pass();
    lengths.push(read.length);
  }
  expect(lengths).toEqual([8, 16, 20]);
  expect(read).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
  arrive('later');
  turns.pass();
  expect(read.at(-1)).toBe('later');
});

test('past 4096 chunks they are read even while more arrive', () => {
  const { turns, arrive, read } = queueOf();
  for (let i = 0; i < 4100; i++) arrive(String(i));
  for (let i = 0; i < 600; i++) {
    arrive(`more ${i}`);
    turns.pass();
  }
  expect(read.length).toBeGreaterThan(500);
  expect(read.slice(0, 3)).toEqual(['0', '1', '2']);
});
