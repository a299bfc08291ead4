/**
 * Keeps the output of other reporters right although our lines are between theirs. A reporter that
 * rewrites an earlier line of its own (Playwright's list goes some rows up, rewrites, and goes down
 * again) counts only its own rows. Its cursor movements are extended here by the rows in between. Text is
 * processed in the order in which it reaches the terminal.
 */
import { stripVTControlCharacters } from 'node:util';

/** Columns and rows of a terminal. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

const esc = '\u001b';
/** Playwright's line reporter replaces its last line. */
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
  /** The position of the other reporters, as they count it. */
  column = 0;
  private row = 0;
  /** Our rows, each with the row of the others before which it is. */
  private readonly between: { readonly beforeRow: number; readonly count: number }[] = [];
  /** The others are at a line that has left the screen; it is written again at the bottom. */
  private isAstray = false;
  private readonly size: () => ScreenSize;

  constructor(size: () => ScreenSize) {
    this.size = size;
  }

  /** Converts the others' output for the terminal. */
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

  /** Inserts our whole lines at the others' position. */
  insert(text: string): void {
    const { columns } = this.size();
    const count = stripVTControlCharacters(text)
      .split('\n')
      .slice(0, -1)
      .reduce((sum, line) => sum + Math.max(1, Math.ceil(Array.from(line).length / columns)), 0);
    this.between.push({ beforeRow: this.row, count });
    this.column = 0;
  }

  /** If the last line is ours, the others have none to replace, so theirs goes below. */
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

  /** Rows on the screen between two rows of the others. */
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
      // In a full row the cursor moves only with the next character.
      if (left > 0) this.nextRow();
    }
  }
}
