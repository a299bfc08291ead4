/**
 * Builds sentences from patterns with placeholders, so that few lines give a few hundred sentences, and
 * texts of an exact number of words from whole sentences.
 */
import { createHash } from 'node:crypto';
import { groupedBy, oneOf } from '../platform/lists.ts';

/** `How long before {sport} should I eat?` is combined with each filling of `sport`. */
type Fillings = Readonly<Record<string, readonly string[]>>;

const place = /\{(\w+)\}/;
/** If more words than this are left, a sentence must leave room for another one. */
const roomWords = 5;

/**
 * All sentences that the patterns give, with each placeholder filled independently. Throws if a filling
 * is missing.
 */
export function sentencesOf(patterns: readonly string[], fillings: Fillings): string[] {
  return patterns.flatMap((pattern) => {
    const [braces, name = ''] = place.exec(pattern) ?? [];
    if (braces === undefined) return [pattern];
    const words = fillings[name];
    if (words === undefined) throw new Error(`"${pattern}": there is nothing to fill in`);
    return sentencesOf(
      words.map((word) => pattern.replace(braces, word)),
      fillings,
    );
  });
}

/**
 * Identifies the texts of a user, as a parameter of its plan. A system may answer other texts faster or
 * slower, so a baseline with other texts cannot be compared.
 */
export function fingerprintOf(...texts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 8);
}

/** Words between white space. */
export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/**
 * Whole sentences, drawn one after another, that have the given number of words in total. Throws at once
 * if the list lacks a sentence of one of the shortest lengths, which are needed to reach every number of
 * words.
 */
export function textsOf(
  sentences: readonly string[],
): (words: number, draw: () => number) => string[] {
  const split = sentences.map((sentence) => sentence.split(' '));
  const byLength = groupedBy(split, ({ length }) => length);
  for (let length = 1; length <= 2 * roomWords; length++) {
    if (!byLength.has(length)) throw new Error(`no sentence has ${length} words`);
  }
  return (words, draw) => {
    const text: string[] = [];
    const said = new Set<number>();
    for (let left = words; left > 0;) {
      const drawn = split[unsaid(said, split.length, draw)]!;
      const rest = left - drawn.length;
      const fits = rest === 0 || rest >= roomWords;
      const sentence = fits ? drawn : oneOf(byLength.get(endingOf(left))!, draw);
      text.push(...sentence);
      left -= sentence.length;
    }
    return text;
  };
}

/** A draw that was not used before, as long as there is one, so that sentences do not repeat. */
function unsaid(said: Set<number>, count: number, draw: () => number): number {
  if (said.size === count) said.clear();
  let index = Math.floor(draw() * count);
  while (said.has(index)) index = (index + 1) % count;
  said.add(index);
  return index;
}

/** The length of a sentence that ends the text, or leaves room for one that does. */
function endingOf(left: number): number {
  return left <= 2 * roomWords ? left : roomWords;
}
