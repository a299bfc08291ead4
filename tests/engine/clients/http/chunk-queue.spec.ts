import { expect, test } from '@playwright/test';
import { ChunkQueue } from '../../../../load/clients/http/chunk-queue.ts';

/** Turns of an event loop that a test lets pass, one by one. */
class Turns {
  private waiting: (() => void)[] = [];

  turn(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async pass(): Promise<void> {
    for (const go of this.waiting.splice(0)) go();
    // What waited for the turn goes on, up to its next wait.
    await new Promise((resolve) => setImmediate(resolve));
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

test('nothing is read in the turn in which it arrives', async () => {
  const { turns, arrive, read } = queueOf();
  arrive('a');
  expect(read).toEqual([]);
  await turns.pass();
  expect(read).toEqual(['a']);
});

test('while chunks arrive in every turn none is read, and then all in order', async () => {
  const { turns, arrive, read } = queueOf();
  for (const name of 'abc') {
    arrive(name);
    const passed = turns.pass();
    arrive(`${name}'`);
    await passed;
    expect(read).toEqual([]);
  }
  await turns.pass();
  expect(read).toEqual(['a', "a'", 'b', "b'", 'c', "c'"]);
});

test('a heap of chunks is read in parts, with a turn for the sockets between', async () => {
  const { turns, arrive, read } = queueOf();
  for (let i = 0; i < 20; i++) arrive(String(i));
  // They came after the first look at what is there.
  await turns.pass();
  expect(read).toEqual([]);
  const lengths: number[] = [];
  while (read.length < 20) {
    await turns.pass();
    lengths.push(read.length);
  }
  expect(lengths).toEqual([8, 16, 20]);
  expect(read).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
  arrive('later');
  await turns.pass();
  expect(read.at(-1)).toBe('later');
});

test('past 4096 chunks they are read even while more arrive', async () => {
  const { turns, arrive, read } = queueOf();
  for (let i = 0; i < 4100; i++) arrive(String(i));
  for (let i = 0; i < 600; i++) {
    const passed = turns.pass();
    arrive(`more ${i}`);
    await passed;
  }
  expect(read.length).toBeGreaterThan(500);
  expect(read.slice(0, 3)).toEqual(['0', '1', '2']);
});
