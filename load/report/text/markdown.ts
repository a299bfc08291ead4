/** Markdown in which nothing that others chose (names, messages of errors) does anything. */
import { leftOut, mostRows } from './bounds.ts';
import { shownText, visible, type Column } from './text-table.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A backslash does not keep a pipe inside its cell in every renderer.
  '|': '&#124;',
  '`': '&#96;',
  // GitHub looks for mentions and issue numbers after rendering: only a character between parts them.
  '@': '@&#8203;',
  '#': '#&#8203;',
};

/** The text on one line, shown as it is: no markup, no mention, no cell or row of its own. */
export function markdownText(text: string): string {
  return shownText(text).replace(/[&<>|`@#\\*_[\]~$]/g, (mark) => entities[mark] ?? `\\${mark}`);
}

/** The rows under their titles, every cell escaped; of many rows the first, and how many more there are. */
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

/** A link to an address that was checked; what would end it early stands there in its code. */
export function markdownLink(text: string, address: string): string {
  const coded = address.replaceAll(
    /[()<>\s]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `[${markdownText(text)}](${coded})`;
}

/** A list, an item a line, of many the first; empty where there is none. */
export function markdownList(items: readonly string[]): string {
  const shown = [...items.slice(0, mostRows), ...leftOut(items)];
  return shown.map((item) => `- ${markdownText(item)}`).join('\n');
}

/** A text under its title, which is Markdown; empty where the text is. */
export function markdownSection(title: string, text: string): string {
  return text === '' ? '' : `${title}\n\n${text}`;
}

/** A whole document: parts that are Markdown already, without the empty ones. */
export function markdownParagraphs(parts: readonly string[]): string {
  const trimmed = parts.map((part) => part.trim());
  return `${trimmed.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Lines as code, shown as they are: the fence is longer than any inside. */
export function markdownCode(lines: readonly string[], language = ''): string {
  const shown = lines.map(visible);
  const ticks = shown.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = '`'.repeat(Math.max(2, ...ticks.map(({ length }) => length)) + 1);
  return [fence + language, ...shown, fence].join('\n');
}
