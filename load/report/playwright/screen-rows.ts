/**
 * Keeps the lines of others right although there are lines of ours between them that they know nothing
 * of. A reporter that comes back to a line of its own (Playwright's list: so many rows up, rewrite, as
 * many down again) counts the rows that it wrote itself; here its movements are widened by the rows
 * that were put between. Text goes through in the order in which it reaches the terminal.
 */
import { stripVTControlCharacters } from 'node:util';

/** Columns and rows of a terminal. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

const esc = '\u001b';
/** Playwright's line reporter: its last line is replaced. */
const replaceLast = `${esc}[1A${esc}[2K`;
const tokens = new RegExp(
  [
    `${esc}\\[1A${esc}\\[2K`,
    `${esc}\\[(?<rows>\\d*)(?<way>[AE])`,
    `${esc}\\[(?<column>\\d*)G`,
    `${esc}\\[[\\d;?]*[A-Za-z]`,
    '[\\n\\r]',
    `[^${esc}\\n\\r]+`,
    esc,
  ].join('|'),
  'g',
);

export class ScreenRows {
  /** Where others stand, as they count it. */
  column = 0;
  private row = 0;
  /** Rows of ours, by the row of others before which they stand. */
  private readonly between: { readonly beforeRow: number; readonly count: number }[] = [];
  /** Others are at a line that has left the screen: it is written anew at the bottom. */
  private isAstray = false;
  private readonly size: () => ScreenSize;

  constructor(size: () => ScreenSize) {
    this.size = size;
  }

  /** What others write, as it has to reach the terminal. */
  pass(text: string): string {
    return text.replace(tokens, (token: string, ...rest: unknown[]) => {
      const { rows, way, column } = rest.at(-1) as Record<string, string | undefined>;
      if (token === replaceLast) return this.passReplacing(token);
      if (way === 'A') return this.passUp(Number(rows === '' ? 1 : rows));
      if (way === 'E') return this.passDown(Number(rows === '' ? 1 : rows));
      if (column !== undefined) this.column = Math.max(0, Number(column) - 1);
      else if (token === '\r') this.column = 0;
      else if (token === '\n') this.nextRow();
      else if (!token.startsWith(esc)) this.countText(token);
      return token;
    });
  }

  /** Whole lines of ours, written where others stand. */
  insert(text: string): void {
    const { columns } = this.size();
    const count = stripVTControlCharacters(text)
      .split('\n')
      .slice(0, -1)
      .reduce((sum, line) => sum + Math.max(1, Math.ceil(Array.from(line).length / columns)), 0);
    this.between.push({ beforeRow: this.row, count });
    this.column = 0;
  }

  /** Where the last line is ours there is none of others to be replaced: theirs goes below. */
  private passReplacing(token: string): string {
    if (this.between.at(-1)?.beforeRow === this.row) return '';
    this.row -= 1;
    this.column = 0;
    return token;
  }

  private passUp(rows: number): string {
    const distance = this.distance(this.row - rows, this.row);
    this.row -= rows;
    this.isAstray = distance >= this.size().rows;
    return this.isAstray ? '' : `${esc}[${distance}A`;
  }

  private passDown(rows: number): string {
    const distance = this.distance(this.row, this.row + rows);
    this.row += rows;
    this.column = 0;
    if (!this.isAstray) return `${esc}[${distance}E`;
    this.isAstray = false;
    this.between.push({ beforeRow: this.row, count: 1 });
    return '\n';
  }

  /** Rows on the screen from one row of others to another below it. */
  private distance(from: number, to: number): number {
    return this.between
      .filter(({ beforeRow }) => beforeRow > from && beforeRow <= to)
      .reduce((sum, { count }) => sum + count, to - from);
  }

  private nextRow(): void {
    this.row += 1;
    this.column = 0;
  }

  private countText(text: string): void {
    const { columns } = this.size();
    for (let left = Array.from(text).length; left > 0;) {
      const room = columns - this.column;
      const fits = Math.min(left, room);
      this.column += fits;
      left -= fits;
      // A full row: the next character, and no sooner, goes to the next one.
      if (left > 0) this.nextRow();
    }
  }
}
