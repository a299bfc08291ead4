/** Plain text for terminals and error messages: aligned columns and wrapped lines. */
import { cut } from '../../platform/words.ts';
import { leftOut, longestCell, mostRows } from './bounds.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** The column that becomes narrower if the table is too wide. At most one column is elastic. */
  readonly elastic?: 'wrap' | 'cut';
}

/** Columns of words. */
export function words(...titles: readonly string[]): Column[] {
  return titles.map((title) => ({ title }));
}

/** Columns of figures. */
export function figures(...titles: readonly string[]): Column[] {
  return titles.map((title) => ({ title, align: 'right' }));
}

const gap = '  ';
const narrowest = 12;

/**
 * The rows with their titles. If a column is elastic, lines have at most `width` characters. Of many rows
 * the first ones are shown, with the number of the others.
 */
export function textTable(...[columns, rows, width]: Parameters<typeof textRows>): string[] {
  return [...textRows(columns, rows.slice(0, mostRows), width).flat(), ...leftOut(rows)];
}

/** The same by row, titles first. A cell that wraps takes further lines. */
export function textRows(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[][] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(shownText))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => lengthOf(row[i] ?? ''))));
  const total = widths.reduce((sum, one) => sum + one, gap.length * (columns.length - 1));
  const elastic = columns.findIndex((column) => column.elastic !== undefined);
  if (elastic >= 0 && total > width) {
    widths[elastic] = Math.max(narrowest, widths[elastic]! - (total - width));
  }
  return cells.map((row) => rowLines(columns, row, widths));
}

function rowLines(
  columns: readonly Column[],
  row: readonly string[],
  widths: readonly number[],
): string[] {
  const cells = columns.map(({ elastic }, i) => cellLines(row[i] ?? '', widths[i]!, elastic));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map(({ align }, i) => padded(cells[i]![line] ?? '', widths[i]!, align))
      .join(gap)
      .trimEnd(),
  );
}

function cellLines(text: string, width: number, elastic: Column['elastic']): string[] {
  if (lengthOf(text) <= width) return [text];
  if (elastic !== 'wrap') return [cut(text, width)];
  const fitting = Array.from(text).slice(0, width).join('');
  const brk = Math.max(...[' ', ',', '{'].map((mark) => fitting.lastIndexOf(mark)));
  // Not within the indent of a wrapped line, since nothing would be left on this one.
  const first = brk > 2 ? text.slice(0, fitting[brk] === '{' ? brk : brk + 1) : fitting;
  return [first, ...cellLines(`  ${text.slice(first.length).trimStart()}`, width, elastic)];
}

/** Wraps text at spaces. Lines after the first are indented by two. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(' ')) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Groups of lines with an empty line in between, without empty groups. */
export function paragraphs(groups: readonly (readonly string[])[]): string {
  const filled = groups.filter((lines) => lines.length > 0);
  return filled.map((lines) => lines.join('\n')).join('\n\n');
}

/** Text from outside, as shown in a cell or an item. */
export function shownText(text: string): string {
  return visible(cut(text, longestCell));
}

/**
 * Text from outside (names of tasks, error messages) on one line. Line breaks, control and direction
 * characters are shown as escapes, so that they cannot fake a line or recolour a terminal.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
    return short ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
}

function padded(text: string, width: number, align: Column['align']): string {
  const spaces = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return align === 'right' ? spaces + text : text + spaces;
}

/** In characters as a reader counts them. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}
