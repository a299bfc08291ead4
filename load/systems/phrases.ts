/**
 * Sentences of a domain: patterns with places to fill, so that few lines make a few hundred sentences, and
 * texts of exactly so many words, made of whole sentences.
 */
import { createHash } from 'node:crypto';
import { groupedBy, oneOf } from '../platform/lists.ts';

/** `How long before {sport} should I eat?` takes each filling of `sport` in turn. */
type Fillings = Readonly<Record<string, readonly string[]>>;

const place = /\{(\w+)\}/;
/** Where more words than these are left, a sentence leaves room for another one. */
const roomWords = 5;

/** Every sentence that the patterns make, each place filled on its own. Throws where a filling is missing. */
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
 * Names what a user may say, as a parameter of its plan: a system that is asked other things may answer faster
 * or slower, so that a baseline of other texts is none.
 */
export function fingerprintOf(...texts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 8);
}

/** Words between white space. */
export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/**
 * Whole sentences, drawn one after another, that have so many words together. Throws at once where the
 * list lacks a sentence of one of the first lengths: with them every number of words can be reached.
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

/** A draw that was not drawn before, as long as there is one: nobody says a thing twice in a row. */
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
