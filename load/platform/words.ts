/** Small pieces of text for messages and tables. */

/** `1 run`, `2 runs`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** How many members of a list a sentence names. */
const mostListed = 20;

/** `a, b, c`; for a long list it says how many more there are. */
export function listed(members: readonly string[]): string {
  const more = members.length - mostListed;
  const told = members.slice(0, mostListed).join(', ');
  return more > 0 ? `${told} and ${more} more` : told;
}

/** The text, cut to a maximum length with a mark at the end. */
export function cut(text: string, mostCharacters: number): string {
  const characters = Array.from(text);
  if (characters.length <= mostCharacters) return text;
  return `${characters.slice(0, Math.max(0, mostCharacters - 1)).join('')}…`;
}

/** How much of a name or a label's value is kept. */
const longestName = 200;
const unprintable = /[\0-\x1f\x7f-\x9f]/;
const unprintables = /[\0-\x1f\x7f-\x9f]+/g;

/** A name that every report can show: on one line, without control characters, cut if it is long. */
export function plainName(text: string): string {
  if (text.length <= longestName && !unprintable.test(text)) return text;
  return cut(text.slice(0, 2 * longestName).replace(unprintables, ' '), longestName);
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns the result of `run`. If it throws, `where` is put in front of the error's message. */
export function withContext<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new Error(`${where}: ${reasonOf(error)}`, { cause: error });
  }
}
