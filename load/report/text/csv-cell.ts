/** One rule for every CSV that a run writes. */
import { visible } from './text-table.ts';

/** A text of others in a cell: it begins no formula of a spreadsheet, whatever parts its columns, and no line. */
export function csvCell(text: string): string {
  // Where columns end at a semicolon, one may begin in the midst of it.
  const harmless = visible(text).replaceAll(/(^|[;\t])(?=[=+\-@])/g, "$1'");
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
