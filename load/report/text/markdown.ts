/** Markdown in which text from outside (names, error messages) has no effect as markup. */
import { leftOut, mostRows } from './bounds.ts';
import { shownText, visible, type Column } from './text-table.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A backslash does not escape a pipe within a cell in every renderer.
  '|': '&#124;',
  '`': '&#96;',
  // GitHub looks for mentions and issue numbers after rendering, so a character is inserted into them.
  '@': '@&#8203;',
  '#': '#&#8203;',
};

/** The text on one line, shown as it is: without markup, mentions, cells or rows. */
export function markdownText(text: string): string {
  return shownText(text).replace(/[&<>|`@#\\*_[\]~$]/g, (mark) => entities[mark] ?? `\\${mark}`);
}

/**
 * The rows with their titles, every cell escaped. Of many rows the first ones are shown, with the number
 * of the others.
 */
export function markdownTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const shown = rows.slice(0, mostRows);
  const table = [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => (align === 'right' ? '--:' : ':--'))),
    ...shown.map((row) => line(columns.map((_, i) => markdownText(row[i] ?? '')))),
  ].join('\n');
  return [table, ...leftOut(rows)].join('\n\n');
}

/** A link to a checked URL. Characters that would end it early are percent-encoded. */
export function markdownLink(text: string, address: string): string {
  const coded = address.replaceAll(
    /[()<>\s]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `[${markdownText(text)}](${coded})`;
}

/** A list with one item per line. Of many items the first ones are shown; empty if there are none. */
export function markdownList(items: readonly string[]): string {
  const shown = [...items.slice(0, mostRows), ...leftOut(items)];
  return shown.map((item) => `- ${markdownText(item)}`).join('\n');
}

/** A text below its title, which is Markdown; empty if the text is. */
export function markdownSection(title: string, text: string): string {
  return text === '' ? '' : `${title}\n\n${text}`;
}

/** A whole document from Markdown parts, without the empty ones. */
export function markdownParagraphs(parts: readonly string[]): string {
  const trimmed = parts.map((part) => part.trim());
  return `${trimmed.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Lines as a code block, whose fence is longer than any inside. */
export function markdownCode(lines: readonly string[], language = ''): string {
  const shown = lines.map(visible);
  const ticks = shown.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = '`'.repeat(Math.max(2, ...ticks.map(({ length }) => length)) + 1);
  return [fence + language, ...shown, fence].join('\n');
}
