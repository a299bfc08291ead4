import { expect, test } from '@playwright/test';
import { drawKey, purpose, uniform } from '../../../../load/platform/random.ts';
import { newDocument } from '../../../../load/systems/rag-service/rag-documents.ts';

function drawsOf(seed: number): () => number {
  const [key, what] = [drawKey(seed, 'documents'), purpose('test')];
  let n = 0;
  return () => uniform(key, 0, what, n++);
}

test('a document is its facts, and each question names what its fact is about', () => {
  const { text, facts } = newDocument(drawsOf(1));
  expect(facts).toHaveLength(4);
  expect(text).toBe(facts.map(({ sentence }) => sentence).join(' '));
  const machine = /\w+ \d{4}/.exec(facts[0]!.question)![0];
  for (const { sentence, question } of facts) {
    expect(sentence).toContain(machine);
    expect(question).toContain(machine);
  }
});

test('the same draws make the same document, others another', () => {
  expect(newDocument(drawsOf(1))).toEqual(newDocument(drawsOf(1)));
  expect(newDocument(drawsOf(1)).text).not.toBe(newDocument(drawsOf(2)).text);
});
