/** The small texts of which messages and tables are made. */

/** `1 run`, `2 runs`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** So many members of a list are told in one sentence. */
const mostListed = 20;

/** `a, b, c`; of a long list how many more there are. */
export function listed(members: readonly string[]): string {
  const more = members.length - mostListed;
  const told = members.slice(0, mostListed).join(', ');
  return more > 0 ? `${told} and ${more} more` : told;
}

/** At most so many characters; a mark says that there were more. */
export function cut(text: string, mostCharacters: number): string {
  const characters = Array.from(text);
  if (characters.length <= mostCharacters) return text;
  return `${characters.slice(0, Math.max(0, mostCharacters - 1)).join('')}…`;
}

/** So much of a name or a label's value is kept. */
const longestName = 200;
const unprintable = /[\0-\x1f\x7f-\x9f]/;
const unprintables = /[\0-\x1f\x7f-\x9f]+/g;

/** A name as every report can show it: on one line, without control characters, cut where it is long. */
export function plainName(text: string): string {
  if (text.length <= longestName && !unprintable.test(text)) return text;
  return cut(text.slice(0, 2 * longestName).replace(unprintables, ' '), longestName);
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What `run` gives; where it throws, the error's message begins with `where`. */
export function withContext<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new Error(`${where}: ${reasonOf(error)}`, { cause: error });
  }
}
