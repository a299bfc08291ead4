/** Splits a command line into words as a shell does, without expanding or running anything. */

/** A backslash with the character that it escapes, a quoted text, or a run of plain characters. */
const part = /\\(?<escaped>[^])|'(?<single>[^']*)'|"(?<double>(?:\\[^]|[^"\\])*)"|[^\s'"\\]+/y;

/**
 * Splits at blanks outside of quotes that have no backslash before them. In double quotes a backslash is
 * kept unless a quote, a backslash, `$` or a backtick follows; in single quotes it is always kept. Throws
 * if a quote is not closed or nothing follows a backslash.
 */
export function commandWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < text.length;) {
    if (/\s/.test(text[i]!)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      i += 1;
      continue;
    }
    part.lastIndex = i;
    const found = part.exec(text);
    if (found === null) throw new Error(unfinished(text, i));
    const { escaped, single, double } = found.groups!;
    word =
      (word ?? '') + (escaped ?? single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? found[0]);
    i = part.lastIndex;
  }
  return word === undefined ? words : [...words, word];
}

function unfinished(text: string, i: number): string {
  if (text[i] === '\\') return 'nothing follows the backslash at its end';
  return `the quote ${text[i]!} at character ${i + 1} is not closed`;
}

/** Quotes a word for a shell if necessary. */
export function shellWord(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
