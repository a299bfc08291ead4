/**
 * How much a report shows, the same for console, Markdown, HTML and Allure. The worst is shown and the
 * rest is counted. `results.json` and similar files for programs have everything.
 */

/** Rows of a table, items of a list. */
export const mostRows = 50;

/** Maximum characters of a cell or an item. Names and messages are already cut far below it. */
export const longestCell = 1000;

/**
 * GitHub accepts at most 1 MiB for a step's summary. Two documents of the run fit into one, with room for
 * the step's own text.
 */
export const mostDocumentBytes = 480 * 1024;

/** At most `most` rows, in their order. The best ones are left out first. */
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

/** `['and 12 more']`; empty if everything is shown. */
export function leftOut(all: readonly unknown[], shown = Math.min(all.length, mostRows)): string[] {
  return all.length > shown ? [`and ${all.length - shown} more`] : [];
}

/** As UTF-8. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
