/** Cells of all CSV files that a run writes. */
import { visible } from './text-table.ts';

/**
 * Text from outside as a cell. It cannot begin a formula of a spreadsheet, with any column separator, nor
 * a new line.
 */
export function csvCell(text: string): string {
  // With semicolons as separators, a formula could begin in the middle of the text.
  const harmless = visible(text).replaceAll(/(^|[;\t])(?=[=+\-@])/g, "$1'");
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
