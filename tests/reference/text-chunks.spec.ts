import { expect, test } from '@playwright/test';
import { chunksOf } from '../../fixtures/reference/text-chunks.ts';

const words = (count: number, from = 1): string =>
  Array.from({ length: count }, (_, i) => `w${from + i}`).join(' ');

for (const [what, document, chunks] of [
  ['sentences', 'One pump. Two! Three? Four', ['One pump.', 'Two!', 'Three?', 'Four']],
  ['lines', 'A title\n\nA line\n', ['A title', 'A line']],
  ['no full stop inside a number', 'It is 3.5 bar.', ['It is 3.5 bar.']],
  ['white space of any kind', ' a \t b ', ['a b']],
  ['40 words', words(40), [words(40)]],
  ['every 40 words', words(85), [words(40), words(40, 41), words(5, 81)]],
  ['words without end', 'x'.repeat(250), ['x'.repeat(100)]],
  ['nothing', ' \n ', []],
] as const) {
  test(`splits at ${what}`, () => {
    expect(chunksOf(document)).toEqual(chunks);
  });
}
