/** The users' texts: a few hundred real sentences for each domain, with the lengths that their files state. */
import { expect, test } from '@playwright/test';
import { drawKey, purpose, uniform } from '../../../load/platform/random.ts';
import {
  chatSentences,
  instructionSentences,
} from '../../../load/systems/api-gateway/chat-texts.ts';
import { foodPortions, healthQuestions } from '../../../load/systems/health-agent-texts.ts';
import { countWords } from '../../../load/systems/phrases.ts';
import {
  commonTexts,
  uniqueQuestions,
  uniqueText,
} from '../../../load/systems/query-gateway/query-texts.ts';
import { newDocument } from '../../../load/systems/rag-service/rag-documents.ts';

function draws(seed: number): () => number {
  let i = 0;
  return () => uniform(drawKey(seed, 'texts'), i++, purpose('test'));
}

const documents = Array.from({ length: 2000 }, (_, seed) => newDocument(draws(seed)));
const facts = documents.flatMap((document) => document.facts);
/** Without machines and numbers, each is one of the sentences. */
const kindOf = (text: string): string => text.replaceAll(/\d+/g, '0');

const texts = [
  { what: 'questions to a health agent', list: healthQuestions, least: 200, words: [12, 22] },
  { what: 'sentences of chats', list: chatSentences, least: 200, words: [1, 22] },
  { what: 'questions to a query gateway', list: uniqueQuestions, least: 200, words: [10, 21] },
  { what: 'instructions', list: instructionSentences, least: 10, words: [1, 15] },
  { what: 'common queries', list: commonTexts, least: 10, words: [4, 8] },
  {
    what: 'facts of documents',
    list: [...new Set(facts.map(({ sentence }) => kindOf(sentence)))],
    least: 300,
    words: [9, 15],
  },
  {
    what: 'questions about documents',
    list: [...new Set(facts.map(({ question }) => kindOf(question)))],
    least: 100,
    words: [8, 13],
  },
] as const;

for (const { what, list, least, words } of texts) {
  test(`${what}: whole sentences, at least ${least}, of ${words.join(' to ')} words`, () => {
    expect(new Set(list).size, 'none twice').toBe(list.length);
    expect(list.length).toBeGreaterThanOrEqual(least);
    for (const text of list) expect(text).toMatch(/^[A-Z][^{}]*[.?!]$/);
    const lengths = list.map(countWords);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([...words]);
  });
}

test('what is eaten is a text of an amount and a unit', () => {
  expect(foodPortions.length).toBeGreaterThan(40);
  for (const { food_name, quantity } of foodPortions) {
    expect(food_name).toMatch(/^[a-z]+( [a-z]+)*$/);
    expect(quantity).toMatch(/^\d+(g|ml)$/);
  }
});

test('a question that nobody asks twice is one of the domain with its own mark in it', () => {
  const asked = Array.from({ length: 1000 }, (_, seed) => uniqueText('run-17', draws(seed)));
  expect(new Set(asked).size).toBe(1000);
  const plain = new Set(asked.map((text) => text.replace(/run-17-[0-9a-z]+/, '#')));
  expect([...plain].filter((text) => !uniqueQuestions.includes(text))).toEqual([]);
  expect(plain.size).toBeGreaterThan(150);
});
