import { expect, test } from '@playwright/test';
import { cosine, dimension, embed, tokensOf } from '../../fixtures/reference/feature-hashing.ts';

const similarity = (a: string, b: string): number => cosine(embed(a), embed(b));

test('tokens are runs of letters and digits in lower case', () => {
  expect(tokensOf('The pump-7 runs at 60 °C, said Zoë.')).toEqual(
    'the pump 7 runs at 60 c said zoë'.split(' '),
  );
  // NFKC: one way to write what looks alike.
  expect(tokensOf('ﬁlter Zoe\u0308')).toEqual(['filter', 'zoë']);
  expect(tokensOf(' …! ')).toEqual([]);
});

test('a vector has length 1 and the stated dimension', () => {
  const vector = embed('Ada looks after the pump.');
  expect(vector).toHaveLength(dimension);
  expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
  // Five words and four pairs: as many positions are set, but for collisions.
  expect(vector.filter((value) => value !== 0).length).toBeGreaterThan(6);
});

test('a text without a token is all zeros, and like nothing', () => {
  expect(embed('…').every((value) => value === 0)).toBe(true);
  expect(similarity('…', '…')).toBe(0);
});

test('the same words are the same vector, whatever stands between them', () => {
  expect(similarity('The pump, red.', 'the PUMP red')).toBeCloseTo(1, 6);
});

test('signs are spread: the features of a long text do not add up to one side', () => {
  const vector = embed(Array.from({ length: 2000 }, (_, i) => `word${i}`).join(' '));
  const positive = vector.filter((value) => value > 0).length;
  expect(positive).toBeGreaterThan(dimension / 4);
  expect(positive).toBeLessThan((dimension * 3) / 4);
});

test('likeness falls with what two texts share, and the order counts', () => {
  const text = 'Ada looks after the pump';
  const likeness = [
    'Ada looks after the pump',
    'Ada looks after the boiler',
    'the pump looks after Ada',
    'Chen looks for a crane',
    'seven green bottles on shelves',
  ].map((other) => similarity(text, other));
  expect(likeness).toEqual([...likeness].sort((a, b) => b - a));
  expect(likeness[2]).toBeLessThan(0.99);
  expect(Math.abs(likeness[4]!)).toBeLessThan(0.25);
});
