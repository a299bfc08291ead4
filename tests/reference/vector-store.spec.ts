import { expect, test } from '@playwright/test';
import { chunksKept, VectorStore } from '../../fixtures/reference/vector-store.ts';

const sentence = (i: number): string =>
  `Machine ${i} stands in hall ${(i * 7) % 97}, row ${i % 13}.`;
const sentences = Array.from({ length: chunksKept }, (_, i) => sentence(i));

test('every indexed sentence is found first, and exactly', () => {
  const store = new VectorStore();
  store.add('halls', sentences);
  for (const text of sentences) {
    const [first, second] = store.nearest('halls', text, 2);
    expect(first!.text).toBe(text);
    expect(first!.score).toBeCloseTo(1, 6);
    expect(second!.score).toBeLessThan(0.999);
  }
});

test('the best come first, as many as were asked for or there are', () => {
  const store = new VectorStore();
  store.add('few', ['red fox', 'red hen', 'blue whale']);
  const found = store.nearest('few', 'the red fox', 10);
  expect(found.map(({ text }) => text)).toEqual(['red fox', 'red hen', 'blue whale']);
  const scores = found.map(({ score }) => score);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(store.nearest('few', 'the red fox', 1)).toHaveLength(1);
});

test('of equals the one indexed first comes first', () => {
  const store = new VectorStore();
  store.add('same', ['Red fox.', 'red fox', 'RED FOX!']);
  expect(store.nearest('same', 'red fox', 2).map(({ text }) => text)).toEqual([
    'Red fox.',
    'red fox',
  ]);
});

test('collections know nothing of each other', () => {
  const store = new VectorStore();
  store.add('a', ['red fox']);
  store.add('b', ['blue whale']);
  expect(store.nearest('b', 'red fox', 5).map(({ text }) => text)).toEqual(['blue whale']);
  expect(store.sizeOf('a')).toBe(1);
  expect(store.sizeOf('c')).toBeUndefined();
  expect(store.nearest('c', 'red fox', 5)).toEqual([]);
});

test('a collection keeps its latest chunks, the store the collections used last', () => {
  const store = new VectorStore();
  store.add('full', [...sentences, 'one more']);
  expect(store.sizeOf('full')).toBe(chunksKept);
  expect(store.nearest('full', 'one more', 1)[0]!.text).toBe('one more');
  expect(store.nearest('full', sentences[0]!, 1)[0]!.text).not.toBe(sentences[0]);

  for (let i = 1; i < 512; i++) store.add(`collection ${i}`, ['red fox']);
  store.nearest('full', 'red fox', 1);
  store.add('too many', ['red fox']);
  expect(store.collections).toBe(512);
  expect(store.sizeOf('full')).toBe(chunksKept);
  expect(store.sizeOf('collection 1')).toBeUndefined();
  expect(store.chunks).toBe(chunksKept + 511);
});
