import { expect, test } from '@playwright/test';
import { drawKey, purpose, uniform } from '../../../load/platform/random.ts';
import { countWords, fingerprintOf, sentencesOf, textsOf } from '../../../load/systems/phrases.ts';
import { healthAgentUser } from '../../../load/systems/health-agent.ts';
import { queryGatewayUser } from '../../../load/systems/query-gateway/query-gateway.ts';
import { ragServiceUser } from '../../../load/systems/rag-service/rag-service.ts';
import { between } from '../../../load/workload/think-time.ts';

const counting = Array.from({ length: 10 }, (_, i) => `${'word '.repeat(i)}end.`);

function draws(seed: number): () => number {
  let i = 0;
  return () => uniform(drawKey(seed, 'phrases'), i++, purpose('test'));
}

test('a pattern makes a sentence of each filling, places filled on their own', () => {
  const made = sentencesOf(['{who} asks {whom}.', 'Nobody asks.'], {
    who: ['Ada', 'Bob'],
    whom: ['Eve', 'Lea'],
  });
  expect(made).toEqual([
    'Ada asks Eve.',
    'Ada asks Lea.',
    'Bob asks Eve.',
    'Bob asks Lea.',
    'Nobody asks.',
  ]);
});

test('a place that nothing fills is refused with its pattern', () => {
  expect(() => sentencesOf(['{who} asks.'], {})).toThrow(
    '"{who} asks.": there is nothing to fill in',
  );
});

test('a text of whole sentences has exactly as many words as are asked for', () => {
  const text = textsOf([
    ...counting,
    'A sentence of thirteen words, which is longer than the ones before it.',
  ]);
  for (let words = 0; words < 200; words++) {
    const made = text(words, draws(words));
    expect(made).toHaveLength(words);
    expect(made.at(-1) ?? 'end.').toMatch(/\.$/);
  }
});

test('no sentence comes twice before all have come', () => {
  const named = Array.from({ length: 40 }, (_, i) => `Sentence ${i} has six words, really.`);
  const made = textsOf([...counting, ...named])(20 * 6, draws(1)).join(' ');
  const numbers = [...made.matchAll(/Sentence (\d+)/g)].map(([, number]) => number);
  expect(numbers.length).toBeGreaterThan(10);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('the same draws make the same text, others another', () => {
  const text = textsOf(counting);
  expect(text(100, draws(1))).toEqual(text(100, draws(1)));
  expect(text(100, draws(1))).not.toEqual(text(100, draws(2)));
});

test('a list that lacks a length is refused at once', () => {
  expect(() => textsOf(counting.filter((one) => countWords(one) !== 7))).toThrow(
    'no sentence has 7 words',
  );
});

test('a fingerprint is another one as soon as one text is', () => {
  const texts = ['How are you?', 'Fine.'];
  expect(fingerprintOf(texts)).toBe(fingerprintOf([...texts]));
  expect(fingerprintOf(texts)).toMatch(/^[0-9a-f]{8}$/);
  expect(fingerprintOf(['How are you?', 'Fine!'])).not.toBe(fingerprintOf(texts));
  expect(fingerprintOf(texts, [])).not.toBe(fingerprintOf(texts));
});

test('what the users of the systems say is a part of their plans', () => {
  const users = [
    healthAgentUser,
    ragServiceUser,
    queryGatewayUser({ unique: 1, think: between(1, 2) }),
  ];
  for (const { parameters } of users) expect(parameters).toHaveProperty('texts');
});
