/**
 * How much a report shows a reader: one rule for console, Markdown, HTML and Allure. The worst is shown and the
 * rest is counted; whole it stands in `results.json` and its like, which programs read.
 */

/** Rows of a table, items of a list. */
export const mostRows = 50;

/** Characters of a cell or an item; names and messages are cut far below it where they are recorded. */
export const longestCell = 1000;

/**
 * GitHub takes no summary of a step beyond 1 MiB. Two documents of the run fit into one, beside what the step
 * says itself.
 */
export const mostDocumentBytes = 480 * 1024;

/** At most so many, in their order: what is fine gives way first. */
export function worstOf<Row>(
  rows: readonly Row[],
  isFine: (row: Row) => boolean,
  most = mostRows,
): readonly Row[] {
  if (rows.length <= most) return rows;
  const first = [...rows.filter((row) => !isFine(row)), ...rows.filter(isFine)];
  const shown = new Set(first.slice(0, most));
  return rows.filter((row) => shown.has(row));
}

/** `['and 12 more']`; nothing where all is shown. */
export function leftOut(all: readonly unknown[], shown = Math.min(all.length, mostRows)): string[] {
  return all.length > shown ? [`and ${all.length - shown} more`] : [];
}

/** As UTF-8. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
